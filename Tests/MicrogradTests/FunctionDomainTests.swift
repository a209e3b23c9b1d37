import Foundation
import Micrograd
import TestSupport
import XCTest

/// Every function on its whole domain, with its derivatives in every mode, against exact results.
///
/// What the engine's table computes is held to last places. Derivatives that are recorded are chains of several operations,
/// in which a square may leave the range of doubles, an exponent rounds, and terms may cancel beside a zero: they are held
/// to twelve digits at moderate magnitudes, or to fourteen of the terms that cancel.
final class FunctionDomainTests: XCTestCase {
  func testEveryFunctionOfTheFixtureIsTested() {
    let missing = FunctionsFixture.byOperation.keys.filter { FunctionsFixture.function($0) == nil }
    XCTAssertEqual(missing, [], "give the ways to write it in OperationWays.swift")
  }

  func testValuesAreWithinTwoLastPlaces() {
    forEachOperation { op, cases in
      var worst = Worst()
      for each in cases {
        withDerivatives(at: each.point, of: each.evaluate) { f in worst.note(ulps(f.value, each.value), each, f.value) }
      }
      worst.assertAtMost(2, "value of \(op)")
    }
  }

  /// Each slope is made of one to three roundings and of functions that are within two last places themselves.
  func testFirstDerivativesAreWithinFourLastPlacesAndTheSameForwardsAndBackwards() {
    forEachOperation { op, cases in
      var reverse = Worst(), difference = Worst()
      for each in cases where each.isInRange {
        withDerivatives(at: each.point, of: each.evaluate) { f in
          let gradient = f.gradient
          for (k, expected) in each.first.enumerated() {
            guard let expected else { continue }
            reverse.note(each.ulps(gradient[k], expected), each, gradient[k])
            let forward = f.jacobianVectorProduct(along: each.unit(k))[0]
            difference.note(ulps(forward, gradient[k]), each, forward)
          }
        }
      }
      reverse.assertAtMost(4, "first derivative of \(op)")
      difference.assertAtMost(4, "forward against reverse derivative of \(op)")
    }
  }

  func testSecondDerivativesAreWithinSixLastPlaces() {
    forEachOperation { op, cases in
      var worst = Worst()
      for each in cases where each.isInRange {
        withDerivatives(at: each.point, of: each.evaluate) { f in
          for (k, row) in each.second.enumerated() {
            let product = f.hessianVectorProduct(along: each.unit(k))
            for (j, expected) in row.enumerated() {
              guard let expected else { continue }
              worst.note(each.ulps(product[j], expected), each, product[j])
            }
          }
        }
      }
      // In the mixed derivative of a power 1 + y log x cancels beside its zero.
      worst.assertAtMost(op == "power" ? 16 : 6, "second derivative of \(op)")
    }
  }

  func testConstantOperandsLeaveTheOtherDerivativesAsTheyAre() {
    let ways: [(String, (Value, Double) -> Value, (Double, Value) -> Value)] = [
      ("add", { $0 + $1 }, { $0 + $1 }), ("subtract", { $0 - $1 }, { $0 - $1 }),
      ("multiply", { $0 * $1 }, { $0 * $1 }), ("divide", { $0 / $1 }, { $0 / $1 }),
      ("power", { $0 ** $1 }, { $0 ** $1 }), ("atan2", { atan2($0, $1) }, { atan2($0, $1) }),
      ("hypot", { hypot($0, $1) }, { hypot($0, $1) }),
    ]
    for (op, ofFirst, ofSecond) in ways {
      var first = Worst(), second = Worst()
      for each in FunctionsFixture.byOperation[op] ?? [] where each.isInRange {
        let (x, y) = (each.x, each.y ?? .nan)
        for (point, f, slope, bend) in [
          (x, { ofFirst($0, y) }, each.dx, each.dxx), (y, { ofSecond(x, $0) }, each.dy, each.dyy),
        ] as [(Double, (Value) -> Value, Double?, Double?)] {
          guard let slope, let bend else { continue }
          withDerivatives(at: [point], of: { x in f(x[0]) }) { f in
            XCTAssertLessThanOrEqual(ulps(f.value, each.value), 2, "\(each)")
            first.note(each.ulps(f.gradient[0], slope), each, f.gradient[0])
            let product = f.hessianVectorProduct(along: [1])[0]
            second.note(each.ulps(product, bend), each, product)
          }
        }
      }
      first.assertAtMost(4, "first derivative of \(op) with a constant")
      second.assertAtMost(6, "second derivative of \(op) with a constant")
    }
  }

  // MARK: - Recorded sweeps

  /// The gradient is recorded, and differentiated again backwards and forwards.
  func testDerivativesOfRecordedGradientsAreTheSecondOnes() {
    compareRecorded("recorded reverse sweep") { each, x in gradient(at: x, of: each.evaluate) }
  }

