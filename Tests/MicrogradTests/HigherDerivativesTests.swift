import Foundation
import Micrograd
import TestSupport
import XCTest

/// Derivatives up to the fifth order of every function, in several mixes of modes, against exact results.
///
/// Recorded rules are differentiated again and again here; a rule that is right to first order only does not pass. The
/// tolerance is twelve digits of the largest derivative of the function at the point, ten from the fourth order on.
final class HigherDerivativesTests: XCTestCase {
  private let fixture = HigherDerivatives.shared

  func testAllFunctionsAreThere() {
    let asked = Set((fixture.one + fixture.two).map(\.op)).subtracting(["polygamma1"])
    let missing = Set(FunctionsFixture.byOperation.keys).subtracting(asked).subtracting(["polygamma"])
    XCTAssertEqual(missing, [], "run make_higher_derivatives.py")
    XCTAssertEqual(Set(fixture.two.map(\.op)).count, 7)
    XCTAssertGreaterThan(fixture.one.count, 350)
  }

  func testDerivativesOfEveryOrder() {
    for each in fixture.one {
      for order in 1...5 {
        check(derivative(at: each.x, order: order) { each.evaluate([$0]) }, each, order, "derivative")
      }
    }
  }

  func testDerivativesOfDerivatives() {
    for each in fixture.one {
      check(gradient(at: each.x) { x in nested(["r", "r"], x, each) }, each, 3, "reverse thrice")
      check(gradient(at: each.x) { x in nested(["f", "r"], x, each) }, each, 3, "reverse, forward, reverse")
      check(gradient(at: each.x) { x in nested(["r", "f"], x, each) }, each, 3, "reverse, reverse, forward")
      check(forward(at: each.x) { x in nested(["f", "f"], x, each) }, each, 3, "forward thrice")
      check(forward(at: each.x) { x in nested(["f", "r", "f"], x, each) }, each, 4, "forward and reverse in turn")
      let product = hessianVectorProduct(at: [each.x], along: [1]) { x in nested(["r", "f"], x[0], each) }[0]
      check(product, each, 4, "the Hessian of two")
    }
  }

  func testDerivativesInsideCompiledFunctionsHaveOnePath() throws {
    for (op, cases) in Dictionary(grouping: fixture.one, by: \.op) {
      let each = cases[0]
      for modes in [["r"], ["r", "r"], ["f", "r"], ["r", "f"]] {
        let compiled = try Tape.scope { try compile(at: [each.x]) { x in self.nested(modes, x[0], each) } }
        let samples = Samples(cases.map(\.x), width: 1), order = modes.count
        let (values, gradients) = try compiled.valuesWithGradients(at: samples)
        for (k, each) in cases.enumerated() {
          check(values[k], each, order, "compiled \(modes)")
          check(gradients[k][0], each, order + 1, "gradient of compiled \(modes)")
        }
        XCTAssertEqual(compiled.pathCount, 1, "\(op) \(modes)")
      }
    }
  }

  func testMixedPartialDerivativesOfEveryOrder() {
    for each in fixture.two {
      for (place, order) in fixture.orders.enumerated() {
        let axes = Array(repeating: 0, count: order[0]) + Array(repeating: 1, count: order[1])
        for (name, axes) in [("x first", axes), ("y first", axes.reversed())] {
          for modes in ["rrrr", "ffff", "rfrf"] {
            let result = Tape.scope { partial(each, axes[...], Array(modes), [Value(each.x), Value(each.y!)]).data }
            let total = order[0] + order[1], largest = each.largest
            XCTAssertEqual(
              result, each.derivatives[place], accuracy: (total < 4 ? 1e-12 : 1e-10) * largest,
              "\(each), order \(order), \(name), modes \(modes)")
          }
        }
      }
    }
  }

  private func forward(at x: Double, of f: (Value) -> Value) -> Double {
    directionalDerivative(at: [x], along: [1]) { f($0[0]) }
  }

  /// Derivatives of derivatives, reverse or forward, the outermost first.
  private func nested(_ modes: [String], _ x: Value, _ each: HigherDerivatives.Case) -> Value {
    guard let mode = modes.first else { return each.evaluate([x]) }
    let inner = { (x: Value) in self.nested(Array(modes.dropFirst()), x, each) }
    return mode == "r"
      ? gradient(at: x, of: inner) : directionalDerivative(at: [x], along: [.constant(1)]) { inner($0[0]) }
  }

  /// A derivative by the axes, one after the other.
  private func partial(
    _ each: HigherDerivatives.Case, _ axes: ArraySlice<Int>, _ modes: [Character], _ x: [Value]
  ) -> Value {
    guard let axis = axes.last else { return each.evaluate(x) }
    let inner = { (x: [Value]) in self.partial(each, axes.dropLast(), Array(modes.dropFirst()), x) }
    return modes[0] == "r"
      ? gradient(at: x, of: inner)[axis]
      : directionalDerivative(at: x, along: [0, 1].map { .constant($0 == axis ? 1 : 0) }, of: inner)
  }

  private func check(
    _ result: Double, _ each: HigherDerivatives.Case, _ order: Int, _ what: String, line: UInt = #line
  ) {
    let tolerance = (order < 4 ? 1e-12 : 1e-10) * each.largest
    XCTAssertEqual(
      result, each.derivatives[order - 1], accuracy: tolerance, "\(what) of \(each), order \(order)", line: line)
  }
}

/// What make_higher_derivatives.py wrote.
private struct HigherDerivatives: Decodable {
  let orders: [[Int]]
  let one: [Case]
  let two: [Case]

  static let shared: HigherDerivatives = try! readFixture("higher_derivatives.json")

  struct Case: Decodable, CustomStringConvertible {
    let op: String
    let x: Double
    let y: Double?
    let derivatives: [Double]

    var description: String { "\(op) of \(x)" + (y.map { ", \($0)" } ?? "") }
    var largest: Double { derivatives.reduce(0) { Swift.max($0, abs($1)) } }

    func evaluate(_ arguments: [Value]) -> Value {
      if op == "polygamma1" { return polygamma(1, arguments[0]) }
      return FunctionsFixture.function(op)!(arguments[0], arguments.count > 1 ? arguments[1] : nil)
    }
  }
}
