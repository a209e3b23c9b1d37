import Foundation
import Micrograd
import MicrogradOptimization
import XCTest

/// The sets of NIST's Statistical Reference Datasets, from both starts that the files give.
final class NISTTests: XCTestCase {
  func testLowerDifficulty() throws {
    try assertCertified(
      ["Misra1a", "Chwirut2", "Chwirut1", "Lanczos3", "Gauss1", "Gauss2", "DanWood", "Misra1b"])
  }

  func testAverageDifficulty() throws {
    try assertCertified([
      "Kirby2", "Hahn1", "Nelson", "MGH17", "Lanczos1", "Lanczos2", "Gauss3", "Misra1c", "Misra1d", "Roszman1", "ENSO",
    ])
  }

  func testHigherDifficulty() throws {
    try assertCertified(["MGH09", "Thurber", "BoxBOD", "Rat42", "MGH10", "Eckerle4", "Rat43", "Bennett5"])
  }

  func testAllSetsWereTried() { XCTAssertEqual(Fixture.nist.sets.count, 27) }

  private func assertCertified(_ names: [String], file: StaticString = #filePath, line: UInt = #line) throws {
    for name in names {
      let set = try XCTUnwrap(Fixture.nist.sets.first { $0.name == name }, name)
      for (k, start) in set.starts.enumerated() {
        let fit = try fitCurve(
          inputs: set.x, y: set.y.map { name == "Nelson" ? log($0) : $0 }, from: start
        ) { NISTModels.value(name, $0, $1) }
        func assertDigits(_ found: [Double], _ certified: [Double], _ what: String, _ digits: Double = 9) {
          let same = matchingDigits(found, certified)
          XCTAssertGreaterThan(same, digits, "\(what) of \(name) from start \(k + 1)", file: file, line: line)
        }
        XCTAssertTrue(fit.isConverged, "\(name) from start \(k + 1): \(fit.reason)", file: file, line: line)
        XCTAssertEqual(fit.degreesOfFreedom, set.degreesOfFreedom, name, file: file, line: line)
        assertDigits(fit.parameters, set.parameters, "parameters")
        // The data of Lanczos1 lie on its curve to the 13 digits to which they are rounded; in double precision three
        // digits remain of what that rounding adds up to.
        let scatterDigits = name == "Lanczos1" ? 2.0 : 9
        assertDigits(try XCTUnwrap(fit.standardErrors), set.standardDeviations, "deviations", scatterDigits)
        assertDigits([fit.residualSumOfSquares], [set.residualSumOfSquares], "sum of squares", scatterDigits)
        assertDigits(
          [try XCTUnwrap(fit.residualStandardDeviation)], [set.residualStandardDeviation], "deviation", scatterDigits)
      }
    }
  }

  /// How many decimal digits are the same, of the worst number.
  private func matchingDigits(_ found: [Double], _ certified: [Double]) -> Double {
    XCTAssertEqual(found.count, certified.count)
    return zip(found, certified).map { $0 == $1 ? 16 : -log10(abs($0 - $1) / abs($1)) }.min() ?? 0
  }
}
