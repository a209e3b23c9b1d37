import CMicrograd
import TestSupport
import XCTest

/// The functions of mg_special.h against exact results, and what they do where there is none.
///
/// The largest distances from the exact result, in units of the last place, that were found at some hundred thousand
/// points each, against 113 bits or 50 digits (glibc 2.36, x86-64): cbrt, pow(10, x), gamma, log gamma, digamma, polygamma
/// and erfc above 0.47 0.51; exp(-x²) 1.5; erfc 0.9; the normal distribution 1.1; acosh 1.4; logit 1.5; log1mexp 1.5;
/// softplus 1.5; gelu 1.6; geluTanh 1.6; tanh 1.7; logistic 1.8; silu 1.9.
final class SpecialFunctionTests: XCTestCase {
  private let functions: [String: (Double) -> Double] = [
    "cbrt": mg_cbrt, "tanh": mg_tanh, "acosh": mg_acosh, "exp10": mg_exp10, "erf": erf, "erfc": mg_erfc,
    "gamma": mg_gamma, "logGamma": mg_log_gamma, "digamma": mg_digamma, "logit": mg_logit, "log1mexp": mg_log1mexp,
    "sigmoid": mg_logistic, "softplus": mg_log_one_plus_exp, "silu": mg_silu_value, "gelu": mg_gelu_value,
    "geluTanh": mg_gelu_tanh_value,
  ]

  /// Where `long double` is no wider than a double, some are the platform's own.
  private func bound(_ op: String) -> Double {
    return MG_WIDE_DIGITS < 64 && ["erfc", "gelu", "gamma", "logGamma", "digamma"].contains(op) ? 32 : 2
  }

  func testFunctionsAreWithinTwoLastPlacesOnTheirWholeDomain() {
    for (op, function) in functions {
      let cases = FunctionsFixture.cases(of: op)
      XCTAssertGreaterThan(cases.count, 100, op)
      for each in cases { XCTAssertLessThanOrEqual(ulps(function(each.x), each.value), bound(op), "\(each)") }
    }
  }

  func testPolygammaIsWithinTwoLastPlacesOnItsWholeDomain() {
    let cases = FunctionsFixture.cases(of: "polygamma")
    XCTAssertGreaterThan(cases.count, 300)
    for each in cases {
      XCTAssertLessThanOrEqual(ulps(mg_polygamma(Int32(each.y!), each.x), each.value), 2, "\(each)")
    }
  }

  func testDigammaIsPolygammaOfOrderZeroAndItsDerivativesThoseOfHigherOrders() {
    for each in FunctionsFixture.cases(of: "digamma") {
      XCTAssertEqual(mg_polygamma(0, each.x).bitPattern, mg_digamma(each.x).bitPattern)
      if let dx = each.dx { XCTAssertLessThanOrEqual(ulps(mg_polygamma(1, each.x), dx), 2, "\(each)") }
      if let dxx = each.dxx { XCTAssertLessThanOrEqual(ulps(mg_polygamma(2, each.x), dxx), 2, "\(each)") }
    }
  }

  /// Libm's own functions of the engine, which are taken as they are.
  func testLibmIsWithinTwoLastPlacesWhereItIsTakenAsItIs() {
    let functions: [String: (Double) -> Double] = [
      "exp": exp, "exp2": exp2, "expMinusOne": expm1, "log": log, "log2": log2, "log10": log10, "log1p": log1p,
      "sin": sin, "cos": cos, "tan": tan, "asin": asin, "acos": acos, "atan": atan, "sinh": sinh, "cosh": cosh,
      "asinh": asinh, "atanh": atanh,
    ]
    for (op, function) in functions {
      let cases = FunctionsFixture.cases(of: op)
      XCTAssertGreaterThan(cases.count, 100, op)
      for each in cases { XCTAssertLessThanOrEqual(ulps(function(each.x), each.value), 2, "\(each)") }
    }
  }

  func testSlopesDoNotCancel() {
    for each in FunctionsFixture.cases(of: "tanh") {
      guard let dx = each.dx else { continue }
      XCTAssertLessThanOrEqual(ulps(mg_tanh_slope(each.x, mg_tanh(each.x)), dx), 3, "\(each)")
    }
    for each in FunctionsFixture.cases(of: "sigmoid") {
      guard let dx = each.dx else { continue }
      XCTAssertLessThanOrEqual(ulps(mg_logistic_slope(each.x, mg_logistic(each.x)), dx), 3, "\(each)")
    }
  }

  func testFirstAndSecondDerivativesKeepTheirDigitsBesideTheirZerosAndFarOut() {
    typealias Function = (Double) -> Double
    let derivatives: [String: (first: Function, second: Function)] = [
      "asin": (mg_asin_first, mg_asin_second), "atan": (mg_atan_first, mg_atan_second),
      "asinh": (mg_asinh_first, mg_asinh_second), "acosh": (mg_acosh_first, mg_acosh_second),
      "log1mexp": (mg_log1mexp_first, mg_log1mexp_second), "erf": (mg_erf_first, mg_erf_second),
      "silu": (mg_silu_first, mg_silu_second), "gelu": (mg_gelu_first, mg_gelu_second),
      "geluTanh": (mg_gelu_tanh_first, mg_gelu_tanh_second),
    ]
    for (op, (first, second)) in derivatives {
      let bound = op == "geluTanh" ? 12.0 : 6
      for each in FunctionsFixture.cases(of: op) {
        if let dx = each.dx { XCTAssertLessThanOrEqual(ulps(first(each.x), dx), bound, "\(each), first") }
        if let dxx = each.dxx { XCTAssertLessThanOrEqual(ulps(second(each.x), dxx), bound, "\(each), second") }
      }
    }
  }

