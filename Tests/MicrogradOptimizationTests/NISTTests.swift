import Foundation
import Micrograd
import MicrogradOptimization
import XCTest

final class NISTTests: XCTestCase {
  func testSurvey() throws {
    for set in Fixture.nist.sets {
      for (k, start) in set.starts.enumerated() {
        let fit = try fitCurve(
          x: set.x, y: set.y.map { set.name == "Nelson" ? log($0) : $0 }, from: start) { NISTModels.value(set.name, $0, $1) }
        let a = digits(fit.parameters, set.parameters)
        let b = digits(fit.standardErrors ?? [0], set.standardDeviations)
        let c = digits([fit.residualSumOfSquares], [set.residualSumOfSquares])
        print(
          set.name, k + 1, String(format: "%.1f %.1f %.1f", a, b, c), fit.iterations, fit.evaluations.values,
          fit.evaluations.derivatives, fit.reason, fit.rank)
      }
    }
  }

  func digits(_ found: [Double], _ certified: [Double]) -> Double {
    zip(found, certified).map { $0 == $1 ? 16 : -log10(Swift.abs($0 - $1) / Swift.abs($1)) }.min() ?? 0
  }
}
