import Foundation
import Micrograd
import MicrogradNN
import TestSupport
import XCTest

/// The examples of README.md and of the articles, compiled, run and checked; and a check that they are these examples.
final class DocumentationTests: XCTestCase {
  func testTheExpressionOfTheREADME() {
    var printed: [String] = []
    func print(_ value: Value) { printed.append("\(value)") }

    let a = Value(-4.0)
    let b = Value(2.0)
    var c = a + b
    var d = a * b + b ** 3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    let e = c - d
    let f = e ** 2
    var g = f / 2.0
    g += 10.0 / f
    g.backward()
    print(g)  // Value(data: 24.7041, grad: 1.0)
    print(a)  // Value(data: -4.0, grad: 138.8338)
    print(b)  // Value(data: 2.0, grad: 645.5773)

    XCTAssertEqual(
      printed,
      ["Value(data: 24.7041, grad: 1.0)", "Value(data: -4.0, grad: 138.8338)", "Value(data: 2.0, grad: 645.5773)"])
  }

  func testTheGradientOfTheREADME() {
    let (value, gradient) = valueWithGradient(at: [1, 2, 3]) { x in
      x[0] * x[1] + exp(-x[2])
    }
    // value 2.0498, gradient [2.0, 1.0, -0.0498]
    XCTAssertEqual(value, 2.0498, accuracy: 5e-5)
    XCTAssertEqual(gradient[0], 2)
    XCTAssertEqual(gradient[1], 1)
    XCTAssertEqual(gradient[2], -0.0498, accuracy: 5e-5)
  }

  func testTheCompiledTrainingOfTheREADME() throws {
    var random = PythonRandom(seed: 1337)
    let model = MLP(2, [16, 16, 1], using: &random)
    var optimizer = SGD(model, learningRate: 0.5)
    let loss = try compile(at: [0, 0, 1]) { x in
      maxMarginLoss(scores: model([x[0], x[1]]), expected: [x[2]])
    }
    let points = Samples([[2, 3, 1], [3, -1, -1], [0.5, 1, -1]])
    for _ in 0..<100 {
      model.zeroGradients()
      try loss.backward(at: points)
      optimizer.step()
    }
    try print(loss.values(at: points))  // [0.0, 0.0, 0.0]

    XCTAssertEqual(try loss.values(at: points), [0, 0, 0])
  }

  func testTheTrainingOfTheREADME() {
    var random = PythonRandom(seed: 1337)
    let model = MLP(2, [16, 16, 1], using: &random)
    var optimizer = SGD(model, learningRate: 0.5)
    for _ in 0..<20 {
      Tape.scope {
        let scores = [model([2.0, 3.0])[0], model([3.0, -1.0])[0]]
        let loss = maxMarginLoss(scores: scores, expected: [1, -1])
        model.zeroGradients()
        loss.backward()
        optimizer.step()
      }
    }

    withoutGradients {
      XCTAssertGreaterThan(model([2.0, 3.0])[0].data, 0)
      XCTAssertLessThan(model([3.0, -1.0])[0].data, 0)
    }
  }

  func testTheOverviewOfTheArticle() {
    func print(_ y: Double, _ grad: Double) { XCTAssertEqual([y, grad], [15, 8]) }

    let x = Value(3.0)
    let y = x * x + 2 * x
    y.backward()
    print(y.data, x.grad)  // 15.0 8.0
  }

  func testTheMatrixOfTheArticle() {
    func print(_ y: Double, _ gradients: [Double]) { XCTAssertEqual([y] + gradients, [0, 1, 0, 1, 1]) }

    let x = Matrix([[1, -2], [3, 4]])
    let y = x.relu()
    y.sum().backward()
    print(y[0, 1].data, x.gradients)  // 0.0 [1.0, 0.0, 1.0, 1.0]
  }

  func testTheTrainerOfTheArticle() throws {
    func print(_ accuracy: Double) { XCTAssertEqual(accuracy, 1) }
    func print(_ isPositive: Bool) { XCTAssertTrue(isPositive) }

    var random = PythonRandom(seed: 1), numpy = NumPyRandom(seed: 1)
    let points = try Dataset(makeMoons(count: 500, noise: 0.1, using: &numpy))
    let (training, validation) = try points.split(validation: 0.2, using: &random)
    let model = Sequential(Linear(2, 16, using: &random), Activation.tanh, Linear(16, 1, using: &random))
    var options = TrainingOptions()
    options.epochs = 100
    options.metric = .accuracy
    var trainer = Trainer(model, Adam(model, learningRate: 0.02), .binaryCrossEntropy, options, seed: 1)
    let history = try trainer.fit(training, validation: validation)
    print(history.epochs.last?.validationMetric ?? 0)  // 1.0
    let predictor = try model.predictor()
    print(predictor([0.5, -1])[0] > 0)  // true, on any thread
  }

  struct Line: Module {
    let w = Parameters([0, 0])
    var parameters: [Value] { Array(w) }
    func callAsFunction(_ x: Value) -> Value { w[0] * x + w[1] }
  }

  func testAModelOfOnesOwn() {
    let line = Line()
    line(Value(3.0)).backward()
    XCTAssertEqual(line.parameters.map(\.grad), [3, 1])
  }

  func testTheCheckpointsOfTheArticle() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("model.safetensors")
    var random = PythonRandom(seed: 1337)
    let model = MLP(2, [1], using: &random)
    var velocities = [1.0, 2, 3]
    let data = model.parameters.map(\.data)

    try model.save(to: file, renaming: MLP.nameInSequential)
    try model.load(from: file, renaming: MLP.nameInSequential)
    XCTAssertEqual(model.parameters.map(\.data), data)

    let state = OptimizerState(kind: "Momentum", stepCount: 20, buffers: ["momentum_buffer": velocities])
    try Checkpoint(model, optimizer: state, randomStreams: ["noise": random.savedState], step: 20).write(to: file)

    let checkpoint = try Checkpoint(contentsOf: file)
    try checkpoint.restore(into: model)
    velocities = try checkpoint.optimizerState(for: model)?.buffers["momentum_buffer"] ?? []
    random = try checkpoint.randomStream("noise", PythonRandom.init)
    XCTAssertEqual(velocities, [1, 2, 3])
    XCTAssertEqual(checkpoint.step, 20)
  }

  func testTheDocumentedExamplesAreTheTestedOnes() throws {
    let tested = try [
      "Tests/MicrogradNNTests/DocumentationTests.swift", "Tests/MicrogradTests/ReferenceEngine.swift",
      "Tests/MicrogradTests/WorkedExampleTests.swift", "Tests/MicrogradTests/ReferenceExamplesTests.swift",
      "Tests/MicrogradOptimizationTests/DocumentationTests.swift",
    ].map { Documented.lines(try Documented.text($0)) }
    for document in [
      "README.md", "Sources/Micrograd/Micrograd.docc/Micrograd.md", "Sources/Micrograd/Micrograd.docc/HowItWorks.md",
      "Sources/MicrogradNN/MicrogradNN.docc/MicrogradNN.md",
    ] {
      let text = try Documented.text(document)
      let examples = text.components(separatedBy: "```swift\n").dropFirst()
      XCTAssertFalse(examples.isEmpty, document)
      for example in examples {
        let code = Documented.lines(example.components(separatedBy: "\n```")[0]).filter { !$0.hasPrefix("import ") }
        XCTAssertTrue(tested.contains { $0.contains(code) }, "\(document): \(code.first ?? "")")
      }
    }
  }
}
