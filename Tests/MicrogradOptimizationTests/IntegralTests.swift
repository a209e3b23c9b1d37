import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// The integrals of make_integrals.py, with the Values p captured.
enum Integrals {
  static func integrate(_ name: String, _ p: [Value]) throws -> Value {
    switch name {
    case "gaussian": try integral(of: { x in exp(-p[0] * x * x) }, from: -.infinity, to: .infinity)
    case "shiftedGaussian":
      try integral(of: { x in exp(-0.5 * ((x - p[0]) / p[1]).squared()) }, from: -.infinity, to: .infinity)
    case "gamma": try integral(of: { x in pow(x, p[0] - 1) * exp(-x) }, from: 0, to: .infinity)
    case "planck": try integral(of: { x in x ** 3 / expMinusOne(x / p[0]) }, from: 0, to: .infinity)
    case "planckInHertz":
      try integral(of: { x in x ** 3 / expMinusOne(x * 4.799243073366221e-11 / p[0]) }, from: 0, to: .infinity)
    case "fresnelSine": try integral(of: { x in sin(Double.pi / 2 * x * x) }, from: 0, to: p[0])
    case "fresnelCosine": try integral(of: { x in cos(Double.pi / 2 * x * x) }, from: p[0], to: p[1])
    case "bessel": try integral(of: { t in cos(2 * t - p[0] * sin(t)) / Double.pi }, from: 0, to: Double.pi)
    case "besselOfHighOrder":
      try integral(of: { t in cos(20 * t - p[0] * sin(t)) / Double.pi }, from: 0, to: Double.pi)
    case "oscillating": try integral(of: { x in exp(-x) * cos(p[0] * x) }, from: 0, to: 5)
    case "peaked": try integral(of: { x in 1 / (x * x + p[0]) }, from: -1, to: 1)
    case "peakedAside": try integral(of: { x in p[0] / ((x - 0.3).squared() + p[0].squared()) }, from: 0, to: 1)
    case "lorentzianTails":
      try integral(of: { x in p[0] / (x * x + p[0].squared()) }, from: -.infinity, to: .infinity)
    case "inverseRoot": try integral(of: { x in p[0] * cos(p[0] * x) / Value.sqrt(x) }, from: 0, to: 1)
    case "logarithm": try integral(of: { x in log(p[0] * x) }, from: 0, to: 1)
    case "beta": try integral(of: { x in pow(x, p[0] - 1) * pow(1 - x, p[1] - 1) }, from: 0, to: 1)
    case "strongPower": try integral(of: { x in pow(x, -p[0]) }, from: 0, to: 1)
    case "ellipticK": try integral(of: { t in 1 / Value.sqrt(1 - p[0] * sin(t).squared()) }, from: 0, to: Double.pi / 2)
    case "debye": try integral(of: { x in x ** 3 / expMinusOne(x) }, from: 0, to: p[0])
    case "debyeFromAbove": try integral(of: { x in x ** 3 / expMinusOne(x) }, from: p[0], to: p[1])
    case "exponentialIntegral": try integral(of: { x in exp(-p[1] * x) / x }, from: p[0], to: .infinity)
    case "thinFilm":
      try integral(of: { x in exp(-x / p[0]) * cos(x / p[1]).squared() }, from: 1e-9, to: 1e-6)
    case "arcLength":
      try integral(of: { x in Value.sqrt(1 + (p[0] * cosh(p[0] * x)).squared()) }, from: -1, to: p[1])
    case "logistic": try integral(of: { x in softplus(-p[0] * x) }, from: 0, to: .infinity)
    case "infiniteBelow": try integral(of: { x in exp(p[0] * x) }, from: -.infinity, to: p[1])
    case "stretched": try integral(of: { x in exp(-Value.sqrt(x / p[0])) }, from: 0, to: .infinity)
    default: fatalError("no integral \(name)")
    }
  }
}

final class IntegralTests: XCTestCase {
  /// The relative error; derivatives of singular integrands are more singular.
  private func accuracy(_ name: String) -> Double {
    switch name {
    case "strongPower": 1e-9
    default: 1e-10
    }
  }

  /// Compares relative to the number, or to a size that it is the small difference of.
  private func assertClose(
    _ found: Double, _ expected: Double, _ relative: Double, size: Double, _ name: String, line: UInt = #line
  ) {
    XCTAssertEqual(found, expected, accuracy: relative * max(abs(expected), abs(size)), name, line: line)
  }

  func testIntegralsAndGradientsAreMpmaths() throws {
    for expected in Fixture.integrals.integrals {
      let (value, slopes) = try valueWithGradient(at: expected.parameters) { p in
        try Integrals.integrate(expected.name, p)
      }
      let relative = accuracy(expected.name)
      assertClose(value, expected.value, relative, size: 0, expected.name)
      for (k, p) in expected.parameters.enumerated() {
        assertClose(slopes[k], expected.first[k], 10 * relative, size: 0.1 * expected.value / p, expected.name)
      }
    }
  }

