import Foundation
import Micrograd
import MicrogradDistributed
import MicrogradOptimization
import TestSupport
import XCTest

/// Sets of NIST's Statistical Reference Datasets, each row repeated so often that there are many blocks. The certified
/// parameters stay the same; variances are divided by the number of repetitions, but for the degrees of freedom.
final class DistributedNISTTests: XCTestCase {
  private struct Sets: Decodable {
    struct Certified: Decodable {
      let name: String
      let starts: [[Double]]
      let parameters, standardDeviations: [Double]
      let degreesOfFreedom: Int
      let x: [[Double]]
      let y: [Double]
    }

    let sets: [Certified]
  }

  private static func rational(_ p: [Value], _ x: Value) -> Value {
    let above: Value = ((p[3] * x + p[2]) * x + p[1]) * x + p[0]
    let below: Value = ((p[6] * x + p[5]) * x + p[4]) * x + 1
    return above / below
  }

  private static func bennett(_ p: [Value], _ x: Value) -> Value { p[0] * pow(p[1] + x, -1 / p[2]) }

  private static func kowalik(_ p: [Value], _ x: Value) -> Value {
    let above: Value = p[0] * (x * x + x * p[1])
    return above / (x * x + x * p[2] + p[3])
  }

  private static func saturation(_ p: [Value], _ x: Value) -> Value { p[0] * (1 - exp(-p[1] * x)) }

  func testCertifiedValuesAreFoundOnAnyNumberOfRanks() throws {
    let models: [String: @Sendable ([Value], Value) -> Value] = [
      "Hahn1": Self.rational, "Thurber": Self.rational, "Bennett5": Self.bennett, "MGH09": Self.kowalik,
      "Misra1a": Self.saturation,
    ]
    let sets = try readFixture("nist.json", Sets.self).sets
    for (name, model) in models {
      let set = try XCTUnwrap(sets.first { $0.name == name })
      let repetitions = 20_000 / set.y.count
      let count = set.y.count * repetitions
      let x = (0..<count).map { set.x[$0 % set.y.count][0] }, y = (0..<count).map { set.y[$0 % set.y.count] }
      let start = set.starts[1]
      var first: FitResult?
      for ranks in [1, 3] {
        let fits = try InProcessCommunicator.run(ranks: ranks) { ranks in
          try fitCurve(over: ranks, RankedData([x, y]), from: start) { p, x in model(p, x[0]) }
        }
        first = first ?? fits[0]
        for fit in fits { XCTAssertEqual(fit, first, "\(name) on \(ranks) ranks") }
      }
      let fit = try XCTUnwrap(first)
      XCTAssertTrue(fit.isConverged, "\(name): \(fit.reason)")
      let factor = (Double(set.degreesOfFreedom) / Double(count - start.count)).squareRoot()
      let errors = try XCTUnwrap(fit.standardErrors)
      for k in start.indices {
        let certified = set.parameters[k], error = set.standardDeviations[k] * factor
        XCTAssertEqual(fit.parameters[k], certified, accuracy: 1e-10 * abs(certified), "\(name), parameter \(k)")
        XCTAssertEqual(errors[k], error, accuracy: 1e-9 * error, "\(name), standard error \(k)")
      }
    }
  }
}
