import Foundation
import Micrograd
import MicrogradNN
import XCTest

/// Compiled losses beside recorded ones, which ``TrainerTests`` compares with a loop written by hand.
final class TrainerEvaluationTests: XCTestCase {
  private func network(_ outputs: Int = 1) -> Sequential {
    var random = PythonRandom(seed: 7)
    return Sequential(Linear(2, 6, using: &random), Activation.tanh, Linear(6, outputs, using: &random))
  }

  private func points(_ count: Int, classes: Int) throws -> Dataset {
    var random = PythonRandom(seed: 11)
    let inputs = (0..<count).map { _ in [random.uniform(-1, 1), random.uniform(-1, 1)] }
    return try Dataset(inputs: inputs, classes: (0..<count).map { $0 % classes })
  }

  private func numbers(_ count: Int, columns: Int, scale: Double = 1) throws -> Dataset {
    var random = PythonRandom(seed: 12)
    let inputs = (0..<count).map { _ in [random.uniform(-1, 1), random.uniform(-1, 1)] }
    let numbers = (0..<count).map { _ in (0..<columns).map { _ in scale * random.uniform(-1, 1) } }
    return try Dataset(inputs: inputs, numbers: numbers)
  }

  private func options(batchSize: Int?) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = 4
    options.batchSize = batchSize
    return options
  }

  private func run<M: Model>(
    _ make: () -> M, _ loss: Loss, _ data: Dataset, _ options: TrainingOptions, compiles: Bool,
    onEpoch: (M) -> Void = { _ in }
  ) throws -> (history: TrainingHistory, parameters: [Double]) {
    var options = options
    options.compiles = compiles
    let model = make()
    var trainer = Trainer(model, Adam(model, learningRate: 0.05), loss, options, seed: 3)
    let history = try trainer.fit(data) { _ in
      onEpoch(model)
      return true
    }
    return (history, model.namedParameters.flatMap(\.data))
  }

  private func assertSame<M: Model>(
    _ make: () -> M, _ loss: Loss, _ data: Dataset, _ options: TrainingOptions, line: UInt = #line
  ) throws {
    let compiled = try run(make, loss, data, options, compiles: true)
    let recorded = try run(make, loss, data, options, compiles: false)
    XCTAssertEqual(compiled.history.evaluation, .compiled, line: line)
    XCTAssertEqual(recorded.history.evaluation, .recorded(reason: "the options say compiles: false"), line: line)
    assertClose(compiled.history.epochs.map(\.loss), recorded.history.epochs.map(\.loss), 1e-12, line: line)
    XCTAssertEqual(compiled.history.epochs.map(\.metric), recorded.history.epochs.map(\.metric), line: line)
    assertClose(compiled.parameters, recorded.parameters, 1e-9, line: line)
  }

  func testEveryLossOfTwoClassesCompilesToTheRecordedRun() throws {
    let data = try points(50, classes: 2)
    for loss in [Loss.hinge, .squaredHinge, .binaryCrossEntropy] {
      for batchSize in [1, 7, nil] {
        var options = options(batchSize: batchSize)
        options.metric = .accuracy
        options.l2Penalty = 1e-3
        try assertSame({ network() }, loss, data, options)
      }
    }
  }

  func testEveryLossOfNumbersCompilesToTheRecordedRun() throws {
    let data = try numbers(50, columns: 3)
    for loss in [Loss.meanSquared, .meanAbsolute, .huber(delta: 0.2)] {
      for batchSize in [1, 7, nil] { try assertSame({ network(3) }, loss, data, options(batchSize: batchSize)) }
    }
  }

  func testCrossEntropyOfThreeClassesCompilesToTheRecordedRun() throws {
    var options = options(batchSize: 8)
    options.metric = .accuracy
    options.clipping = .norm(0.1)
    try assertSame({ network(3) }, .crossEntropy, points(50, classes: 3), options)
  }

  func testTargetsInPascalsCompileToTheRecordedRun() throws {
    try assertSame({ network(1) }, .meanSquared, numbers(40, columns: 1, scale: 101_325), options(batchSize: 8))
    try assertSame({ network(1) }, .meanSquared, numbers(40, columns: 1, scale: 1e-9), options(batchSize: 8))
  }

  func testLBFGSTakesTheRecordedSteps() throws {
    let data = try points(40, classes: 2)
    var options = options(batchSize: nil)
    options.shuffles = false
    options.l2Penalty = 0.01  // without it, the parameters grow without limit
    var parameters: [[Double]] = []
    for compiles in [true, false] {
      options.compiles = compiles
      let model = network()
      var trainer = Trainer(model, LBFGS(model), .binaryCrossEntropy, options)
      _ = try trainer.fit(data)
      parameters.append(model.namedParameters.flatMap(\.data))
    }
    assertClose(parameters[0], parameters[1], 1e-7)
  }

  func testAnyNumberOfThreadsGivesTheSameBits() throws {
    let data = try points(700, classes: 2)
    var options = options(batchSize: nil)
    let one = try run({ network() }, .hinge, data, options, compiles: true)
    options.threads = 2
    let two = try run({ network() }, .hinge, data, options, compiles: true)
    XCTAssertEqual(one.parameters, two.parameters)
    XCTAssertEqual(one.history.epochs.map(\.loss), two.history.epochs.map(\.loss))
  }

  func testAModelWithDropoutIsRecorded() throws {
    var random = PythonRandom(seed: 1)
    let model = Sequential(Linear(2, 4, using: &random), Dropout(0.5), Linear(4, 1, using: &random))
    var trainer = Trainer(model, Adam(model), .hinge, options(batchSize: 8))
    guard case .recorded(let reason) = try trainer.fit(points(20, classes: 2)).evaluation else {
      return XCTFail("compiled")
    }
    XCTAssertTrue(reason.contains("draws random numbers"), reason)
  }

  /// Subtracts the mean of the batch.
  private struct Centred: Model, CompositeModule {
    let linear: Sequential
    var children: KeyValuePairs<String, any Module> { ["linear": linear] }
    func callAsFunction(_ batch: Matrix) -> Matrix {
      let outputs = linear(batch), mean = outputs.mean()
      return outputs - Matrix(rows: outputs.rows, columns: 1, values: Array(repeating: mean, count: outputs.rows))
    }
  }

  func testAModelThatMixesRowsIsRecorded() throws {
    let data = try points(40, classes: 2), options = options(batchSize: 8)
    let wanted = try run({ Centred(linear: network()) }, .hinge, data, options, compiles: true)
    let recorded = try run({ Centred(linear: network()) }, .hinge, data, options, compiles: false)
    XCTAssertEqual(
      wanted.history.evaluation, .recorded(reason: "the model computes a row from other rows, or changes"))
    XCTAssertEqual(wanted.parameters, recorded.parameters)
  }

  /// Has a state that is no parameter.
  private struct Heated: Model, CompositeModule {
    final class Temperature { var value = 1.0 }
    let linear: Sequential
    let temperature = Temperature()
    var children: KeyValuePairs<String, any Module> { ["linear": linear] }
    func callAsFunction(_ batch: Matrix) -> Matrix { linear(batch) * temperature.value }
  }

  func testAStateThatChangesBetweenEpochsCounts() throws {
    let data = try points(40, classes: 2), options = options(batchSize: 8)
    func cool(_ model: Heated) { model.temperature.value *= 0.5 }
    let make = { [self] in Heated(linear: network()) }
    let compiled = try run(make, .binaryCrossEntropy, data, options, compiles: true, onEpoch: cool)
    let recorded = try run(make, .binaryCrossEntropy, data, options, compiles: false, onEpoch: cool)
    XCTAssertEqual(compiled.history.evaluation, .compiled)
    assertClose(compiled.parameters, recorded.parameters, 1e-10)
  }

  func testALargeModelIsRecordedForSmallBatches() throws {
    var random = PythonRandom(seed: 1)
    let model = Sequential(Linear(2, 1000, using: &random), Linear(1000, 1, using: &random))
    var trainer = Trainer(model, Adam(model), .hinge, options(batchSize: 1))
    let history = try trainer.fit(points(3, classes: 2))
    XCTAssertEqual(
      history.evaluation,
      .recorded(reason: "the model has 4001 parameters; for batches of this size, up to 2500 are compiled"))
  }

  func testALossThatIsNotFiniteNamesItsOriginInCompiledRunsToo() throws {
    struct Logarithm: Model {
      let weight = Parameters([1, 1])
      var parameters: [Value] { Array(weight) }
      func callAsFunction(_ batch: Matrix) -> Matrix {
        (batch.affine(weights: weight.matrix(rows: 1, columns: 2))).log()
      }
    }
    let data = try Dataset(inputs: [[1, 1], [2, 2], [0, 0]], numbers: [1, 2, 3])
    let model = Logarithm()
    var options = options(batchSize: 1)
    options.shuffles = false
    var trainer = Trainer(model, SGD(model, learningRate: 1e-3), .meanSquared, options)
    XCTAssertThrowsError(try trainer.fit(data)) {
      guard case .notFinite("the loss", let origin, 1, 3) = $0 as? TrainingError else { return XCTFail("\($0)") }
      XCTAssertEqual(origin?.data, -.infinity)
    }
  }
}