  func testSecondDerivativesAreMpmaths() throws {
    for expected in Fixture.integrals.integrals {
      let found = try hessian(at: expected.parameters) { p in try Integrals.integrate(expected.name, p) }
      for (j, p) in expected.parameters.enumerated() {
        for (k, q) in expected.parameters.enumerated() {
          assertClose(
            found[j][k], expected.second[j][k], 100 * accuracy(expected.name), size: 0.01 * expected.value / p / q,
            expected.name)
        }
      }
    }
  }

  func testPolynomialsOfTheFullDegreeAreExact() throws {
    for degree in 0...32 {
      let found = try integralWithError(
        of: { (x: Double) in Double.pow(x, degree) }, from: 0, to: 1, absoluteTolerance: 1)
      XCTAssertEqual(found.value, 1 / Double(degree + 1), accuracy: 3e-16, "degree \(degree)")
      XCTAssertEqual(found.evaluationCount, 21)
      // Gauss's rule of ten points has no error up to degree 19.
      let isRounding = found.errorEstimate < 1e-13
      if degree <= 19 { XCTAssertTrue(isRounding, "degree \(degree)") }
    }
    // Here it has. The polynomial is 1 at the ends and much smaller between them.
    let legendre = try integralWithError(
      of: { (x: Double) in
        var (last, next) = (1.0, x)
        for n in 1..<20 {
          (last, next) = (next, (Double(2 * n + 1) * x * next - Double(n) * last) / Double(n + 1))
        }
        return next
      }, from: -1, to: 1, absoluteTolerance: 1)
    XCTAssertEqual(legendre.value, 0, accuracy: 1e-15)
    XCTAssertGreaterThan(legendre.errorEstimate, 1e-3)
  }

  func testErrorsAreBelowTheirEstimates() throws {
    for (f, lower, upper, exact) in Self.plain() {
      for tolerance in [1e-4, 1e-8, 1e-12] {
        let found = try integralWithError(of: f, from: lower, to: upper, relativeTolerance: tolerance)
        XCTAssertLessThanOrEqual(abs(found.value - exact), found.errorEstimate, "\(exact)")
        XCTAssertLessThanOrEqual(found.errorEstimate, max(tolerance * abs(exact), 3e-14), "\(exact)")
      }
    }
  }

  private typealias Plain = (f: (Double) -> Double, lower: Double, upper: Double, exact: Double)

  /// Integrals with closed forms.
  private static func plain() -> [Plain] {
    func square(_ x: Double) -> Double { x * x }
    let all: [Plain] = [
      ({ Double.exp(-square($0)) }, -.infinity, .infinity, Double.pi.squareRoot()),
      ({ 1 / $0.squareRoot() }, 0, 1, 2),
      ({ Double.log($0) }, 0, 1, -1),
      ({ square(Double.log($0)) }, 0, 1, 2),
      ({ 1 / (square($0) + 1e-6) }, -1, 1, 2000 * Double.atan(1000)),
      ({ $0 * square($0) / Double.expMinusOne($0) }, 0, .infinity, Double.pow(Double.pi, 4) / 15),
      ({ Double.cos(100 * $0) }, 0, 1, Double.sin(100) / 100),
      ({ $0.squareRoot() }, 0, 1, 2.0 / 3),
      ({ 1 / (1 + square($0)) }, -.infinity, .infinity, Double.pi),
      ({ 1 / ($0.squareRoot() * (1 + $0)) }, 0, .infinity, Double.pi),
      ({ Double.exp($0) }, -.infinity, 2, Double.exp(2)),
    ]
    return all
  }

  func testASingularUpperLimitKeepsTwelveDigits() throws {
    let found = try integralWithError(of: { (x: Double) in 1 / (1 - x).squareRoot() }, from: 0, to: 1)
    XCTAssertEqual(found.value, 2, accuracy: 2e-12)
    let circle = try integralWithError(of: { (x: Double) in 1 / (1 - x * x).squareRoot() }, from: -1, to: 1)
    XCTAssertEqual(circle.value, .pi, accuracy: 3e-12)
  }

  func testAStrongSingularityReachesTheTolerance() throws {
    let found = try integralWithError(of: { (x: Double) in Double.pow(x, -0.9) }, from: 0, to: 1)
    XCTAssertEqual(found.value, 10, accuracy: 1e-9)
    XCTAssertLessThan(found.intervalCount, 250)
  }

  func testReversedLimitsChangeTheSignAndAnEmptyRangeIsZero() throws {
    let f = { (x: Double) in Double.exp(x) }
    XCTAssertEqual(
      try integralWithError(of: f, from: 1, to: 0).value, -(try integralWithError(of: f, from: 0, to: 1).value))
    XCTAssertEqual(
      try integralWithError(of: f, from: 0, to: -.infinity).value, -1, accuracy: 1e-12)
    XCTAssertEqual(
      try integralWithError(of: { (_: Double) in .nan }, from: 2, to: 2),
      try integralWithError(of: f, from: 1, to: 1))
    XCTAssertEqual(try integralWithError(of: f, from: 1, to: 1).value, 0)
  }

