import Micrograd
import TestSupport
import XCTest

/// Softmax and its family in every mode, within 4 last places of mpmath's results, for gaps from 0 to 700 between logits and
/// common offsets up to 1e300.
final class SoftmaxFamilyTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// A function of a row, and what of a case is its value, gradient and Hessian.
  private struct Member {
    let name: String
    let f: ([Value]) -> Value
    let value: (SoftmaxRow) -> Double
    let gradient: (SoftmaxRow) -> [Double]
    let hessian: (SoftmaxRow) -> [Double]
    /// Of a softmax's second derivatives, which change sign: that of which places are counted, p (1 - p).
    var scale: (SoftmaxRow) -> Double? = { _ in nil }
  }

  private static func matrix(_ x: [Value]) -> Matrix { Matrix(rows: 1, columns: x.count, values: x) }

  private static func members(_ n: Int) -> [Member] {
    let sums: [(String, ([Value]) -> Value)] = [
      ("logSumExp", { logSumExp($0) }), ("logSumExp of a vector", { logSumExp(Vector(values: $0)) }),
      ("logSumExp of a matrix", { matrix($0).logSumExp()[0, 0] }),
    ]
    var all = sums.map { name, f in
      Member(name: name, f: f, value: \.logSumExp, gradient: \.p, hessian: \.bends)
    }
    for k in 0..<n {
      all.append(
        Member(
          name: "softmax \(k)", f: { matrix($0).softmax()[0, k] }, value: { $0.p[k] },
          gradient: { Array($0.bends[k * n..<k * n + n]) }, hessian: { Array($0.turns[k * n * n..<(k + 1) * n * n]) },
          scale: { $0.bends[k * n + k] }))
      // The cross-entropy is minus the logarithm.
      let slope = { (row: SoftmaxRow) in (0..<n).map { $0 == k ? -row.others[k] : row.p[$0] } }
      all.append(
        Member(
          name: "cross-entropy \(k)", f: { matrix($0).crossEntropy(classes: [k])[0, 0] }, value: { $0.logs[k] },
          gradient: slope, hessian: \.bends))
      all.append(
        Member(
          name: "logSoftmax \(k)", f: { matrix($0).logSoftmax()[0, k] }, value: { -$0.logs[k] },
          gradient: { row in slope(row).map { -$0 } }, hessian: { row in row.bends.map { -$0 } }))
    }
    return all
  }

  private func forEach(_ body: (Member, SoftmaxRow, String) -> Void) {
    for n in [2, 3] {
      for member in SoftmaxFamilyTests.members(n) {
        for row in SoftmaxRow.all where row.x.count == n { body(member, row, "\(member.name) at \(row.x)") }
      }
    }
  }

  func testValues() {
    forEach { member, row, name in
      check([Tape.scope { member.f(row.x.map { Value($0) }).data }], [member.value(row)], name)
      check([member.f(row.x.map { .constant($0) }).data], [member.value(row)], "\(name), plain")
    }
    for row in SoftmaxRow.all { check([logSumExp(row.x)], [row.logSumExp], "logSumExp of Doubles \(row.x)") }
  }

  func testGradients() {
    forEach { member, row, name in
      let f = member.f, expected = member.gradient(row)
      check(gradient(at: row.x, of: f), expected, "\(name), by rows")
      check(columns(row.x) { directionalDerivative(at: row.x, along: $0, of: f) }, expected, "\(name), by columns")
      Tape.scope {
        let x = row.x.map { Value($0) }
        let gradients = f(x).backward(creatingGraph: true)
        check(x.map { gradients[$0].data }, expected, "\(name), creating a graph")
        check(x.map(\.grad), expected, "\(name), recorded")
        check(gradient(at: x, of: f).map(\.data), expected, "\(name), nested")
        let forward = columns(row.x) { direction in
          directionalDerivative(at: x, along: direction.map { .constant($0) }, of: f).data
        }
        check(forward, expected, "\(name), nested forwards")
      }
    }
  }

  func testHessians() {
    forEach { member, row, name in
      let f = member.f, expected = member.hessian(row)
      let scale = member.scale(row)
      check(hessian(at: row.x, of: f).flatMap { $0 }, expected, "\(name), by numbers", scale)
      check(
        jacobian(at: row.x) { (x: [Value]) in gradient(at: x, of: f) }.flatMap { $0 }, expected, "\(name), nested",
        scale)
      let forward = columns(row.x) { direction in
        jacobianVectorProduct(at: row.x, along: direction) { x in gradient(at: x, of: f) }
      }
      check(forward.flatMap { $0 }, expected, "\(name), forwards over reverse", scale)
      Tape.scope {
        let x = row.x.map { Value($0) }
        check(hessian(at: x, of: f).flatMap { $0.map(\.data) }, expected, "\(name), nested twice", scale)
        let product = columns(row.x) { direction in
          hessianVectorProduct(at: x, along: direction.map { .constant($0) }, of: f).map(\.data)
        }
        check(product.flatMap { $0 }, expected, "\(name), nested products", scale)
        let gradients = f(x).backward(creatingGraph: true)
        let rows = x.map { element -> [Double] in
          for each in x { each.grad = 0 }
          let slope = gradients[element]
          if !slope.isConstant { slope.backward() }
          return x.map(\.grad)
        }
        check(rows.flatMap { $0 }, expected, "\(name), of a created graph", scale)
      }
    }
  }

  func testCompiledFunctions() throws {
    for n in [2, 3] {
      let rows = SoftmaxRow.all.filter { $0.x.count == n }, samples = Samples(rows.map(\.x))
      for member in SoftmaxFamilyTests.members(n) {
        let f = try compile(at: rows[0].x, of: member.f)
        let inner = try compile(at: rows[0].x) { x in gradient(at: x, of: member.f) }
        let slopes = try (0..<n).map { k in try compile(at: rows[0].x) { x in gradient(at: x, of: member.f)[k] } }
        let values = try f.values(at: samples), gradients = try f.gradients(at: samples).rows
        let innerGradients = try inner.results(at: samples).rows
        let hessians = try slopes.map { try $0.gradients(at: samples).rows }
        for (s, row) in rows.enumerated() {
          let name = "\(member.name) at \(row.x), compiled", expected = member.hessian(row)
          let scale = member.scale(row)
          check([values[s]], [member.value(row)], name)
          check(gradients[s], member.gradient(row), "\(name), gradient")
          check(innerGradients[s], member.gradient(row), "\(name), inner gradient")
          check(hessians.flatMap { $0[s] }, expected, "\(name), gradient of an inner gradient", scale)
        }
        XCTAssertEqual([f.pathCount, inner.pathCount] + slopes.map(\.pathCount), [1, 1] + slopes.map { _ in 1 })
      }
    }
  }

  func testBinaryCrossEntropyOfLogits() throws {
    for t in [0, 1, 0.25] {
      let cases = SoftmaxLogit.all.filter { $0.t == t }
      let f = { (x: [Value]) -> Value in
        SoftmaxFamilyTests.matrix(x).losses(.binaryCrossEntropy, expected: [t])[0, 0]
      }
      let compiled = try compile(at: [0.5], of: f), inner = try compile(at: [0.5]) { x in gradient(at: x, of: f)[0] }
      for each in cases {
        let name = "binary cross-entropy of \(each.x), \(t)", x = [each.x], slope = each.slope, bend = each.bend
        // Of a difference of two probabilities that are not 0 or 1, places are those of the larger.
        let scale = t == 0.25 ? max(t, slope + t) : nil
        let sample = Samples([x])
        let (value, gradient) = valueWithGradient(at: x, of: f)
        check([value] + (try compiled.values(at: sample)), [each.value, each.value], name)
        check(gradient + [directionalDerivative(at: x, along: [1], of: f)], [slope, slope], "\(name), slopes", scale)
        check(try compiled.gradients(at: sample).rows[0], [slope], "\(name), compiled slope", scale)
        check(try inner.values(at: sample), [slope], "\(name), inner slope", scale)
        check(try inner.gradients(at: sample).rows[0], [bend], "\(name), compiled bend")
        check(hessian(at: x, of: f)[0], [bend], "\(name), bend")
        check(jacobian(at: x) { (x: [Value]) in Micrograd.gradient(at: x, of: f) }[0], [bend], "\(name), nested bend")
      }
      XCTAssertEqual([compiled.pathCount, inner.pathCount], [1, 1])
    }
  }

  private func columns<Result>(_ x: [Double], _ f: ([Double]) -> Result) -> [Result] {
    x.indices.map { k in f(x.indices.map { $0 == k ? 1 : 0 }) }
  }

  private func check(
    _ found: [Double], _ expected: [Double], _ name: String, _ scale: Double? = nil, line: UInt = #line
  ) {
    XCTAssertEqual(found.count, expected.count, name, line: line)
    for (k, (a, b)) in zip(found, expected).enumerated() {
      let places = scale.map { a == b ? 0 : abs(a - b) / $0.ulp } ?? ulps(a, b)
      XCTAssertTrue(places <= 4, "\(name), number \(k): \(a), not \(b), \(places) places off", line: line)
    }
  }
}

/// A row of what make_softmax_family.py wrote.
private struct SoftmaxRow: Decodable {
  let x: [Double]
  let logSumExp: Double
  let p: [Double]
  let others: [Double]
  let logs: [Double]
  let bends: [Double]
  let turns: [Double]

  static let all: [SoftmaxRow] = SoftmaxFile.shared.rows
}

private struct SoftmaxLogit: Decodable {
  let x: Double
  let t: Double
  let value: Double
  let slope: Double
  let bend: Double

  static let all: [SoftmaxLogit] = SoftmaxFile.shared.logits
}

private struct SoftmaxFile: Decodable {
  let rows: [SoftmaxRow]
  let logits: [SoftmaxLogit]

  static let shared: SoftmaxFile = try! readFixture("softmax_family.json")
}
