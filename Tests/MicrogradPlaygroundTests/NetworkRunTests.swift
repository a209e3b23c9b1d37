import Micrograd
import MicrogradNN
import TestSupport
import XCTest

@testable import MicrogradPlayground

final class NetworkRunTests: XCTestCase {
  /// The tape of a session.
  private let tape = Tape()

  private func onTape<Result>(_ body: () throws -> Result) rethrows -> Result { try tape.use(body) }

  private func run(_ settings: NetworkSettings, steps: Int) throws -> NetworkRun {
    let run = try NetworkRun(settings)
    for _ in 0..<steps { XCTAssertTrue(try run.takeStep()) }
    return run
  }

  // MARK: - Losses

  /// The loop of `micrograd moons --notebook`, by the library's network and loss.
  private func notebookLosses(steps: Int) -> [Double] {
    var numpy = NumPyRandom(seed: 1337), python = PythonRandom(seed: 1337)
    let points = makeMoons(count: 100, noise: 0.1, using: &numpy)
    let model = MLP(2, [16, 16, 1], evaluation: .scalar, using: &python)
    let parameters = model.parameters
    var optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
    return (0..<steps).map { _ in
      Tape.scope {
        let scores = points.inputs.map { model($0)[0] }
        let loss =
          maxMarginLoss(scores: scores, expected: points.signedLabels) + l2Penalty(parameters, weight: 1e-4)
        model.zeroGradients()
        loss.backward()
        optimizer.step()
        return loss.data
      }
    }
  }

  func testLossesOfTheNotebookAreThoseOfTheCommandToTheBit() throws {
    try onTape {
      let run = try run(.notebook, steps: 200)
      XCTAssertEqual(run.records.map(\.total), notebookLosses(steps: 200))
      // As printed by micrograd's demo.ipynb.
      XCTAssertEqual(run.records[0].total, 0.8958441028683222)
      XCTAssertEqual(run.records[99].total, 0.01097837013549, accuracy: 1e-14)
    }
  }

  /// The losses of the library's `Trainer`, a step an epoch. A number of points that is a power of two keeps its means exact.
  private func trainerLosses(
    _ settings: NetworkSettings, epochs: Int, _ optimizer: (Sequential) -> any ResumableOptimizer
  ) throws -> [EpochReport] {
    var numpy = NumPyRandom(seed: UInt32(settings.data.seed)), python = PythonRandom(seed: settings.seed)
    let points = makeMoons(count: settings.data.count, noise: settings.data.noise, using: &numpy)
    let data = try Dataset(inputs: points.inputs, numbers: points.labels.map(Double.init))
    var splitting = PythonRandom(seed: settings.data.seed)
    let (training, validation) = try data.split(validation: settings.data.validation, using: &splitting)
    let model = Sequential(
      Layer(2, 4, activation: .tanh, using: &python), Layer(4, 3, activation: .softplus, using: &python),
      Layer(3, 1, activation: .identity, using: &python))
    var options = TrainingOptions()
    options.epochs = epochs
    options.batchSize = settings.batch > 0 ? settings.batch : nil
    options.shuffles = settings.batch > 0
    options.l2Penalty = settings.penalty
    var trainer = Trainer(model, optimizer(model), .binaryCrossEntropy, options, seed: settings.seed)
    return try trainer.fit(training, validation: validation).epochs
  }

  func testTwoHundredStepsAreTheTrainersToTheBit() throws {
    try onTape {
      let settings = NetworkSettings.small.with {
        $0.data.count = 128
        $0.data.validation = 0.5
      }
      let run = try run(settings, steps: 200)
      let epochs = try trainerLosses(settings, epochs: 200) {
        SGD($0, learningRate: 0.1)
      }
      XCTAssertEqual(run.records.map(\.loss), epochs.map(\.loss))
      // A validation loss of the trainer is that after the step.
      let validation = run.records.dropFirst().map { $0.validation ?? .nan }
      for (found, epoch) in zip(validation, epochs) {
        XCTAssertEqual(found, try XCTUnwrap(epoch.validationLoss), accuracy: 1e-14)
      }
    }
  }

