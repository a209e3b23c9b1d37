import CMicrograd
import Foundation
import XCTest

/// Ops along rows of float: what scalar nodes make of each number in double, to some last places of float.
final class FloatLanesTests: XCTestCase {
  private static let special: [Float] = [
    0, -0.0, 1, -1, 0.5, -0.75, 2, 3, -40, 89, -89, 104, -104, 1e-9, -1e-9, 1e9, 1e22, -1e38, .leastNonzeroMagnitude,
    -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .nan,
  ]
  private static let generic: [Float] = (1...41).map { Float($0 * $0 % 37) * 0.21 - 3.8 }

  private func forEachOp(_ body: (LaneOp, _ x: [Float], _ y: [Float]) -> Void) {
    let numbers = Self.special + Self.generic, few = Self.special + Self.generic.prefix(5)
    let left = few.flatMap { Array(repeating: $0, count: few.count) }, right = few.flatMap { _ in few }
    for op in LaneOp.all.map(\.rounded) {
      op.isBinary ? body(op, left, right) : body(op, numbers, numbers.map { _ in .nan })
    }
  }

  /// What the roundings of `t * x` and of 1 less that may change of a margin that cancels.
  private func slack(_ op: LaneOp, _ x: Float, _ exact: Double) -> Double {
    guard [.hinge, .squared_hinge].contains(op.op.op) else { return 0 }
    let margin = max(1, abs(op.op.t * Double(x)))
    return op.op.op == .hinge ? 0x1p-23 * margin : 0x1p-22 * margin * abs(exact).squareRoot() + 0x1p-46
  }

  func testValuesAreThoseOfScalarNodesToTwoLastPlaces() {
    forEachOp { op, x, y in
      let v = op.values(x, y)
      for k in x.indices {
        let exact = op.recorded(Double(x[k]), Double(y[k]), 1).value, distance = floatUlps(v[k], exact)
        if abs(Double(v[k]) - exact) <= slack(op, x[k], exact) { continue }
        let at = "\(op) of \(x[k]), \(y[k]) is \(v[k]), not \(exact)"
        XCTAssertLessThanOrEqual(distance, 2, at)
        if x[k] == 0, exact == 0 { XCTAssertEqual(v[k].sign, exact.sign, at) }
      }
    }
  }

  func testPartialDerivativesAreThoseOfScalarNodesToFourLastPlaces() {
    forEachOp { op, x, y in
      let d = x.indices.map { 1.5 - Float($0 % 5) }, v = op.values(x, y)
      for operand in op.operands {
        let to = op.partials(operand, d, x, y, v)
        for k in x.indices {
          let recorded = op.recorded(Double(x[k]), Double(y[k]), Double(d[k]))
          let exact = recorded.gradients[Int(operand)], distance = floatUlps(to[k], exact)
          if [.hinge, .squared_hinge].contains(op.op.op), abs(1 - op.op.t * Double(x[k])) < 1e-6 { continue }
          XCTAssertLessThanOrEqual(
            distance, 4, "\(op) to \(operand) of \(x[k]), \(y[k]), \(v[k]), d = \(d[k]): \(to[k]), not \(exact)")
        }
      }
    }
  }

  /// Functions with short polynomials, at every 4 099th float.
  func testShortFunctionsAreRightToSixTenthsOfALastPlaceOnTheirWholeDomain() {
    let functions: [FunctionCode] = [
      .exponential, .exponential_minus_one, .exponential_base_2, .exponential_base_10, .logarithm, .logarithm_one_plus,
      .logarithm_base_2, .logarithm_base_10, .logarithm_one_minus_exponential, .sine, .cosine, .tangent,
      .hyperbolic_sine,
      .hyperbolic_cosine, .hyperbolic_tangent, .sigmoid, .log_odds, .softplus, .silu, .gelu_tanh,
    ]
    let x = stride(from: UInt32(0), through: .max - 4_099, by: 4_099).map { Float(bitPattern: $0) }
    for function in functions {
      let v = LaneOp(.function, function).values(x, x)
      var (worst, place) = (0.0, Float(0))
      for k in x.indices {
        let distance = floatUlps(v[k], mg_function_value(function, Double(x[k])))
        if distance > worst { (worst, place) = (distance, x[k]) }
      }
      XCTAssertLessThanOrEqual(worst, 0.6, "\(String(cString: mg_function_name(function))) at \(place)")
    }
  }

  /// Powers of positive numbers, on a grid of logarithms and exponents.
  func testPowersAreRightToSixTenthsOfALastPlace() {
    var (x, y): ([Float], [Float]) = ([], [])
    for k in -300...300 {
      for j in -60...60 {
        x.append(exp2(Float(k) * 0.4231))
        y.append(Float(j) * 0.3173)
      }
    }
    let v = LaneOp(.power, isBinary: true).values(x, y)
    for k in x.indices {
      let exact = mg_op_value(.power, Double(x[k]), Double(y[k]))
      XCTAssertLessThanOrEqual(floatUlps(v[k], exact), 0.6, "\(x[k]) to the power of \(y[k])")
    }
  }

  func testZeroAdjointsContributeNothingWhateverTheDerivative() {
    forEachOp { op, x, y in
      for operand in op.operands {
        for zero in [0, -0.0] as [Float] {
          let to = op.partials(operand, x.map { _ in zero }, x, y, op.values(x, y))
          XCTAssertTrue(to.allSatisfy { $0 == 0 }, "\(op) to \(operand)")
        }
      }
    }
  }

  func testANumberDoesNotDependOnItsNeighbours() {
    forEachOp { op, x, y in
      let v = op.values(x, y), order = Array(x.indices.reversed())
      let turned = op.values(order.map { x[$0] }, order.map { y[$0] })
      XCTAssertEqual(turned.map(\.bitPattern), order.map { v[$0].bitPattern }, "\(op)")
    }
  }
}
