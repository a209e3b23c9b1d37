import Foundation
import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// The table of the article on test problems is computed anew, so that it stays true.
final class MoreGarbowHillstromTests: XCTestCase {
  /// The word that the table has for the end of a run.
  private func word(_ problem: MoreGarbowHillstrom, _ value: Double, isConverged: Bool) -> String {
    let reached = problem.minima.firstIndex { abs(value - $0) <= 1e-5 * $0 + 1e-9 }
    guard let reached else { return isConverged ? "elsewhere" : "no" }
    return !isConverged ? "unsure" : reached == 0 ? "yes" : "other"
  }

  private func words(_ problem: MoreGarbowHillstrom, times factor: Double) throws -> [String] {
    let start = problem.start.map { $0 * factor }
    let methods = try [MinimizationMethod.lbfgs, .newtonCG, .trustRegion].map { method in
      let found = try minimize(problem.sumOfSquares, from: start, method: method)
      return word(problem, found.value, isConverged: found.isConverged)
    }
    let fit = try leastSquares(problem.residuals, from: start)
    return methods + [word(problem, fit.residualSumOfSquares, isConverged: fit.isConverged)]
  }

  func testTheProblemsHaveTheValuesOfThePublishedFormulas() {
    let problems = MoreGarbowHillstrom.all
    XCTAssertEqual(problems.map(\.number), Fixture.testProblems.problems.map(\.number))
    for (problem, expected) in zip(problems, Fixture.testProblems.problems) {
      XCTAssertEqual(problem.start, expected.points[0], accuracy: 1e-15, problem.name)
      for (point, value) in zip(expected.points, expected.values) {
        let found = problem.sumOfSquares(point.map { Value($0) }).data
        XCTAssertEqual(found, value, accuracy: 1e-12 * value, "\(problem.name) at \(point)")
      }
    }
  }

  func testTheTableOfTheArticleIsTrue() throws {
    let path = "Sources/MicrogradOptimization/MicrogradOptimization.docc/TestProblems.md"
    let article = try String(contentsOf: packageFolder.appendingPathComponent(path), encoding: .utf8)
    var promised: [[String]: [String]] = [:]
    for line in article.split(separator: "\n") where line.hasPrefix("| ") && !line.hasPrefix("| problem") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      promised[Array(cells[..<2])] = Array(cells[2...])
    }
    for problem in MoreGarbowHillstrom.all {
      for factor in [1.0, 10] where factor == 1 || problem.start.contains(where: { $0 != 0 }) {
        let run = ["\(problem.number) \(problem.name)", factor == 1 ? "1" : "10"]
        let expected = promised.removeValue(forKey: run) ?? ["yes", "yes", "yes", "yes"]
        let found = try words(problem, times: factor)
        // A cell such as yes/no allows both words.
        let shown = zip(found, expected).map { $1.split(separator: "/").contains($0[...]) ? $1 : $0 }
        XCTAssertEqual(shown, expected, "the row is now: | \((run + found).joined(separator: " | ")) |")
      }
    }
    XCTAssertEqual(promised, [:], "rows of no problem")
  }
}