  func testAnEmptyRangeHasDerivativesByItsLimits() throws {
    let (value, slopes) = try valueWithGradient(at: [0.5, 0.5]) { p in
      try integral(of: { x in exp(x) }, from: p[0], to: p[1])
    }
    XCTAssertEqual(value, 0)
    XCTAssertEqual(slopes, [-.exp(0.5), .exp(0.5)], accuracy: 1e-15)
  }

  func testUnitsHaveNoEffect() throws {
    for exponent in [-300, -30, -3, 0, 40, 120] {
      let unit = Double(sign: .plus, exponent: exponent, significand: 1)
      let peak = try integralWithError(
        of: { (x: Double) in 1 / (x / unit * x / unit + 1e-6) }, from: -unit, to: 2 * unit)
      XCTAssertEqual(peak.value / unit, 1000 * (.atan(1000) + .atan(2000)), accuracy: 1e-6)
      if abs(exponent) > 100 { continue }
      let tail = try integralWithError(
        of: { (x: Double) in Double.exp(-x / unit) * (x / unit) }, from: 0, to: .infinity)
      XCTAssertEqual(tail.value / unit, 1, accuracy: 1e-12)
      XCTAssertLessThan(tail.evaluationCount, 500)
    }
  }

  func testDerivativesByALimitAreTheDerivativesOfTheIntegrand() throws {
    // d^n/db^n of ∫ e^(2x) is 2^(n-1) e^(2b).
    for order in 1...8 {
      let found = try derivative(at: 0.3, order: order) { b in try integral(of: { x in exp(2 * x) }, from: 0, to: b) }
      XCTAssertEqual(found, .pow(2, order - 1) * .exp(0.6), accuracy: 1e-11, "order \(order)")
    }
  }

  func testDoubleIntegralsHaveDerivatives() throws {
    // The area under exp(-(x + y) p) in the triangle x + y < 1: (1 - (1 + p) e^-p) / p².
    func area(_ p: Value) throws -> Value {
      try integral(
        of: { x in try integral(of: { y in exp(-p * (x + y)) }, from: 0, to: 1 - x) }, from: 0, to: 1)
    }
    func exact(_ p: Value) -> Value { (1 - (1 + p) * exp(-p)) / p.squared() }
    let found = try valueWithGradient(at: 1.5, of: area), expected = valueWithGradient(at: 1.5, of: exact)
    XCTAssertEqual(found.value, expected.value, accuracy: 1e-14)
    XCTAssertEqual(found.gradient, expected.gradient, accuracy: 1e-14)
    XCTAssertEqual(
      try derivative(at: 1.5, order: 2, of: area), derivative(at: 1.5, order: 2, of: exact), accuracy: 1e-13)
  }

  func testARootOfAnIntegralHasDerivatives() throws {
    // ∫ from 0 to x of e^(p t) dt = 1: x = log(1 + p) / p.
    func solution(_ p: Value) throws -> Value {
      try root(of: { x in try integral(of: { t in exp(p * t) }, from: 0, to: x) - 1 }, from: 0.5)
    }
    func exact(_ p: Value) -> Value { log(1 + p) / p }
    for order in 0...2 {
      XCTAssertEqual(
        try derivative(at: 0.8, order: order, of: solution), derivative(at: 0.8, order: order, of: exact),
        accuracy: 1e-13, "order \(order)")
    }
  }

  func testDerivativesOfIntegralsNest() throws {
    // ∫ from 0 to 1 of x² e^(p x), as the gradient of a gradient.
    let found = try gradient(at: 0.7) { p in
      try gradient(at: p) { q in try integral(of: { x in exp(q * x) }, from: 0, to: 1) }
    }
    let exact = (.exp(0.7) * (0.49 - 1.4 + 2) - 2) / (0.7 * 0.7 * 0.7)
    XCTAssertEqual(found, exact, accuracy: 1e-14)
  }

  func testOnlyTheNodesOfTheLastPartitionAreRecorded() throws {
    try Tape.scope {
      let p = Value(3), before = Tape.current.nodeCount
      _ = try integral(of: { x in exp(p * x) }, from: 0, to: 1)
      // Two operations at 21 points, and the sum.
      XCTAssertEqual(Tape.current.nodeCount - before, 43)
    }
  }

  func testAnIntegralOfNumbersIsAConstantAndCompiledToTheSameNumber() throws {
    let constant = try integral(of: { x in exp(-x) * cos(60 * x) }, from: Value.constant(0), to: 5)
    XCTAssertTrue(constant.isConstant)
    let plain = try integralWithError(of: { (x: Double) in Double.exp(-x) * Double.cos(60 * x) }, from: 0, to: 5)
    XCTAssertEqual(constant.data, plain.value, accuracy: 1e-15)
  }

  func testIntegralsMayCaptureParameters() throws {
    let rates = Parameters([2])
    let area = try integral(of: { x in exp(-rates[0] * x) }, from: 0, to: .infinity)
    area.backward()
    XCTAssertEqual(area.data, 0.5, accuracy: 1e-13)
    XCTAssertEqual(rates.gradients[0], -0.25, accuracy: 1e-12)
  }
}
