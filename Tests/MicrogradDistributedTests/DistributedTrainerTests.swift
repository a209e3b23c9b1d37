import Foundation
import Micrograd
import MicrogradDistributed
import MicrogradNN
import TestSupport
import XCTest

/// Training on ranks gives the same bits for any number of ranks and threads.
final class DistributedTrainerTests: XCTestCase {
  // MARK: - The same bits

  func testAdamHasTheSameBitsForAnyNumberOfRanks() throws {
    try assertSameBits { Adam($0, learningRate: 0.01) }
  }

  func testSGDWithMomentumHasTheSameBitsForAnyNumberOfRanks() throws {
    try assertSameBits { SGD($0, learningRate: 0.05, momentum: 0.9) }
  }

  func testLBFGSHasTheSameBitsForAnyNumberOfRanks() throws {
    try assertSameBits(configure: { $0.batchSize = nil }) { LBFGS($0, lineSearch: .strongWolfe) }
  }

  func testClippingPenaltyAndEarlyStoppingHaveTheSameBits() throws {
    try assertSameBits(configure: {
      $0.clipping = .norm(0.5)
      $0.l2Penalty = 1e-3
      $0.earlyStopping = EarlyStopping(patience: 2)
    }) { Adam($0, learningRate: 0.05) }
  }

  func testRecordedBatchesHaveTheSameBits() throws {
    try assertSameBits(configure: { $0.compiles = false }) { Adam($0, learningRate: 0.01) }
  }

  func testDropoutHasTheSameBits() throws {
    try assertSameBits(dropout: 0.3) { Adam($0, learningRate: 0.01) }
  }

  func testMoreRanksThanBlocksHaveTheSameBits() throws {
    // A batch of 300 has two blocks, the last of 200 one.
    try assertSameBits(ranks: [1, 2, 5], configure: { $0.batchSize = 300 }) { Adam($0, learningRate: 0.01) }
  }

  /// Trains on each number of ranks, with one and with two threads, and compares all that is left with one rank.
  private func assertSameBits(
    ranks: [Int] = [1, 2, 3, 4, 7], dropout: Double = 0,
    configure: @escaping @Sendable (inout TrainingOptions) -> Void = { _ in },
    _ optimizer: @escaping @Sendable (Sequential) -> any ResumableOptimizer, line: UInt = #line
  ) throws {
    let data = try Self.data()
    var expected: Outcome?
    for size in ranks {
      for threads in size == 1 || size == 3 ? [1, 2] : [1] {
        let outcomes = try InProcessCommunicator.run(ranks: size) { communicator in
          var options = Self.options
          configure(&options)
          options.threads = threads
          return try Self.train(data, options, dropout: dropout, on: communicator, optimizer)
        }
        let first = expected ?? outcomes[0]
        expected = first
        for (rank, outcome) in outcomes.enumerated() {
          XCTAssertEqual(outcome, first, "rank \(rank) of \(size), \(threads) threads", line: line)
        }
      }
    }
    // The run has learnt something: the comparison is not one of NaN or of nothing.
    let losses = try XCTUnwrap(expected).losses
    XCTAssertLessThan(try XCTUnwrap(losses.last), try XCTUnwrap(losses.first), line: line)
  }

  // MARK: - The ordinary trainer

  func testABatchOfOneBlockHasTheBitsOfATrainer() throws {
    for (compiles, dropout) in [(true, 0.0), (false, 0), (true, 0.2)] {
      let data = try Self.data()
      var options = Self.options
      options.batchSize = 256
      options.l2Penalty = 1e-3
      options.compiles = compiles
      let found = try InProcessCommunicator.run(ranks: 3) { [options] communicator in
        try Self.train(data, options, dropout: dropout, on: communicator) { Adam($0, learningRate: 0.01) }
      }
      let model = Self.model(dropout: dropout)
      var trainer = Trainer(model, Adam(model, learningRate: 0.01), .binaryCrossEntropy, options, seed: 5)
      let history = try trainer.fit(data.training, validation: data.validation)
      XCTAssertEqual(found[2], Outcome(history, trainer.checkpoint))
    }
  }

