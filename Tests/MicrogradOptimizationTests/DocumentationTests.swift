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

  func testTheREADMEShowsTheTableOfItsFit() throws {
    var printed = ""
    func print(_ item: Any) { printed = "\(item)" }

    let temperature = [1.309, 1.471, 1.490, 1.565, 1.611, 1.680]  // of a lamp's filament, in 1000 K
    let radiation = [2.138, 3.421, 3.597, 4.340, 4.882, 5.660]
    let fit = try fitCurve(x: temperature, y: radiation, from: ["scale": 1, "power": 5]) { b, x in
      b["scale"] * pow(x, b["power"])
    }
    print(fit)

    let readme = try String(contentsOf: packageFolder.appendingPathComponent("README.md"), encoding: .utf8)
    XCTAssertTrue(readme.contains("```\n\(printed)\n```"), printed)
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

    let meanAnomaly = Value(0.3), eccentricity = Value(0.9)  // Kepler's equation
    let anomaly = try root(of: { x in x - eccentricity * sin(x) - meanAnomaly }, from: 1)
    anomaly.backward()
    print(rounded([anomaly.data, meanAnomaly.grad, eccentricity.grad]))  // [1.10351772, 1.68183817, 1.50154086]

    do {
      let temperature = Value(0.5)  // Planck's law, in units of the temperature
      let power = try integral(of: { x in x ** 3 / expMinusOne(x / temperature) }, from: 0, to: .infinity)
      power.backward()
      print(rounded([power.data, temperature.grad]))  // [0.40587121, 3.2469697]
    }

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
    XCTAssertEqual(count, 25)
  }

  func testTheExamplesOfTheReference() throws {
    let line = try fitCurve(x: [0, 1, 2], y: [1, 3.1, 4.9], from: [0, 0]) { p, x in p[0] + p[1] * x }
    XCTAssertEqual(line.parameters, [1.05, 1.95], accuracy: 1e-14)
    XCTAssertEqual(try XCTUnwrap(line.standardErrors), [0.1118, 0.0866], accuracy: 1e-4)
    XCTAssertEqual(
      try line.confidenceIntervals().flatMap { [$0.lowerBound, $0.upperBound] }, [-0.3706, 2.4706, 0.8496, 3.0504],
      accuracy: 1e-4)
    let plane = try fitCurve(inputs: [[0, 1], [1, 0], [1, 1]], y: [2, 3, 5.3], from: [0, 0]) { p, x in
      p[0] * x[0] + p[1] * x[1]
    }
    XCTAssertEqual(plane.parameters, [3.1, 2.1], accuracy: 1e-14)
  }

  func testTheExamplesOfRootsMinimaAndIntegrals() throws {
    let p = Value(2)
    let x = try root(of: { x in x * x - p }, from: 1)
    x.backward()
    XCTAssertEqual("\(x)", "Value(data: 1.4142, grad: 1.0)")
    XCTAssertEqual("\(p)", "Value(data: 2.0, grad: 0.3536)")
    let r = Value(5)
    let y = try root(of: { x in [hypot(x[0], x[1]) - r, x[1] - 2 * x[0] + 2] }, from: [1, 1])
    XCTAssertEqual(y.map(\.data), [3, 4], accuracy: 1e-14)
    XCTAssertEqual(try bracketedRoot(of: { x in x * x - 2 }, in: 0...2), 1.4142135623730951, accuracy: 3e-16)
    let a = Value(1)
    let z = try fixedPoint(of: { x in cos(a * x) }, from: 1)
    z.backward()
    XCTAssertEqual("\(z)", "Value(data: 0.7391, grad: 1.0)")
    XCTAssertEqual("\(a)", "Value(data: 1.0, grad: -0.2975)")
    let q = Value(3)
    let least = try minimum(of: { x in (x[0] - q).squared() + (x[1] - x[0] * q).squared() }, from: [1, 1])
    least[1].backward()
    XCTAssertEqual("\(least[1])", "Value(data: 9.0, grad: 1.0)")
    XCTAssertEqual("\(q)", "Value(data: 3.0, grad: 6.0)")
    let whole = try integralWithError(of: { x in exp(-x * x) }, from: -.infinity, to: .infinity)
    XCTAssertEqual(whole.value, Double.pi.squareRoot(), accuracy: 1e-12)
    let rate = Value(2), end = Value(1)
    let area = try integral(of: { x in exp(-rate * x) }, from: 0, to: end)
    area.backward()
    XCTAssertEqual("\(area)", "Value(data: 0.4323, grad: 1.0)")
    XCTAssertEqual([rate.grad, end.grad], [-0.1485, 0.1353], accuracy: 1e-4)
  }

  func testTheNamedExamplesOfTheReference() throws {
    let start: Named<Double> = ["amplitude": 1, "rate": 0.5]
    XCTAssertEqual(start.names, ["amplitude", "rate"])
    XCTAssertEqual(start.values, [1, 0.5])
    let fit = try fitCurve(x: [0, 1, 2, 3], y: [2.1, 1.2, 0.8, 0.4], from: ["amplitude": 1, "rate": 1]) { p, x in
      p["amplitude"] * exp(-p["rate"] * x)
    }
    XCTAssertEqual(fit["rate"], 0.5231, accuracy: 1e-4)
    let plane = try fitCurve(inputs: [[0, 1], [1, 0], [1, 1]], y: [2, 3, 5.3], from: ["a": 0, "b": 0]) { p, x in
      p["a"] * x[0] + p["b"] * x[1]
    }
    XCTAssertEqual(plane.parameters, [3.1, 2.1], accuracy: 1e-14)
  }

  func testTheBandOfTheReference() throws {
    func line(_ p: [Value], _ x: Double) -> Value { p[0] + p[1] * x }
    let fit = try fitCurve(x: [0, 1, 2, 3], y: [1, 3.1, 4.9, 7.2], from: [0, 0], model: line)
    let band = try fit.band(at: [1.5], model: line)
    XCTAssertEqual(band.mean, [4.05], accuracy: 1e-12)
    XCTAssertEqual(band.confidence, [0.3118], accuracy: 1e-4)
    XCTAssertEqual(try XCTUnwrap(band.prediction), [0.6971], accuracy: 1e-4)
  }

  func testTheProfilesOfTheReference() throws {
    var printed: [String] = []
    func print(_ interval: ProfileInterval) { printed.append("\(interval)") }

    func rate(_ p: [Value], _ x: Double) -> Value { p[0] * x / (p[1] + x) }
    let x = [0.02, 0.06, 0.11, 0.22, 0.56, 1.10], y = [61.5, 102, 131, 155.5, 196, 203.5]
    let fit = try fitCurve(x: x, y: y, from: [200, 0.1], model: rate)
    for interval in try fit.profileIntervals(x: x, y: y, model: rate) { print(interval) }
    XCTAssertEqual(printed, ["p[0]: 213, 193 … 234", "p[1]: 0.064, 0.043 … 0.093"])
  }

  private func article() throws -> [String] {
    try lines("Sources/MicrogradOptimization/MicrogradOptimization.docc/MicrogradOptimization.md")
  }

  private func lines(_ path: String) throws -> [String] {
    return try String(contentsOf: packageFolder.appendingPathComponent(path), encoding: .utf8)
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
