import Foundation
import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class DocumentationTests: XCTestCase {
  private func rounded(_ numbers: [Double]) -> [Double] {
    // Adding 0 makes 0 of -0.
    numbers.map { ($0 * 1e8).rounded() / 1e8 + 0 }
  }

  func testTheExamplesOfTheArticle() throws {
    var printed: [String] = []
    func print(_ items: Any...) { printed.append(items.map { "\($0)" }.joined(separator: " ")) }

    let temperature = [1.309, 1.471, 1.490, 1.565, 1.611, 1.680]  // of a lamp's filament, in 1000 K
    let radiation = [2.138, 3.421, 3.597, 4.340, 4.882, 5.660]
    let fit = try fitCurve(x: temperature, y: radiation, from: [1, 5]) { b, x in b[0] * pow(x, b[1]) }
    print(rounded(fit.parameters))  // [0.76886226, 3.86040559]
    print(rounded(fit.standardErrors ?? []))  // [0.01828197, 0.05172661]
    print(fit.reason)  // the step was no longer than its tolerance

    func valley(_ x: [Value]) -> Value { (1 - x[0]).squared() + 100 * (x[1] - x[0].squared()).squared() }
    let free = try minimize(valley, from: [-1.2, 1], method: .trustRegion)
    print(rounded(free.position), free.isConverged)  // [1.0, 1.0] true
    let bounded = try minimize(valley, from: [-1.2, 1], bounds: [-2...0.5, -2...2])
    print(rounded(bounded.position), rounded(bounded.gradient))  // [0.5, 0.25] [-1.0, 0.0]

    let best = try minimize(
      { x in x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2] }, from: [1, 5, 5, 1],
      subjectTo: [.atLeast(25) { x in x[0] * x[1] * x[2] * x[3] }, .equal(to: 40) { x in dot(x, x) }],
      bounds: [1...5, 1...5, 1...5, 1...5])
    print(rounded(best.position))  // [1.0, 4.74299964, 3.82114998, 1.37940829]
    print(rounded(best.constraints.map(\.multiplier)))  // [0.55229366, -0.16146857]

    let promised = try article().filter { $0.hasPrefix("print(") }
      .compactMap { $0.components(separatedBy: "  // ").last }
    XCTAssertEqual(printed, promised)
  }

  func testTheExamplesAreThoseOfTheArticle() throws {
    let lines = try article()
    let tested = Set(try self.lines("Tests/MicrogradOptimizationTests/DocumentationTests.swift"))
    var isCode = false
    var count = 0
    for line in lines {
      if line.hasPrefix("```") {
        isCode.toggle()
      } else if isCode {
        XCTAssertTrue(tested.contains(line), line)
        count += 1
      }
    }
    XCTAssertEqual(count, 17)
  }

  func testTheExamplesOfTheReference() throws {
    let line = try fitCurve(x: [0, 1, 2], y: [1, 3.1, 4.9], from: [0, 0]) { p, x in p[0] + p[1] * x }
    XCTAssertEqual(line.parameters, [1.05, 1.95], accuracy: 1e-14)
    XCTAssertEqual(try XCTUnwrap(line.standardErrors), [0.1118, 0.0866], accuracy: 1e-4)
    let plane = try fitCurve(inputs: [[0, 1], [1, 0], [1, 1]], y: [2, 3, 5.3], from: [0, 0]) { p, x in
      p[0] * x[0] + p[1] * x[1]
    }
    XCTAssertEqual(plane.parameters, [3.1, 2.1], accuracy: 1e-14)
  }

  private func article() throws -> [String] {
    try lines("Sources/MicrogradOptimization/MicrogradOptimization.docc/MicrogradOptimization.md")
  }

  private func lines(_ path: String) throws -> [String] {
    return try String(contentsOf: packageFolder.appendingPathComponent(path), encoding: .utf8)
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
