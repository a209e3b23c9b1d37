import Foundation
import Micrograd
import MicrogradNN
import TestSupport
import XCTest

/// The examples of the article Compiled.md, run and checked; and a check that they are these examples.
final class CompiledArticleTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testTheFirstExample() throws {
    let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
    let points = Samples([[1, 2], [3, 4]])
    let values = try f.values(at: points)  // [2.3679, 12.0498]
    let gradients = try f.gradients(at: points)  // [1.6321, 1.0], [3.9502, 3.0]
    assertClose(values, [2 + exp(-1), 12 + exp(-3)], 1e-14)
    assertClose(values, [2.3679, 12.0498], 5e-5)
    assertClose(gradients[0], [2 - exp(-1), 1], 1e-14)
    assertClose(gradients[1], [4 - exp(-3), 3], 1e-14)
  }

  func testTraining() throws {
    var numpy = NumPyRandom(seed: 1)
    var random = PythonRandom(seed: 1337)
    let moons = makeMoons(count: 60, noise: 0.1, using: &numpy)
    let batch = Samples(zip(moons.inputs, moons.signedLabels).map { $0 + [$1] })
    let model = MLP(2, [16, 16, 1], using: &random)
    var optimizer = SGD(model, learningRate: 0.1)
    let loss = try compile(at: [0, 0, 1]) { x in
      let margin = x[2] * model([x[0], x[1]])[0]
      return (1 - margin).relu() + 1e-4 * sum(model.parameters.map { $0 * $0 })
    }
    let before = try loss.backward(at: batch)
    for _ in 0..<30 {
      model.zeroGradients()
      try loss.backward(at: batch)
      optimizer.step()
    }
    XCTAssertLessThan(try loss.backward(at: batch), before / 2)

    let article = try article()
    let text = loss.text(of: .gradientByParameters)
    for example in article.components(separatedBy: "```text\n  ").dropFirst() {
      let line = example.components(separatedBy: "\n```")[0]
      XCTAssertTrue(text.contains("\n  \(line)\n"), "\(line) is not in\n\(text)")
    }
    XCTAssertGreaterThan(loss.figures(of: .values).hoistedValues, 0, "the penalty is computed once a call")
  }

  func testAnIf() throws {
    let root = try compile(at: [4]) { x in x[0] > 0 ? sqrt(x[0]) : 0 * x[0] }
    let roots = try root.values(at: Samples([[4], [-1], [9]]))  // [2.0, 0.0, 3.0]
    XCTAssertEqual(roots, [2, 0, 3])
    let count =
      root.pathCount  // 2
    XCTAssertEqual(count, 2)
  }

  func testJacobiansAndHessians() throws {
    let f = try compile(at: [1, 1]) { x in 100 * (x[1] - x[0].squared()).squared() + (1 - x[0]).squared() }
    let bend = try f.hessian(at: [1, 1])  // [[802.0, -400.0], [-400.0, 200.0]]
    let product = try f.hessianVectorProduct(at: [1, 1], along: [1, 2])  // [2.0, 0.0]
    let all = try f.hessians(at: Samples([[1, 1], [0, 0]]))  // a row of four numbers for each sample
    XCTAssertEqual(bend, [[802, -400], [-400, 200]])
    XCTAssertEqual(product, [2, 0])
    XCTAssertEqual(all.rows, [[802, -400, -400, 200], [2, 0, 0, 200]])

    let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
    let jacobian = try polar.jacobian(at: [3, 4])  // [[0.6, 0.8], [-0.16, 0.12]]
    let weighted = try polar.vectorJacobianProduct(at: [3, 4], along: [5, 25])  // [-1.0, 7.0]
    assertClose(jacobian[0] + jacobian[1], [0.6, 0.8, -0.16, 0.12], 1e-15)
    assertClose(weighted, [-1, 7], 1e-14)

    var (gradient, hessian) = ([0.0, 0.0], [0.0, 0.0, 0.0, 0.0])
    for _ in 0..<100 { try f.valueWithHessian(at: [0.5, 2], into: &gradient, hessian: &hessian) }
    assertClose(gradient, [-400 * 0.5 * 1.75 - 1, 350], 1e-12)
    assertClose(hessian, [1200 * 0.25 - 800 + 2, -200, -200, 200], 1e-12)
  }

  func testDerivativesInsideAddNoPath() throws {
    let slope = try compile(at: [1]) { x in gradient(at: x[0]) { y in abs(y) * y } }
    let slopes = try slope.values(at: Samples([[3], [-2], [0]]))  // [6.0, 4.0, 0.0]
    XCTAssertEqual(slopes, [6, 4, 0])
    let count =
      slope.pathCount  // 1
    XCTAssertEqual(count, 1)
    let logarithm = try compile(at: [1]) { x in gradient(at: x[0]) { y in log(exp(y)) } }
    XCTAssertTrue(try logarithm.values(at: Samples([[800]]))[0].isNaN)
    XCTAssertEqual(gradient(at: Value(800)) { y in log(exp(y)) }.data, 0)
  }

  func testAChoice() throws {
    let root = try compile(at: [4], branching: .refuse) { x in select(x[0] > 0, sqrt(x[0]), 0) }
    let roots = try root.values(at: Samples([[4], [-1], [9]]))  // [2.0, 0.0, 3.0]
    XCTAssertEqual(roots, [2, 0, 3])
  }

  func testDetached() throws {
    let f = try compile(at: [3]) { x in x[0] * x[0].detached }
    let gradients = try f.gradients(at: Samples([[3], [5]]))  // [3.0], [5.0]: with x[0].data, an error
    XCTAssertEqual(gradients.rows, [[3], [5]])
    XCTAssertThrowsError(try compile(at: [3]) { x in x[0] * x[0].data })
  }

  func testDerivativesInside() throws {
    let w = Parameters([1.5, -0.5])
    let residual = try compile(at: [0]) { t in
      let slope = gradient(at: t[0]) { t in w[0] * exp(w[1] * t) }
      return (slope + w[0] * exp(w[1] * t[0])).squared()
    }
    let mean = try residual.backward(at: Samples([[0], [1], [2]]))  // 0.2819

    // (w0 w1 + w0)² exp(2 w1 t)
    let powers: [Double] = [1, Foundation.exp(-1.0), Foundation.exp(-2.0)]
    XCTAssertEqual(mean, 0.1875 * powers.reduce(0, +), accuracy: 1e-14)
    XCTAssertEqual(mean, 0.2819, accuracy: 5e-5)
  }

  func testPrecision() throws {
    let f = try compile(at: [1, 2], precision: .float) { x in x[0] * x[1] + exp(-x[0]) }
    let values = try f.values(at: Samples([[1, 2], [3, 4]]))  // [2.3679, 12.0498], to some 7 digits
    assertClose(values, [2 + exp(-1), 12 + exp(-3)], 1e-6)
    XCTAssertNotEqual(values, [2 + exp(-1), 12 + exp(-3)])
  }

  func testThreads() throws {
    let f = try compile(at: [3]) { x in sin(x[0]) }
    let samples = Samples((0..<1000).map(Double.init), width: 1)
    let values = try f.values(at: samples)
    f.threads = 2
    XCTAssertEqual(try f.values(at: samples), values)
  }

  func testOneSampleAtATime() throws {
    let potential = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
    let value = try potential(at: [0, 5])  // 1.0
    var slope = [0.0, 0.0]
    try potential.valueWithGradient(at: [0, 5], into: &slope)  // slope: [4.0, 0.0]
    XCTAssertEqual(value, 1)
    XCTAssertEqual(slope, [4, 0])
    let evaluator = try potential.evaluator()
    let elsewhere = try evaluator.valueWithGradient(at: [0, 5])  // (value: 1.0, gradient: [4.0, 0.0])
    XCTAssertEqual(elsewhere.value, 1)
    XCTAssertEqual(elsewhere.gradient, [4, 0])
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).function").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try potential.save(to: path)
    let loaded = try CompiledFunction(contentsOf: path)
    let same = try loaded(at: [0, 5])  // 1.0
    XCTAssertEqual(same, 1)
  }

  func testShapes() throws {
    let norms = CompiledShapes(example: { length in [Double](repeating: 1, count: length) }) { length, x in
      sqrt(dot(x, x))
    }
    let plane = try norms.function(for: 2).values(at: Samples([[3, 4]]))  // [5.0]
    let space = try norms.function(for: 3).values(at: Samples([[1, 2, 2]]))  // [3.0]
    XCTAssertEqual([plane, space], [[5], [3]])
    let shapes =
      norms.shapes  // [2, 3]
    XCTAssertEqual(shapes, [2, 3])
  }

  func testTheTextOfAProgram() throws {
    let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
    let text = f.text(of: .values)
    XCTAssertTrue(try article().contains("```text\n\(text)\n```"), text)
  }

  func testTheDocumentedExamplesAreTheTestedOnes() throws {
    let tested = Documented.lines(try String(contentsOfFile: #filePath, encoding: .utf8))
    let examples = try article().components(separatedBy: "```swift\n").dropFirst()
    XCTAssertEqual(examples.count, 15)
    for example in examples {
      let code = Documented.lines(example.components(separatedBy: "\n```")[0])
      for line in code { XCTAssertTrue(tested.contains(line), line) }
    }
  }

  private func article() throws -> String { try Documented.text("Sources/Micrograd/Micrograd.docc/Compiled.md") }
}
