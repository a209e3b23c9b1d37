import Micrograd
import XCTest

/// Jacobians, Hessians and products of compiled functions: what they are at edges, and what they cost in memory.
final class CompiledMatricesTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// Compares all first derivatives with those of a recording, NaN and infinities included.
  private func assertFirst(
    _ name: String, at x: [Double], along v: [Double], weights: [Double], line: UInt = #line,
    _ f: @escaping ([Value]) -> [Value]
  ) throws {
    let compiled = try compile(at: x.map { _ in 0.7 }, of: f)
    assertSame(try compiled.jacobian(at: x).flatMap(\.self), jacobian(at: x, of: f).flatMap(\.self), name, line)
    assertSame(
      try compiled.jacobians(at: Samples([x]))[0], jacobian(at: x, of: f).flatMap(\.self), "\(name), many", line)
    assertSame(
      try compiled.jacobianVectorProduct(at: x, along: v), jacobianVectorProduct(at: x, along: v, of: f),
      "\(name), J v", line)
    assertSame(
      try compiled.vectorJacobianProduct(at: x, along: weights), vectorJacobianProduct(at: x, along: weights, of: f),
      "\(name), vᵀJ", line)
  }

  private func assertSecond(
    _ name: String, at x: [Double], along v: [Double], line: UInt = #line, _ f: @escaping ([Value]) -> Value
  ) throws {
    let compiled = try compile(at: x.map { _ in 0.7 }, of: f)
    assertSame(try compiled.hessian(at: x).flatMap(\.self), hessian(at: x, of: f).flatMap(\.self), name, line)
    assertSame(
      try compiled.hessians(at: Samples([x]))[0], hessian(at: x, of: f).flatMap(\.self), "\(name), many", line)
    var (gradient, product): ([Double], [Double]) = ([], [])
    try compiled.valueWithGradient(at: x, along: v, into: &gradient, hessianProduct: &product)
    assertSame(gradient, Micrograd.gradient(at: x, of: f), "\(name), gradient", line)
    assertSame(product, hessianVectorProduct(at: x, along: v, of: f), "\(name), H v", line)
  }

  private func assertSame(_ found: [Double], _ expected: [Double], _ what: String, _ line: UInt) {
    XCTAssertEqual(found.count, expected.count, what, line: line)
    for (a, b) in zip(found, expected) where !(a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-14 * abs(b)) {
      return XCTFail("\(what): \(found), not \(expected)", line: line)
    }
  }

  func testAZeroMeetsNothingInFirstDerivatives() throws {
    let roots = { (x: [Value]) in [sqrt(x[0]) + x[1], x[0] * x[1], log(exp(x[1]))] }
    try assertFirst("at 0", at: [0, 2], along: [0, 1], weights: [0, 1, 1], roots)
    try assertFirst("at 0, across", at: [0, 2], along: [1, 0], weights: [1, 0, 0], roots)
    try assertFirst("out of range", at: [1, 800], along: [1, 1], weights: [1, 1, 1], roots)
    try assertFirst("below 0", at: [-1, 2], along: [0, 1], weights: [0, 1, 1], roots)
  }

  func testAZeroMeetsNothingInSecondDerivatives() throws {
    let f = { (x: [Value]) in x[0] ** 1.5 + x[1].squared() + log(exp(x[2])) }
    try assertSecond("inside", at: [1, 2, 3], along: [1, 2, 3], f)
    try assertSecond("across the root", at: [0, 0, 1], along: [0, 1, 1], f)
    try assertSecond("along the root", at: [0, 2, 1], along: [1, 1, 0], f)
    try assertSecond("out of range", at: [1, 0, 800], along: [1, 1, 1], f)
    try assertSecond("root itself", at: [0, 2], along: [0, 1]) { x in sqrt(x[0]) + x[1].squared() }
  }

  func testKinksHaveTheDerivativesOfARecording() throws {
    let f = { (x: [Value]) in
      [x[0].relu(), abs(x[0]), max(x[0], x[1]), min(x[0], x[1]), x[0].clamped(to: 0...1), hypot(x[0], x[1])]
    }
    for x in [[0.0, 0], [1, 1], [1, 0], [0, 1]] {
      try assertFirst("at \(x)", at: x, along: [1, -2], weights: [1, 2, 3, 4, 5, 6], f)
      try assertSecond("at \(x)", at: x, along: [1, -2]) { x in sum(f(x).map { $0 * $0 * x[1] }) }
    }
  }

  func testResultsThatDependOnNothingHaveZeroRows() throws {
    let w = Value(2)
    let f = try compile(at: [1, 2]) { x in [.constant(3), w * 2, x[1]] }
    XCTAssertEqual(try f.jacobian(at: [5, 6]), [[0, 0], [0, 0], [0, 1]])
    XCTAssertEqual(try f.jacobianVectorProduct(at: [5, 6], along: [1, 2]), [0, 0, 2])
    XCTAssertEqual(try f.vectorJacobianProduct(at: [5, 6], along: [1, 2, 3]), [0, 3])
    let g = try compile(at: [1, 2]) { _ in w * 2 }
    XCTAssertEqual(try g.hessian(at: [1, 2]), [[0, 0], [0, 0]])
    XCTAssertEqual(try g.hessianVectorProduct(at: [1, 2], along: [1, 1]), [0, 0])
  }

  func testMatricesOfSeveralResultsShareTheirWeights() throws {
    let w = (0..<20).map { Value(Double.sin(Double($0))) }
    let f = { (x: [Value]) -> [Value] in
      let hidden = (0..<4).map { k in tanh(dot(Array(w[4 * k..<4 * k + 4]), x) + w[16 + k]) }
      return (0..<4).map { k in dot(Array(w[4 * k..<4 * k + 4]), hidden).relu() + hidden[k] }
    }
    let x = [0.1, -0.4, 0.8, 0.3]
    let compiled = try compile(at: x, of: f)
    for (found, expected) in zip(try compiled.jacobian(at: x), jacobian(at: x, of: f)) {
      for (a, b) in zip(found, expected) { XCTAssertEqual(a, b, accuracy: 1e-15) }
    }
    w[3].data = 0.9
    for (found, expected) in zip(try compiled.jacobians(at: Samples([x]))[0], jacobian(at: x, of: f).joined()) {
      XCTAssertEqual(found, expected, accuracy: 1e-15)
    }
  }

  func testOtherPathsAreRecordedForDerivativesToo() throws {
    let f = try compile(at: [1]) { x in x[0] > 0 ? x[0].cubed() : -x[0].squared() }
    XCTAssertEqual(try f.hessian(at: [2]), [[12]])
    XCTAssertEqual(try f.hessian(at: [-2]), [[-2]])
    XCTAssertEqual(try f.jacobianVectorProduct(at: [-3], along: [2]), [12])
    XCTAssertEqual(try f.hessians(at: Samples([[1], [-1], [2]])).rows, [[6], [-2], [12]])
    let refusing = try compile(at: [1], branching: .refuse) { x in x[0] > 0 ? x[0].cubed() : -x[0].squared() }
    XCTAssertThrowsError(try refusing.hessian(at: [-2])) { error in
      XCTAssertTrue("\(error)".hasPrefix("samples[0] takes another path at the comparison x[0] > 0.0"), "\(error)")
    }
  }
}