  func testTheSlopeOfAPowerKeepsItsDigitsWhereTheExponentIsLarge() {
    for each in FunctionsFixture.cases(of: "power") {
      guard let dx = each.dx, let y = each.y else { continue }
      XCTAssertLessThanOrEqual(ulps(mg_power_slope(each.x, y, pow(each.x, y)), dx), 3, "\(each)")
    }
    XCTAssertEqual(mg_power_slope(0, 0, 1), 0)
    XCTAssertEqual(mg_power_slope(0, 1, 0), 1)
    XCTAssertEqual(mg_power_slope(0, 0.5, 0), .infinity)
    XCTAssertTrue(mg_power_slope(-2, 0.5, .nan).isNaN)
  }

  func testTheSquareInAnExponentIsNotRounded() {
    for each in FunctionsFixture.cases(of: "erf") {
      // erf′(x) = 2 / sqrt(pi) exp(-x²)
      guard let dx = each.dx else { continue }
      XCTAssertLessThanOrEqual(ulps(1.1283791670955126 * mg_exp_minus_square(each.x), dx), 3, "\(each)")
    }
    XCTAssertEqual(mg_exp_minus_square(.infinity), 0)
    XCTAssertEqual(mg_exp_minus_square(-1e300), 0)
    XCTAssertTrue(mg_exp_minus_square(.nan).isNaN)
  }

  func testTheNormalDistributionIsHalfAComplementaryErrorFunction() {
    // Abramowitz and Stegun, table 26.1: P(1), P(2), and Q(3) = P(-3)
    XCTAssertEqual(mg_normal_cdf(1), 0.841344746068543, accuracy: 1e-15)
    XCTAssertEqual(mg_normal_cdf(2), 0.977249868051821, accuracy: 1e-15)
    XCTAssertEqual(mg_normal_cdf(-3), 0.00134989803163009, accuracy: 1e-17)
    XCTAssertEqual(mg_normal_pdf(1), 0.241970724519143, accuracy: 1e-15)
    XCTAssertEqual([-.infinity, -50, 0, 50, .infinity].map(mg_normal_cdf), [0, 0, 0.5, 1, 1])
    XCTAssertTrue(mg_normal_cdf(.nan).isNaN)
  }

  func testNaNStaysNaN() {
    for (op, function) in functions { XCTAssertTrue(function(.nan).isNaN, op) }
    XCTAssertTrue(mg_polygamma(2, .nan).isNaN)
  }

  func testOddFunctionsKeepTheSignOfZero() {
    for function in [mg_cbrt, mg_tanh, erf, mg_silu_value, mg_gelu_value, mg_gelu_tanh_value] {
      XCTAssertEqual(function(-0.0).bitPattern, (-0.0).bitPattern)
      XCTAssertEqual(function(0.0).bitPattern, (0.0).bitPattern)
    }
  }

  func testPolesAndEndsOfDomainsAreThoseOfPyTorch() {
    XCTAssertEqual([0, -0.0].map(mg_digamma), [-.infinity, .infinity])
    XCTAssertTrue([-1, -2, -1e300, -.infinity].allSatisfy { mg_digamma($0).isNaN })
    XCTAssertTrue([0, -0.0, -1, -1000, -1e300, -.infinity].allSatisfy { mg_log_gamma($0) == .infinity })
    XCTAssertEqual([0, -0.0].map(mg_gamma), [.infinity, -.infinity])
    XCTAssertTrue([-1, -2, -1e300, -.infinity].allSatisfy { mg_gamma($0).isNaN })
    XCTAssertTrue([0, -1, -5].allSatisfy { mg_polygamma(1, $0) == .infinity && mg_polygamma(2, $0) == -.infinity })
    XCTAssertEqual([1, 2, 3].map { mg_polygamma($0, .infinity) }, [0, 0, 0])
    XCTAssertTrue(mg_polygamma(-1, 1).isNaN && mg_polygamma(1, -.infinity).isNaN)
    XCTAssertEqual([0, -0.0, 1].map(mg_logit), [-.infinity, -.infinity, .infinity])
    XCTAssertTrue([-.leastNonzeroMagnitude, (1.0).nextUp, .infinity, -.infinity].allSatisfy { mg_logit($0).isNaN })
    XCTAssertEqual([0, -0.0].map(mg_log1mexp), [-.infinity, -.infinity])
    XCTAssertTrue([-.leastNonzeroMagnitude, -1, -.infinity].allSatisfy { mg_log1mexp($0).isNaN })
    XCTAssertTrue([(1.0).nextDown, 0, -5, -.infinity].allSatisfy { mg_acosh($0).isNaN })
    XCTAssertTrue(mg_acosh_first(-5).isNaN && mg_log1mexp_first(-5).isNaN && mg_asin_first(5).isNaN)
    XCTAssertTrue([mg_silu_value, mg_gelu_value, mg_gelu_tanh_value].allSatisfy { $0(-.infinity).isNaN })
  }

  func testWholePowersOfTenAndFactorialsAreExact() {
    var ten = 1.0, factorial = 1.0
    for k in 0...22 {
      XCTAssertEqual(mg_exp10(Double(k)), ten)
      XCTAssertEqual(mg_gamma(Double(k + 1)), factorial)
      ten *= 10
      factorial *= Double(k + 1)
    }
    XCTAssertEqual([-27, -8, 8, 27, 1000].map(mg_cbrt), [-3, -2, 2, 3, 10])
  }
}
