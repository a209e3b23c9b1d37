import Foundation
import Micrograd
import MicrogradNN
import XCTest

final class TrainerTests: XCTestCase {
  private func network(_ seed: Int, dropout: Double = 0) -> Sequential {
    var random = PythonRandom(seed: seed)
    return Sequential(
      Linear(2, 12, using: &random), Activation.tanh, Dropout(dropout), Linear(12, 1, using: &random))
  }

  private func moons(_ count: Int = 60, noise: Double = 0.1) throws -> Dataset {
    var random = NumPyRandom(seed: 3)
    return try Dataset(makeMoons(count: count, noise: noise, using: &random))
  }

  private func options(epochs: Int, batchSize: Int? = 16) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = epochs
    options.batchSize = batchSize
    return options
  }

  private func temporary(_ name: String) -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)")
  }

  private func parameters(_ model: some Module) -> [Double] { model.namedParameters.flatMap(\.data) }

  func testAStepOnAllSamplesIsTheLoopWrittenByHand() throws {
    let data = try moons(), (byTrainer, byHand) = (network(1), network(1))
    var options = options(epochs: 5, batchSize: nil)
    options.shuffles = false
    options.compiles = false
    options.l2Penalty = 1e-3
    options.clipping = .norm(0.5)
    var trainer = Trainer(byTrainer, SGD(byTrainer, learningRate: 0.3, momentum: 0.9), .hinge, options)
    let history = try trainer.fit(data)
    var optimizer = SGD(byHand, learningRate: 0.3, momentum: 0.9)
    let signs: [Double] = if case .classes(let labels, _) = data.targets { labels.map { $0 == 0 ? -1 : 1 } } else { [] }
    for k in 0..<5 {
      Tape.scope {
        let scores = byHand(Matrix.constant(rows: data.count, columns: 2, data.inputs))
        let loss = maxMarginLoss(scores: scores, expected: signs)
        XCTAssertEqual(history.epochs[k].loss, loss.data, accuracy: 1e-12)
        byHand.zeroGradients()
        (loss + l2Penalty(byHand, weight: 1e-3)).backward()
        clipGradients(of: byHand, toNorm: 0.5)
        optimizer.step()
      }
    }
    XCTAssertEqual(parameters(byTrainer), parameters(byHand))
  }

  func testItLearnsAndJudgesByTheValidationPart() throws {
    var random = PythonRandom(seed: 5)
    let (training, validation) = try moons(200).split(validation: 0.25, using: &random)
    let model = network(2)
    var options = options(epochs: 60)
    options.metric = .accuracy
    var trainer = Trainer(model, Adam(model, learningRate: 0.03), .binaryCrossEntropy, options, seed: 1)
    let history = try trainer.fit(training, validation: validation)
    XCTAssertEqual(history.epochs.count, 60)
    XCTAssertEqual(history.epochs.last?.step, 60 * 10)
    XCTAssertGreaterThan(history.epochs.last?.validationMetric ?? 0, 0.95)
    XCTAssertLessThan(history.epochs.last?.loss ?? 1, 0.1)
    let outputs = model.predictor
    let judged = try trainer.evaluate(validation)
    XCTAssertEqual(judged.loss, history.epochs.last?.validationLoss)
    XCTAssertNotNil(try? outputs())
  }

  func testClassesByCrossEntropy() throws {
    var numpy = NumPyRandom(seed: 9), random = PythonRandom(seed: 4)
    let data = try Dataset(makeBlobs(count: 150, centers: 3, using: &numpy))
    let model = Sequential(Linear(2, 16, using: &random), Activation.relu, Linear(16, 3, using: &random))
    var options = options(epochs: 40)
    options.metric = .accuracy
    var trainer = Trainer(model, AdamW(model, learningRate: 0.02), .crossEntropy, options)
    XCTAssertGreaterThan(try trainer.fit(data).epochs.last?.metric ?? 0, 0.9)
  }

  func testNumbersByLBFGS() throws {
    let x = (0..<40).map { Double($0) / 10 - 2 }
    let data = try Dataset(inputs: x.map { [$0] }, numbers: x.map { sin($0) })
    var random = PythonRandom(seed: 8)
    let model = Sequential(Linear(1, 8, using: &random), Activation.tanh, Linear(8, 1, using: &random))
    var options = options(epochs: 30, batchSize: nil)
    options.shuffles = false
    var trainer = Trainer(model, LBFGS(model, lineSearch: .strongWolfe), .meanSquared, options)
    let history = try trainer.fit(data)
    XCTAssertLessThan(history.epochs.last?.loss ?? 1, 1e-4)
  }

  func testTheSameSeedGivesTheSameRun() throws {
    let data = try moons()
    func run(_ seed: Int) throws -> [Double] {
      let model = network(3, dropout: 0.2)
      var trainer = Trainer(model, Adam(model), .hinge, options(epochs: 3), seed: seed)
      _ = try trainer.fit(data)
      return parameters(model)
    }
    XCTAssertEqual(try run(1), try run(1))
    XCTAssertNotEqual(try run(1), try run(2))
  }

  func testMemoryIsConstantOverAnyNumberOfSteps() throws {
    let data = try moons(), model = network(3)
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .hinge, options(epochs: 2))
    _ = try trainer.fit(data)
    let (nodes, bytes) = (Tape.current.nodeCount, Tape.current.usedBytes)
    trainer.options.epochs = 50
    _ = try trainer.fit(data)
    XCTAssertEqual(Tape.current.nodeCount, nodes)
    XCTAssertEqual(Tape.current.usedBytes, bytes)
  }

  func testEvaluatingAModelOfAnotherTapeRecordsNothing() throws {
    let tape = Tape(), data = try moons()
    let (model, other) = (tape.use { network(3) }, network(3))
    let options = options(epochs: 1)
    let (apart, here) = (
      Trainer(model, SGD(model, learningRate: 0.1), .hinge, options),
      Trainer(other, SGD(other, learningRate: 0.1), .hinge, options)
    )
    XCTAssertEqual(try apart.evaluate(data).loss, try here.evaluate(data).loss)
    XCTAssertEqual(tape.nodeCount, 0)
  }

  // MARK: - Resuming

  private func assertResumed(
    after epochs: Int, _ makeOptimizer: (Sequential) -> any ResumableOptimizer
  ) throws {
    let data = try moons()
    func configured(_ epochs: Int) -> TrainingOptions {
      var options = options(epochs: epochs)
      options.metric = .accuracy
      options.earlyStopping = EarlyStopping(patience: 100)
      return options
    }
    let whole = network(6, dropout: 0.3)
    var uninterrupted = Trainer(whole, makeOptimizer(whole), .hinge, configured(7), seed: 4)
    let expected = try uninterrupted.fit(data)

    let first = network(6, dropout: 0.3)
    var beginning = Trainer(first, makeOptimizer(first), .hinge, configured(epochs), seed: 4)
    _ = try beginning.fit(data)
    // The end of the first part has put the best epoch's parameters back; the run goes on from the last ones.
    let url = temporary("run.safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try beginning.checkpoint.write(to: url)

    let second = network(77, dropout: 0.3)
    var rest = Trainer(second, makeOptimizer(second), .hinge, configured(7), seed: 99)
    try rest.resume(from: Checkpoint(contentsOf: url))
    let actual = try rest.fit(data)
    XCTAssertEqual(actual.epochs.map(\.loss), expected.epochs.dropFirst(epochs).map(\.loss))
    XCTAssertEqual(actual.epochs.map(\.metric), expected.epochs.dropFirst(epochs).map(\.metric))
    XCTAssertEqual(actual.bestEpoch, expected.bestEpoch)
    XCTAssertEqual(parameters(second), parameters(whole))
  }

  func testAResumedRunIsTheUninterruptedOneBitForBit() throws {
    try assertResumed(after: 3) { SGD($0, learningRate: 0.1, momentum: 0.9) }
    try assertResumed(after: 3) {
      AdamW($0, schedule: .oneCycle(peak: 0.05, steps: 7 * 4))
    }
    try assertResumed(after: 1) { RMSProp($0, learningRate: 0.01) }
  }

  /// Presses Ctrl-C in the middle of an epoch, at a batch of its first pass.
  private struct Impatient: Model {
    let network: Sequential
    let calls: Calls
    final class Calls { var count = 0 }
    var parameters: [Value] { network.parameters }
    var namedParameters: [NamedParameter] { network.namedParameters }
    func callAsFunction(_ batch: Matrix) -> Matrix { network(batch) }
    func callAsFunction(_ batch: Matrix, training random: inout PythonRandom) -> Matrix {
      calls.count += 1
      if calls.count == 8 {  // the first call tries to compile the model
        kill(getpid(), SIGINT)
        usleep(100_000)
      }
      return network(batch, training: &random)
    }
  }

  func testARunCutInTheMiddleOfAnEpochGoesOnBitForBit() throws {
    let data = try moons(), url = temporary("cut.safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    var options = options(epochs: 4, batchSize: 10)
    options.metric = .accuracy
    let whole = network(6, dropout: 0.3)
    var uninterrupted = Trainer(whole, Adam(whole), .hinge, options, seed: 4)
    let expected = try uninterrupted.fit(data)

    options.checkpoint = url
    options.endsOnInterrupt = true
    let model = Impatient(network: network(6, dropout: 0.3), calls: .init())
    var trainer = Trainer(model, Adam(model), .hinge, options, seed: 4)
    let beginning = try trainer.fit(data)
    XCTAssertEqual(beginning.end, .interrupted)
    XCTAssertEqual(beginning.epochs.count, 1)
    let checkpoint = try Checkpoint(contentsOf: url)
    XCTAssertTrue((7...11).contains(checkpoint.step), "\(checkpoint.step)")

    let rest = Impatient(network: network(1, dropout: 0.3), calls: .init())
    rest.calls.count = 100
    var resumed = Trainer(rest, Adam(rest), .hinge, options, seed: 5)
    try resumed.resume(from: checkpoint)
    let actual = try resumed.fit(data)
    XCTAssertEqual(actual.end, .finished)
    XCTAssertEqual(actual.epochs.map(\.loss), expected.epochs.dropFirst().map(\.loss))
    XCTAssertEqual(actual.epochs.map(\.metric), expected.epochs.dropFirst().map(\.metric))
    XCTAssertEqual(parameters(rest), parameters(whole))
  }

  func testACheckpointOfAnotherRunIsRefusedAndChangesNothing() throws {
    let model = network(1), other = network(2)
    let adam = Trainer(other, Adam(other), .hinge).checkpoint
    var trainer = Trainer(model, SGD(model, learningRate: 1), .hinge)
    let before = parameters(model)
    XCTAssertThrowsError(try trainer.resume(from: adam)) { XCTAssertTrue($0 is OptimizerStateError, "\($0)") }
    XCTAssertThrowsError(try trainer.resume(from: Checkpoint(model))) { XCTAssertTrue($0 is TrainingError, "\($0)") }
    XCTAssertEqual(parameters(model), before)
  }

  // MARK: - Ends

  func testEarlyStoppingRestoresTheBestParameters() throws {
    let data = try moons(30, noise: 0.4), validation = try moons(31, noise: 0.4), model = network(3)
    var options = options(epochs: 500, batchSize: 8)
    options.earlyStopping = EarlyStopping(patience: 5)
    var trainer = Trainer(model, Adam(model, learningRate: 0.1), .hinge, options)
    let history = try trainer.fit(data, validation: validation)
    XCTAssertEqual(history.end, .stoppedEarly)
    let best = history.epochs.map { $0.validationLoss! }.min()!
    XCTAssertEqual(history.bestEpoch, history.epochs.first { $0.validationLoss == best }?.epoch)
    XCTAssertEqual(history.epochs.count, history.bestEpoch! + 5)
    XCTAssertEqual(try trainer.evaluate(validation).loss, best)
  }

  func testARunThatStoppedEarlyStaysStoppedWhenResumed() throws {
    let data = try moons(30, noise: 0.4), validation = try moons(31, noise: 0.4)
    var options = options(epochs: 500, batchSize: 8)
    options.earlyStopping = EarlyStopping(patience: 5)
    let model = network(3), other = network(4)
    var trainer = Trainer(model, Adam(model, learningRate: 0.1), .hinge, options)
    let history = try trainer.fit(data, validation: validation)
    var resumed = Trainer(other, Adam(other, learningRate: 0.1), .hinge, options)
    try resumed.resume(from: trainer.checkpoint)
    let again = try resumed.fit(data, validation: validation)
    XCTAssertEqual(again.end, .stoppedEarly)
    XCTAssertEqual(again.epochs, [])
    XCTAssertEqual(again.bestEpoch, history.bestEpoch)
    XCTAssertEqual(parameters(other), parameters(model))
    resumed.options.earlyStopping = EarlyStopping(patience: 7)
    XCTAssertFalse(try resumed.fit(data, validation: validation).epochs.isEmpty)
  }

  func testACallbackCanEndTheRun() throws {
    let model = network(3)
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .hinge, options(epochs: 10))
    var seen: [Int] = []
    let history = try trainer.fit(moons()) { report in
      seen.append(report.epoch)
      return report.epoch < 4
    }
    XCTAssertEqual(seen, [1, 2, 3, 4])
    XCTAssertEqual(history.end, .stopped)
  }

  func testALossThatIsNotFiniteEndsTheRunAtTheLastGoodStep() throws {
    let rows = (0..<10).map { [Double($0), 1] } + [[.infinity, 1]]
    let data = try Dataset(inputs: rows, numbers: rows.map { _ in 1 })
    var random = PythonRandom(seed: 1)
    let model = Linear(2, 1, using: &random)
    var options = options(epochs: 3, batchSize: 1)
    options.shuffles = false
    var trainer = Trainer(model, SGD(model, learningRate: 0.001), .meanSquared, options)
    XCTAssertThrowsError(try trainer.fit(data)) { error in
      guard case .notFinite(let what, let origin, 1, 11) = error as? TrainingError else { return XCTFail("\(error)") }
      XCTAssertEqual(what, "the loss")
      XCTAssertEqual(origin?.operation, nil)
      XCTAssertEqual(origin?.data, .infinity)
      XCTAssertTrue("\(error)".contains("an input is inf"), "\(error)")
    }
    XCTAssertEqual(trainer.checkpoint.step, 10)
    XCTAssertTrue(parameters(model).allSatisfy(\.isFinite))
  }

  func testTheFirstOperationThatIsNotFiniteIsNamed() throws {
    struct Logarithm: Model {
      let weight = Parameters([1])
      var parameters: [Value] { Array(weight) }
      func callAsFunction(_ batch: Matrix) -> Matrix {
        (batch * Vector(weight).matrix).log() * 2
      }
    }
    let data = try Dataset(inputs: [[1], [0]], numbers: [0, 0])
    let model = Logarithm()
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .meanSquared, options(epochs: 1, batchSize: nil))
    XCTAssertThrowsError(try trainer.fit(data)) { error in
      XCTAssertTrue("\(error)".contains("logarithm of 0.0 is -inf"), "\(error)")
    }
    XCTAssertEqual(parameters(model), [1])
  }

  func testAGradientThatIsNotFiniteEndsTheRunBeforeTheStep() throws {
    struct Root: Model {
      let weight = Parameters([0])
      var parameters: [Value] { Array(weight) }
      func callAsFunction(_ batch: Matrix) -> Matrix { (batch * Vector(weight).matrix).sqrt() }
    }
    let model = Root()
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .meanSquared, options(epochs: 1))
    XCTAssertThrowsError(try trainer.fit(Dataset(inputs: [[1]], numbers: [1]))) { error in
      guard case .notFinite("the gradient of parameters", nil, 1, 1) = error as? TrainingError else {
        return XCTFail("\(error)")
      }
    }
    XCTAssertEqual(parameters(model), [0])
  }

  func testMismatchedTargetsAreReportedBeforeAnyStep() throws {
    let model = network(1)
    let numbers = try Dataset(inputs: [[1, 2]], numbers: [[1, 2]])
    let three = try Dataset(inputs: [[1, 2], [3, 4], [5, 6]], classes: [0, 1, 2])
    for (loss, data) in [(Loss.meanSquared, numbers), (.crossEntropy, three), (.hinge, three), (.meanSquared, three)] {
      var trainer = Trainer(model, SGD(model, learningRate: 1), loss)
      XCTAssertThrowsError(try trainer.fit(data)) {
        guard case .targets = $0 as? TrainingError else { return XCTFail("\($0)") }
      }
    }
  }

  func testMismatchedRowsAreReportedBeforeAnyStep() throws {
    let model = network(1)
    var trainer = Trainer(model, SGD(model, learningRate: 1), .meanSquared)
    XCTAssertThrowsError(try trainer.fit(Dataset(inputs: [[1, 2, 3]], numbers: [1]))) {
      XCTAssertEqual(
        $0 as? TrainingError, .inputs("a row has 3 inputs, but the model takes 2: give rows with 2 inputs"))
    }
  }

  // MARK: - Files

  func testTheLogHasALineAnEpochAndGoesOn() throws {
    let url = temporary("log.csv")
    defer { try? FileManager.default.removeItem(at: url) }
    let model = network(2)
    var options = options(epochs: 2)
    options.log = url
    options.metric = .accuracy
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .hinge, options)
    let first = try trainer.fit(moons(), validation: moons(20))
    trainer.options.epochs = 3
    _ = try trainer.fit(moons(), validation: moons(20))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    XCTAssertEqual(lines.count, 4)
    XCTAssertEqual(
      lines[0], "epoch,step,learning_rate,loss,accuracy,validation_loss,validation_accuracy,samples_per_second")
    let fields = lines[1].split(separator: ",")
    XCTAssertEqual(fields[0...2], ["1", "4", "0.1"])
    XCTAssertEqual(Double(fields[3]), first.epochs[0].loss)
    XCTAssertEqual(Double(fields[5]), first.epochs[0].validationLoss)
  }

  func testLinesThatTheLogHasAfterTheCheckpointAreWrittenAnew() throws {
    let url = temporary("log.csv")
    defer { try? FileManager.default.removeItem(at: url) }
    let model = network(2)
    var options = options(epochs: 2)
    options.log = url
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .hinge, options)
    _ = try trainer.fit(moons())
    let checkpoint = trainer.checkpoint
    trainer.options.epochs = 4
    _ = try trainer.fit(moons())
    try (String(contentsOf: url, encoding: .utf8) + "5,20,0.1").write(to: url, atomically: false, encoding: .utf8)
    try trainer.resume(from: checkpoint)
    _ = try trainer.fit(moons())
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    XCTAssertEqual(lines.map { $0.split(separator: ",")[0] }, ["epoch", "1", "2", "3", "4"])
  }

  func testCheckpointsAreWrittenAtTheirIntervalAndAtTheEnd() throws {
    let url = temporary("run.safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let model = network(2)
    var options = options(epochs: 5)
    options.checkpoint = url
    options.checkpointInterval = 3
    options.metadata = ["who": "me"]
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .hinge, options)
    var seen: [Int] = []
    _ = try trainer.fit(moons()) { _ in
      seen.append((try? Checkpoint(contentsOf: url).epoch) ?? 0)
      return true
    }
    XCTAssertEqual(seen, [0, 0, 3, 3, 3])
    let last = try Checkpoint(contentsOf: url)
    XCTAssertEqual(last.epoch, 5)
    XCTAssertEqual(last.metadata["who"], "me")
  }
}