  /// The derivatives along the axes are recorded, and differentiated again: forward over forward, and reverse over forward.
  func testDerivativesOfRecordedTangentsAreTheSecondOnes() {
    compareRecorded("recorded tangent sweep") { each, x in
      x.indices.map { k in
        directionalDerivative(at: x, along: each.unit(k).map { .constant($0) }, of: each.evaluate)
      }
    }
  }

  /// `slopes` computes the gradient as Values. Schwarz's theorem comes with it: the fixture has one number for both orders.
  private func compareRecorded(_ mode: String, slopes: (FunctionCase, [Value]) -> [Value]) {
    forEachOperation { op, cases in
      var first = Worst(), reverse = Worst(), forward = Worst()
      for each in cases where each.isModerate {
        withDerivatives(at: each.point, of: { x in slopes(each, x) }) { f in
          for (k, expected) in each.first.enumerated() {
            guard let expected else { continue }
            first.note(each.digits(f.values[k], expected, 1), each, f.values[k])
            let unit = each.unit(k)
            let rows = f.vectorJacobianProduct(along: unit), columns = f.jacobianVectorProduct(along: unit)
            for (j, expected) in each.second[k].enumerated() {
              guard let expected else { continue }
              reverse.note(each.digits(rows[j], expected, 2), each, rows[j])
              forward.note(each.digits(columns[j], expected, 2), each, columns[j])
            }
          }
        }
      }
      first.assertAtMost(1, "\(mode) of \(op)")
      reverse.assertAtMost(1, "reverse over \(mode) of \(op)")
      forward.assertAtMost(1, "forward over \(mode) of \(op)")
    }
  }

  private func forEachOperation(_ body: (String, [FunctionCase]) -> Void) {
    for op in FunctionsFixture.byOperation.keys.sorted() { body(op, FunctionsFixture.byOperation[op] ?? []) }
  }
}

extension FunctionCase {
  fileprivate func unit(_ k: Int) -> [Double] { point.indices.map { $0 == k ? 1 : 0 } }

  /// Of a value that has left the range of doubles no derivative is formed.
  fileprivate var isInRange: Bool { value.isFinite }

  /// Last places between a derivative and what it should be. Many are formed from the value; where that is subnormal, it
  /// has lost digits that the derivative cannot have. Of a derivative that is subnormal a factor may be so, too.
  fileprivate func ulps(_ result: Double, _ expected: Double) -> Double {
    let distance = TestSupport.ulps(result, expected)
    let least = Double.leastNormalMagnitude
    if expected.magnitude < least, abs(result - expected) < 256 * .leastNonzeroMagnitude { return 0 }
    guard value != 0, value.magnitude < least, distance.isFinite else { return distance }
    return distance / (1 + (.leastNonzeroMagnitude / value.magnitude) / 1e-16)
  }

  /// Numbers whose squares and cubes, of which recorded derivatives are made, are within the range of doubles.
  fileprivate var isModerate: Bool {
    let all = point + [value] + first.compactMap(\.self) + second.joined().compactMap(\.self)
    return all.allSatisfy { $0 == 0 || (1e-70...1e70).contains($0.magnitude) }
  }

  /// The distance in units of the twelfth digit, or the fifteenth of the numbers that cancel in it.
  fileprivate func digits(_ result: Double, _ expected: Double, _ order: Int) -> Double {
    if result == expected { return 0 }
    let distance = abs(result - expected) / (1e-12 * abs(expected) + 1e-14 * scale(order))
    return distance.isNaN ? .infinity : distance
  }

  /// What the terms of a recorded derivative are as large as, where their sum has zeros.
  private func scale(_ order: Int) -> Double {
    let y = y ?? 0
    switch op {
    case "logit": return abs(x - 0.5) < 0.25 ? 16 : 0
    case "hypot": return order == 1 ? 0 : 1 / value
    case "atan2": return order == 1 ? 0 : 1 / (x * x + y * y)
    case "power":
      return order == 1 ? 0 : pow(abs(x), y - 1) * (1 + abs(y * log(abs(x))))
    default: return abs(x) < FunctionsFixture.cancels[op] ?? 0 ? 1 : 0
    }
  }
}

/// The worst of many cases.
private struct Worst {
  var distance = 0.0
  var place = ""

  mutating func note(_ distance: Double, _ at: FunctionCase, _ result: Double) {
    guard distance > self.distance || distance.isNaN else { return }
    (self.distance, place) = (distance, "\(at), where it is \(result)")
  }

  func assertAtMost(_ bound: Double, _ what: String) {
    XCTAssertLessThanOrEqual(distance, bound, "\(what), worst at \(place)")
  }
}
