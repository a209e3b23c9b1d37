import Micrograd
import XCTest

/// Derivatives that a compiled function takes itself: where the function does not branch, neither do they.
final class CompiledInnerDerivativesTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// Operations whose Swift code compares Values itself.
  private let comparing: Set = ["root4", "root5"]

  func testDerivativesOfEveryOperationHaveOnePath() throws {
    let cases = Fixture.operations.filter { $0.form == "V" || $0.form == "VV" }
    for (op, cases) in Dictionary(grouping: cases, by: \.op) where !comparing.contains(op) {
      let f = OperationWays.of(cases[0])[0]
      let points = cases.map { [$0.x, $0.y ?? 0] }
      let slopes = try compile(at: points[0]) { v in gradient(at: v) { x in f(x[0], x[1]) } }
      for (found, each) in zip(try slopes.results(at: Samples(points)).rows, cases) {
        check(found[0], each.dx!, 1e-13, "\(each)")
        if let dy = each.dy { check(found[1], dy, 1e-13, "\(each), by y") }
      }
      XCTAssertEqual(slopes.pathCount, 1, op)
    }
  }

  func testDerivativesOfDerivativesOfEveryOperationHaveOnePath() throws {
    let cases = Fixture.operations.filter { $0.form == "V" || $0.form == "VV" }
    for (op, cases) in Dictionary(grouping: cases, by: \.op) where !comparing.contains(op) {
      let f = OperationWays.of(cases[0])[0]
      let sum = { (v: [Value]) in gradient(at: v) { x in f(x[0], x[1]) }.reduce(.zero, +) }
      let points = cases.map { [$0.x, $0.y ?? 0] }
      let bends = try compile(at: points[0], of: sum)
      let inner = try compile(at: points[0]) { v in gradient(at: v, of: sum) }
      let gradients = try bends.gradients(at: Samples(points)).rows
      let results = try inner.results(at: Samples(points)).rows
      for (k, point) in points.enumerated() {
        // Where a slope is infinite or NaN, products with zeros are NaN here and nothing in a sweep.
        let first = gradient(at: point) { x in f(x[0], x[1]) }, expected = gradient(at: point, of: sum)
        guard (point + first + expected).allSatisfy(\.isFinite) else { continue }
        for i in 0...1 {
          check(gradients[k][i], expected[i], 1e-11, "\(op) at \(point), by \(i)")
          check(results[k][i], expected[i], 1e-11, "\(op) at \(point), by \(i), inner")
        }
      }
      XCTAssertEqual([bends.pathCount, inner.pathCount], [1, 1], op)
    }
  }

  func testEdgesOfEveryOperationHaveOnePathAndTheSameDerivatives() throws {
    for row in Fixture.rows where !row.edges.isEmpty && !comparing.contains(row.op) {
      let cases = row.edges.filter { $0.form == "V" || $0.form == "VV" }
      guard let first = cases.first else { continue }
      let f = OperationWays.of(first)[0], points = cases.map { [$0.x, $0.y ?? 0] }
      let slopes = try compile(at: points[0]) { v in gradient(at: v) { x in f(x[0], x[1]) } }
      for (found, each) in zip(try slopes.results(at: Samples(points)).rows, cases) {
        if let dx = each.dx { check(found[0], dx, 1e-13, "\(each)") }
        if let dy = each.dy { check(found[1], dy, 1e-13, "\(each), by y") }
      }
      XCTAssertEqual(slopes.pathCount, 1, row.op)
    }
  }

  /// Numbers from -count / 20 up, in steps of 0.1, each column in an order of its own.
  private static func rows(_ count: Int, of width: Int) -> [[Double]] {
    (0..<count).map { k in
      (0..<width).map { i in
        let step = (k * (7 + 4 * i)) % count
        return Double(step - count / 2) / 10
      }
    }
  }

  private func check(_ found: Double, _ expected: Double, _ accuracy: Double, _ what: String, line: UInt = #line) {
    if found == expected || found.isNaN && expected.isNaN { return }
    XCTAssertTrue(
      abs(found - expected) <= accuracy * abs(expected), "\(what): \(found), not \(expected)", line: line)
  }

  func testAWholeGradientOfManySamplesHasOnePath() throws {
    let activations = { (v: [Value]) -> Value in sum(v.map { tanh($0) + abs($0) }) }
    let f = try compile(at: [0.1, 0.2, 0.3, 0.4]) { x in sum(gradient(at: x, of: activations).map { $0 * $0 }) }
    let rows = CompiledInnerDerivativesTests.rows(40, of: 4)
    let values = try f.values(at: Samples(rows))
    for (value, row) in zip(values, rows) {
      let expected = row.reduce(0) { total, x in
        let c = Double.cosh(x), slope = 1 / (c * c) + (x > 0 ? 1 : x < 0 ? -1 : 0)
        return total + slope * slope
      }
      XCTAssertEqual(value, expected, accuracy: 1e-14 * expected)
    }
    XCTAssertEqual(f.pathCount, 1)
  }

  func testAnEquationsResidualHasOnePathWithEveryActivation() throws {
    let activations: [(String, (Value) -> Value)] = [
      ("tanh", { tanh($0) }), ("sigmoid", { sigmoid($0) }), ("softplus", { softplus($0) }), ("silu", { silu($0) }),
      ("gelu", { gelu($0) }), ("geluTanh", { geluTanh($0) }), ("relu", { $0.relu() }), ("abs", { abs($0) }),
      ("elu", { $0.elu() }), ("leakyReLU", { $0.leakyReLU() }), ("max", { max($0, 0.1) }), ("min", { min($0, 0.1) }),
      ("clamped", { $0.clamped(to: -0.2...0.2) }), ("select", { select($0 > 0.1, sqrt($0), $0 * $0) }),
      ("pick", { pick([$0, $0 * $0], at: floor(0.4 * abs($0))) }),
    ]
    for (name, activation) in activations {
      let w = Parameters([0.5, -0.3, 0.8, 1.2])
      let network = { (t: Value) in w[0] * activation(w[1] * t) + w[2] * activation(w[3] * t) }
      let residual = { (x: [Value]) -> Value in
        let slope = { (t: Value) in gradient(at: t, of: network) }
        return (gradient(at: x[0], of: slope) + slope(x[0]) + network(x[0])).squared()
      }
      let compiled = try compile(at: [0.5], of: residual)
      let times = (-30...30).map { [Double($0) / 10 + 0.05] }
      try assertAgrees(compiled, with: residual, at: Samples(times), parameters: Array(w), accuracy: 1e-12)
      XCTAssertEqual(compiled.pathCount, 1, name)
    }
  }

  func testLossesOfElementsHaveOnePath() throws {
    let losses: [(String, ElementLoss)] = [
      ("hinge", .hinge), ("squared hinge", .squaredHinge), ("squared error", .squaredError),
      ("absolute error", .absoluteError), ("Huber", .huber(delta: 0.7)), ("binary cross-entropy", .binaryCrossEntropy),
    ]
    for (name, loss) in losses {
      let lost = { (x: [Value]) -> Value in
        Matrix(rows: 1, columns: 3, values: x).losses(loss, expected: [1, -1, 0.5]).sum()
      }
      let f = { (x: [Value]) -> Value in sum(gradient(at: x, of: lost).map { $0.squared() + $0 }) }
      let compiled = try compile(at: [0.1, 0.2, 0.3], of: f)
      let rows = CompiledInnerDerivativesTests.rows(60, of: 3)
      try assertAgrees(compiled, with: f, at: Samples(rows), accuracy: 1e-13)
      XCTAssertEqual(compiled.pathCount, 1, name)
    }
  }

  func testASlopeBehindAChoiceThatWasNotTakenHasNoEffect() throws {
    let functions: [(String, (Value) -> Value)] = [
      ("root", { x in select(x > 0, sqrt(x), 3 * x) }),
      ("logarithm", { x in select(x > 0, x * log(x), 3 * x) }),
      ("quotient", { x in select(x == 0, 3 * x, sin(x) / x) }),
      ("relu", { x in log(x).relu() + 3 * x }),
      ("clamped", { x in log(x).clamped(to: -5...5) + 3 * x }),
      ("maximum", { x in max(sqrt(x) - 1, 3 * x) }),
      ("dot", { x in select(x > 0, dot([log(x), x], [x, x]), 3 * x) }),
      ("logarithm of relu", { x in log(1 - x.relu()).clamped(to: -5...5) + 3 * x }),
    ]
    for (name, f) in functions {
      let slope = try compile(at: [0.5]) { x in gradient(at: x[0], of: f) }
      let forward = try compile(at: [0.5]) { x in directionalDerivative(at: x, along: [.constant(1)]) { f($0[0]) } }
      let second = try compile(at: [0.5]) { x in gradient(at: x[0]) { x in gradient(at: x, of: f) } }
      XCTAssertEqual(try slope.values(at: samples([0])), [3], name)
      XCTAssertEqual(try forward.values(at: samples([0])), [3], name)
      XCTAssertEqual(try slope.gradients(at: samples([0])).rows, [[0]], name)
      XCTAssertEqual(try second.values(at: samples([0])), [0], name)
      XCTAssertEqual([slope.pathCount, forward.pathCount, second.pathCount], [1, 1, 1], name)
    }
  }
}
