import Micrograd
import MicrogradNN
import XCTest

/// Modules, losses and optimisers are the same in compiled functions and around them.
final class CompiledModelTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func samples(_ count: Int, width: Int, seed: Int) -> Samples {
    var random = PythonRandom(seed: seed)
    return Samples((0..<count * width).map { _ in random.uniform(-1, 1) }, width: width)
  }

  /// Compiled means and gradients against those of one recording of all samples.
  private func assertTrainsAsRecorded(
    _ model: some Module, width: Int, line: UInt = #line, _ loss: @escaping ([Value]) -> Value
  ) throws {
    let batch = samples(37, width: width, seed: 5)
    let f = try compile(at: batch[0]) { x in loss(x) }
    model.zeroGradients()
    let expected = Tape.scope {
      let y = batch.rows.map { row in loss(row.map { Value($0) }) }.mean()
      y.backward()
      return y.data
    }
    let gradients = model.parameters.map(\.grad)
    model.zeroGradients()
    XCTAssertEqual(try f.backward(at: batch), expected, accuracy: 1e-13 * max(1, abs(expected)), line: line)
    XCTAssertGreaterThan(gradients.filter { $0 != 0 }.count, gradients.count / 4, line: line)
    for (found, gradient) in zip(model.parameters.map(\.grad), gradients) {
      XCTAssertEqual(found, gradient, accuracy: 1e-13 * max(1, abs(gradient)), line: line)
    }
  }

  /// The notebook's training, its loss compiled.
  private func trainOnMoons(_ precision: CompiledFunction.Precision) throws -> (loss: Double, accuracy: Double) {
    var numpy = NumPyRandom(seed: 1337)
    let points = makeMoons(noise: 0.1, using: &numpy)
    var python = PythonRandom(seed: 1337)
    let model = MLP(2, [16, 16, 1], using: &python)
    var optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
    let f = try compile(at: [0, 0, 1], precision: precision) { x in
      maxMarginLoss(scores: model([x[0], x[1]]), expected: [x[2]]) + l2Penalty(model, weight: 1e-4)
    }
    let batch = Samples(zip(points.inputs, points.signedLabels).map { $0 + [$1] })
    var loss = 0.0
    for _ in 0..<100 {
      model.zeroGradients()
      loss = try f.backward(at: batch)
      optimizer.step()
    }
    let scores = points.inputs.map { input in Tape.scope { model(input.map { Value($0) })[0].data } }
    let right = zip(scores, points.signedLabels).filter { $0 * $1 > 0 }.count
    return (loss, Double(right) / Double(scores.count))
  }

  func testTrainingInFloatIsAsAccurateAsInDouble() throws {
    let (double, float) = (try trainOnMoons(.double), try trainOnMoons(.float))
    XCTAssertEqual(double.accuracy, 1)
    XCTAssertEqual(float.accuracy, double.accuracy)
    XCTAssertEqual(float.loss, double.loss, accuracy: 0.01)
    XCTAssertNotEqual(float.loss, double.loss)
  }

  func testEveryEvaluationOfANetworkCompilesToTheSame() throws {
    for evaluation in [Evaluation.scalar, .fused, .blas, .automatic] {
      var random = PythonRandom(seed: 1)
      let model = MLP(3, [5, 4, 2], evaluation: evaluation, using: &random)
      try assertTrainsAsRecorded(model, width: 4) { x in
        let scores = model(Array(x[..<3]))
        return (1 - x[3] * scores[0]).relu() + scores[1].squared() + l2Penalty(model.parameters, weight: 1e-3)
      }
    }
  }

  func testALayerMayTakeParametersAsInputs() throws {
    var random = PythonRandom(seed: 2)
    for evaluation in [Evaluation.scalar, .fused, .blas] {
      let model = MLP(3, [4, 2], evaluation: evaluation, using: &random)
      try assertTrainsAsRecorded(model, width: 2) { x in
        let y = model([x[0], model.parameters[1], x[1]])
        return sum(y.map { $0.squared() })
      }
    }
  }

  func testLossesAgree() throws {
    var random = PythonRandom(seed: 3)
    let model = MLP(2, [4, 3], using: &random)
    let targets = [0.3, -1, 1]
    try assertTrainsAsRecorded(model, width: 2) { x in
      let y = model(x), row = Matrix(rows: 1, columns: 3, values: y)
      var losses = [crossEntropy(logits: y, class: 1), huberLoss(predicted: y, expected: targets, delta: 0.2)]
      losses += [
        maxMarginLoss(scores: row, expected: [1, -1, 1]), squaredHingeLoss(scores: row, expected: [1, -1, 1]),
      ]
      losses += [
        meanSquaredError(predicted: row, expected: targets), meanAbsoluteError(predicted: y, expected: targets),
      ]
      losses += [binaryCrossEntropy(logits: row, expected: [0, 0.5, 1]), crossEntropy(logits: row, classes: [2])]
      return sum(losses) + l2Penalty(model, weight: 0.01)
    }
  }

  func testNormsAndEmbeddingsAgree() throws {
    var random = PythonRandom(seed: 4)
    let norm = LayerNorm(3), layer = MLP(3, [3], using: &random), table = Embedding(count: 4, width: 3, using: &random)
    try assertTrainsAsRecorded(layer, width: 3) { x in
      let y = norm(Matrix(rows: 1, columns: 3, values: layer(x))) + table([2])
      return y.rmsNorm(gain: Vector.constant([1, 2, -1])).softmax()[0, 1]
    }
  }

  func testAnOptimizerTrainsThroughACompiledLoss() throws {
    func losses(_ compiled: Bool) throws -> [Double] {
      var random = PythonRandom(seed: 6)
      let model = MLP(2, [6, 1], using: &random)
      var optimizer = Adam(model.parameters, learningRate: 0.05)
      let batch = samples(64, width: 2, seed: 7)
      func loss(_ x: [Value]) -> Value { (model(x)[0] - x[0] * x[1]).squared() }
      let f = try compile(at: [0, 0]) { x in loss(x) }
      return try (0..<50).map { _ in
        model.zeroGradients()
        defer { optimizer.step() }
        if compiled { return try f.backward(at: batch) }
        return Tape.scope {
          let y = batch.rows.map { row in loss(row.map { Value($0) }) }.mean()
          y.backward()
          return y.data
        }
      }
    }
    let compiled = try losses(true)
    for (found, expected) in zip(compiled, try losses(false)) { XCTAssertEqual(found, expected, accuracy: 1e-10) }
    XCTAssertLessThan(compiled[49], compiled[0] / 4)
  }

  func testDropoutInTrainingIsAnErrorAndOtherwiseTheIdentity() throws {
    let dropout = Dropout(0.5)
    XCTAssertThrowsError(
      try compile(at: [1, 2]) { x in
        var random = PythonRandom(seed: 1)
        return dropout(Matrix(rows: 1, columns: 2, values: x), training: &random).sum()
      }
    ) { XCTAssertTrue("\($0)".contains("draws random numbers (dropout, in training)"), "\($0)") }
    let f = try compile(at: [1, 2]) { x in dropout(Matrix(rows: 1, columns: 2, values: x)).sum() }
    XCTAssertEqual(try f.values(at: Samples([[3, 4]])), [7])
  }
}