  func testALargeBatchHasTheNumbersOfATrainerToRounding() throws {
    let data = try Self.data()
    let found = try InProcessCommunicator.run(ranks: 3) { communicator in
      try Self.train(data, Self.options, on: communicator) { Adam($0, learningRate: 0.01) }
    }
    let model = Self.model()
    var trainer = Trainer(model, Adam(model, learningRate: 0.01), .binaryCrossEntropy, Self.options, seed: 5)
    let history = try trainer.fit(data.training, validation: data.validation)
    for (a, b) in zip(found[0].losses, Outcome(history, trainer.checkpoint).losses) {
      XCTAssertEqual(a, b, accuracy: 1e-10)
    }
  }

  // MARK: - Files and callbacks

  func testOnlyTheFirstRankWritesAndAResumedRunOnOtherRanksHasTheSameBits() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ranks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let data = try Self.data()
    let file = folder.appendingPathComponent("run.safetensors"), log = folder.appendingPathComponent("log.csv")
    var options = Self.options
    (options.checkpoint, options.log) = (file, log)
    let whole = try InProcessCommunicator.run(ranks: 2) { [options] communicator in
      try Self.train(data, options, on: communicator) { Adam($0, learningRate: 0.01) }
    }
    let bytes = try Data(contentsOf: file)
    XCTAssertEqual(try String(contentsOf: log, encoding: .utf8).split(separator: "\n").count, 1 + options.epochs)