  func testBatchesAreTheTrainers() throws {
    try onTape {
      let settings = NetworkSettings.small.with {
        $0.data.count = 128
        $0.data.validation = 0.5
        $0.batch = 16
        $0.optimizer.kind = "adam"
        $0.rate = 0.03
      }
      let run = try run(settings, steps: 80)
      let epochs = try trainerLosses(settings, epochs: 20) { Adam($0, learningRate: 0.03) }
      for (k, epoch) in epochs.enumerated() {
        let losses = run.records[4 * k..<4 * k + 4].map(\.loss)
        XCTAssertEqual(losses.reduce(0, +) / 4, epoch.loss, accuracy: 1e-15)
      }
    }
  }

  func testGradientsAreCentralDifferencesOfTheLoss() throws {
    try onTape {
      let run = try run(.small, steps: 3)
      let parameters = run.model.runs.data
      _ = try run.evaluateAll()
      let gradients = run.model.runs.gradients
      for k in parameters.indices {
        let totals = try [1e-5, -1e-5].map { h in
          var moved = parameters
          moved[k] += h
          run.model.runs.data = moved
          return try run.evaluateAll().total
        }
        XCTAssertEqual(gradients[k], (totals[0] - totals[1]) / 2e-5, accuracy: 1e-9)
      }
    }
  }

  // MARK: - Moments

  private static let optimizers: [(String, Double)] = [
    ("sgd", 0.1), ("adam", 0.01), ("adamw", 0.01), ("rmsprop", 0.01), ("adagrad", 0.1), ("lbfgs", 1),
  ]

  func testARunGoesOnFromASnapshotBitForBit() throws {
    for (kind, rate) in Self.optimizers {
      try onTape {
        let settings = NetworkSettings.small.with {
          $0.optimizer.kind = kind
          $0.optimizer.momentum = 0.5
          $0.rate = rate
          $0.batch = kind == "lbfgs" ? 0 : 10
          $0.fall = 30
        }
        let whole = try run(settings, steps: 23)
        let first = try run(settings, steps: 12)
        let text = try JSONEncoder.forMessages.encode(first.snapshot)
        let second = try NetworkRun(settings)
        try second.restore(try JSONDecoder.forMessages.decode(NetworkSnapshot.self, from: text))
        for _ in 0..<11 { XCTAssertTrue(try second.takeStep()) }
        XCTAssertEqual(second.step, 23)
        XCTAssertEqual(second.records.map(\.total), whole.records.suffix(11).map(\.total), kind)
        XCTAssertEqual(second.model.runs.data, whole.model.runs.data, kind)
      }
    }
  }

  func testASnapshotOfTheNotebooksNetworkIsShort() throws {
    try onTape {
      let run = try run(
        NetworkSettings.notebook.with {
          $0.optimizer.kind = "adam"; $0.rate = 0.01
        }, steps: 2)
      XCTAssertLessThan(try JSONEncoder.forMessages.encode(run.snapshot).count, 20_000)
    }
  }

  func testAStepBackAndForthChangesNothing() throws {
    for (kind, rate) in Self.optimizers {
      try onTape {
        let settings = NetworkSettings.small.with {
          $0.optimizer.kind = kind
          $0.rate = rate
          $0.batch = kind == "lbfgs" ? 0 : 20
        }
        let run = try run(settings, steps: 9)
        let (parameters, losses) = (run.model.runs.data, run.records.map(\.total))
        for _ in 0..<5 { XCTAssertTrue(run.goBack()) }
        XCTAssertEqual(run.step, 4)
        XCTAssertEqual(run.records.map(\.total), Array(losses[..<4]))
        for _ in 0..<5 { XCTAssertTrue(try run.takeStep()) }
        XCTAssertEqual(run.model.runs.data, parameters, kind)
        XCTAssertEqual(run.records.map(\.total), losses, kind)
      }
    }
  }