    options.epochs = 2
    _ = try InProcessCommunicator.run(ranks: 3) { [options] communicator in
      try Self.train(data, options, on: communicator) { Adam($0, learningRate: 0.01) }
    }
    options.epochs = Self.options.epochs
    let resumed = try InProcessCommunicator.run(ranks: 4) { [options] communicator in
      let model = Self.model()
      var trainer = DistributedTrainer(
        model, Adam(model, learningRate: 0.01), .binaryCrossEntropy, options, seed: 5, communicator: communicator)
      try trainer.resume(from: Checkpoint(contentsOf: file))
      _ = try trainer.fit(data.training, validation: data.validation)
      return trainer.checkpoint
    }
    XCTAssertEqual(resumed[3], whole[0].checkpoint)
    XCTAssertEqual(try Data(contentsOf: file), bytes)
  }

  func testTheFirstRankDecidesWhenToStop() throws {
    let data = try Self.data()
    let epochs = try InProcessCommunicator.run(ranks: 3) { communicator in
      let model = Self.model()
      var trainer = DistributedTrainer(
        model, Adam(model), .binaryCrossEntropy, Self.options, seed: 5, communicator: communicator)
      return try trainer.fit(data.training) { report in communicator.rank != 0 || report.epoch < 2 }.epochs.count
    }
    XCTAssertEqual(epochs, [2, 2, 2])
  }

  func testScoresAreThoseOfATrainer() throws {
    let data = try Self.data()
    let scores = try InProcessCommunicator.run(ranks: 3) { communicator in
      let model = Self.model()
      let trainer = DistributedTrainer(
        model, Adam(model), .binaryCrossEntropy, Self.options, seed: 5, communicator: communicator)
      let score = try trainer.evaluate(data.training)
      return [score.loss, score.metric ?? .nan]
    }
    let model = Self.model()
    let expected = try Trainer(model, Adam(model), .binaryCrossEntropy, Self.options).evaluate(data.training)
    XCTAssertEqual(scores, Array(repeating: [expected.loss, expected.metric!], count: 3))
  }

  func testMetricsOfABatchAreThoseOfAllItsRows() throws {
    let moons = try Self.data().training
    guard case .classes(let classes, _) = moons.targets else { return XCTFail("moons have classes") }
    func numbers(_ numbers: [Double]) throws -> Dataset {
      try Dataset(inputs: moons.inputs, inputCount: 2, targets: .numbers(numbers, columns: 1))
    }
    let distances = try numbers((0..<moons.count).map { hypot(moons.row($0)[0], moons.row($0)[1]) })
    let largestError = Metric("largest error", isBetterWhenHigher: false) { outputs, targets in
      guard case .numbers(let numbers, _) = targets else { return .nan }
      return zip(outputs.data, numbers).map { abs($0 - $1) }.max() ?? .nan
    }
    try assertMetric(.accuracy, of: moons, .binaryCrossEntropy)
    try assertMetric(.accuracy, of: numbers(classes.map { $0 == 0 ? -1 : 1 }), .hinge)
    try assertMetric(.accuracy, of: numbers(classes.map(Double.init)), .binaryCrossEntropy)
    try assertMetric(.meanAbsoluteError, of: distances, .meanSquared)
    try assertMetric(.meanSquaredError, of: distances, .meanSquared)
    try assertMetric(largestError, of: distances, .meanSquared)
  }

  /// The metric of the first step is that of the model before it, on any number of ranks.
  private func assertMetric(_ metric: Metric, of data: Dataset, _ loss: Loss, line: UInt = #line) throws {
    for compiles in [true, false] {
      var options = Self.options
      (options.metric, options.compiles, options.epochs, options.batchSize) = (metric, compiles, 1, nil)
      let found = try [1, 2, 4].flatMap { size in
        try InProcessCommunicator.run(ranks: size) { [options] communicator in
          let model = Self.model()
          var trainer = DistributedTrainer(model, Adam(model), loss, options, seed: 5, communicator: communicator)
          return try trainer.fit(data).epochs[0].metric ?? .nan
        }
      }
      let model = Self.model()
      let expected = try XCTUnwrap(Trainer(model, Adam(model), loss, options).evaluate(data).metric)
      XCTAssertEqual(Set(found).count, 1, line: line)
      XCTAssertEqual(found[0] / expected, 1, accuracy: 1e-14, metric.name, line: line)
    }
  }

  // MARK: - Errors

  func testADifferentRankIsNamedWithWhatDiffers() throws {
    try assertDiffers("the training data") { setup in setup.data = try Self.data(noise: 0.21) }
    try assertDiffers("the validation data") { setup in
      setup.data = (setup.data.training, try Self.data(noise: 0.21).validation)
    }
    try assertDiffers("the batch size") { setup in setup.options.batchSize = 700 }
    try assertDiffers("the number of epochs") { setup in setup.options.epochs = 9 }
    try assertDiffers("the numbers of the model's parameters") { setup in setup.modelSeed = 2 }
    try assertDiffers("the random streams (the seed or the checkpoint)") { setup in setup.seed = 6 }
    try assertDiffers("the optimiser") { setup in setup.rate = 0.02 }
  }

  private struct Setup {
    var data: (training: Dataset, validation: Dataset)
    var options = DistributedTrainerTests.options
    var seed = 5
    var modelSeed = 1
    var rate = 0.01
  }

  private func assertDiffers(
    _ what: String, line: UInt = #line, _ change: @escaping @Sendable (inout Setup) throws -> Void
  ) throws {
    let data = try Self.data()
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 4) { communicator in
        var setup = Setup(data: data)
        if communicator.rank == 2 { try change(&setup) }
        let model = Self.model(seed: setup.modelSeed)
        var trainer = DistributedTrainer(
          model, Adam(model, learningRate: setup.rate), .binaryCrossEntropy, setup.options, seed: setup.seed,
          communicator: communicator)
        _ = try trainer.fit(setup.data.training, validation: setup.data.validation)
      }, line: line
    ) { XCTAssertEqual($0 as? CommunicationError, .differs(rank: 2, what: what), line: line) }
  }

  func testALossThatIsNotFiniteNamesItsOrigin() throws {
    var inputs = (0..<1000).map { [Double($0) / 1000, 0.5] }
    inputs[777][1] = .nan
    let data = try Dataset(inputs: inputs, classes: (0..<1000).map { $0 % 2 })
    XCTAssertThrowsError(
      try InProcessCommunicator.run(ranks: 4) { communicator in
        let model = Self.model()
        var options = Self.options
        (options.batchSize, options.shuffles) = (nil, false)
        var trainer = DistributedTrainer(
          model, Adam(model), .binaryCrossEntropy, options, seed: 5, communicator: communicator)
        _ = try trainer.fit(data)
      }
    ) { error in
      guard case .notFinite(_, _, let epoch, let step) = error as? TrainingError else { return XCTFail("\(error)") }
      XCTAssertEqual([epoch, step], [1, 1])
    }
  }

  func testAModelThatMixesRowsNeedsBatchesOfOneBlock() throws {
    let data = try Self.data()
    func train(batchSize: Int) throws {
      _ = try InProcessCommunicator.run(ranks: 2) { communicator in
        var random = PythonRandom(seed: 1)
        let model = Centered(inner: Linear(2, 1, using: &random))
        var options = Self.options
        (options.batchSize, options.epochs) = (batchSize, 1)
        var trainer = DistributedTrainer(
          model, SGD(model, learningRate: 0.1), .binaryCrossEntropy, options, communicator: communicator)
        return try trainer.fit(data.training).epochs.count
      }
    }
    try train(batchSize: 256)
    XCTAssertThrowsError(try train(batchSize: 257)) {
      XCTAssertEqual($0 as? DistributedTrainingError, .mixesRows(batchSize: 257))
    }
  }

  // MARK: - What is trained

  /// Two moons: 1100 rows for training and 300 for validation.
  private static func data(noise: Double = 0.2) throws -> (training: Dataset, validation: Dataset) {
    var random = NumPyRandom(seed: 3)
    let all = try Dataset(makeMoons(count: 1400, noise: noise, using: &random))
    return (all.subset(Array(0..<1100)), all.subset(Array(1100..<1400)))
  }

  private static func model(seed: Int = 1, dropout: Double = 0) -> Sequential {
    var random = PythonRandom(seed: seed)
    return Sequential(
      Linear(2, 8, using: &random), Activation.tanh, Dropout(dropout), Linear(8, 1, using: &random))
  }

  private static var options: TrainingOptions {
    var options = TrainingOptions()
    options.epochs = 4
    options.batchSize = 600
    options.metric = .accuracy
    return options
  }

  private static func train(
    _ data: (training: Dataset, validation: Dataset), _ options: TrainingOptions, dropout: Double = 0,
    on communicator: any Communicator, _ optimizer: (Sequential) -> any ResumableOptimizer
  ) throws -> Outcome {
    let model = model(dropout: dropout)
    var trainer = DistributedTrainer(
      model, optimizer(model), .binaryCrossEntropy, options, seed: 5, communicator: communicator)
    let history = try trainer.fit(data.training, validation: data.validation)
    return Outcome(history, trainer.checkpoint)
  }
}

/// What is left of a run, without its speed.
private struct Outcome: Equatable, Sendable {
  let losses: [Double]
  let metrics: [Double?]
  let checkpoint: Checkpoint
  let end: TrainingHistory.End
  let evaluation: FunctionEvaluation

  init(_ history: TrainingHistory, _ checkpoint: Checkpoint) {
    losses = history.epochs.flatMap { [$0.loss] + ($0.validationLoss.map { [$0] } ?? []) }
    metrics = history.epochs.flatMap { [$0.metric, $0.validationMetric] }
    self.checkpoint = checkpoint
    end = history.end
    evaluation = history.evaluation
  }
}

/// Subtracts the mean of a batch from its outputs.
private struct Centered: Model, CompositeModule {
  let inner: Linear
  var children: KeyValuePairs<String, any Module> { ["inner": inner] }
  func callAsFunction(_ batch: Matrix) -> Matrix {
    let outputs = inner(batch)
    let mean = sum(outputs.values) / Double(batch.rows)
    return Matrix(rows: batch.rows, columns: 1, values: outputs.values.map { $0 - mean })
  }
}