  func testThereIsNoStepBeforeTheFirst() throws {
    try onTape {
      let run = try run(.small, steps: 1)
      XCTAssertTrue(run.goBack())
      XCTAssertFalse(run.goBack())
      XCTAssertEqual(run.step, 0)
    }
  }

  func testADamagedSnapshotIsRefused() throws {
    try onTape {
      let snapshot = try run(.small, steps: 1).snapshot
      let other = try NetworkRun(NetworkSettings.small.with { $0.hidden.removeLast() })
      XCTAssertThrowsError(try other.restore(snapshot))
      let adam = try NetworkRun(NetworkSettings.small.with { $0.optimizer.kind = "adam" })
      XCTAssertThrowsError(try adam.restore(snapshot))
    }
  }

  // MARK: - Changes

  func testAnotherRateKeepsTheWeights() throws {
    try onTape {
      let run = try run(.small, steps: 5)
      let before = run.model.runs.data
      try run.change(
        to: NetworkSettings.small.with {
          $0.rate = 0.5; $0.penalty = 0.01; $0.batch = 7
        })
      XCTAssertEqual(run.model.runs.data, before)
      XCTAssertEqual(run.rate, 0.5)
      XCTAssertTrue(try run.takeStep())
      XCTAssertEqual(run.step, 6)
    }
  }

  func testRunsThatAreDroppedReleaseTheirParameters() throws {
    try onTape {
      for _ in 0..<20 { _ = try run(.small, steps: 2) }
      Tape.scope {}
      XCTAssertLessThan(Tape.current.parameterCount, 3 * NetworkSettings.small.parameterCount)
      XCTAssertEqual(Tape.current.nodeCount, 0)
    }
  }

  // MARK: - Divergence

  private func diverging(rate: Double) -> NetworkSettings {
    NetworkSettings.notebook.with {
      $0.loss = "meanSquared"
      $0.rate = rate
      $0.python = false
    }
  }

  func testAnExplosionIsNamedAndCanBeTakenBack() throws {
    try onTape {
      let settings = diverging(rate: 3)
      let run = try NetworkRun(settings)
      while run.step < 100, try run.takeStep() {}
      let trouble = try XCTUnwrap(run.trouble)
      XCTAssertTrue(trouble.what.hasPrefix("The loss is "), trouble.what)
      XCTAssertEqual(trouble.step, run.step)
      XCTAssertGreaterThan(try XCTUnwrap(trouble.gradient), 1)
      XCTAssertTrue(try XCTUnwrap(trouble.parameter).contains("neuron"), trouble.parameter ?? "")
      let good = try XCTUnwrap(trouble.goodStep)
      XCTAssertTrue(run.goBack(to: good))
      XCTAssertNil(run.trouble)
      XCTAssertEqual(run.step, good)
      try run.change(to: settings.with { $0.rate = 0.003 })
      for _ in 0..<5 { XCTAssertTrue(try run.takeStep()) }
      XCTAssertLessThan(run.records[run.records.count - 1].total, run.records[run.records.count - 5].total)
    }
  }

  func testALossThatIsNotFiniteStopsTheRunAndKeepsFiniteWeights() throws {
    try onTape {
      let run = try NetworkRun(diverging(rate: 1e5))
      var reports = 0
      while run.step < 100 {
        if try run.takeStep() { continue }
        reports += 1
        if run.trouble?.canGoOn == false { break }
      }
      XCTAssertLessThan(run.step, 100)
      XCTAssertGreaterThan(reports, 1)
      let trouble = try XCTUnwrap(run.trouble)
      XCTAssertFalse(trouble.canGoOn)
      XCTAssertFalse(try run.takeStep())
      XCTAssertFalse(trouble.what.contains("/"), trouble.what)  // no file of the program
    }
  }
}
