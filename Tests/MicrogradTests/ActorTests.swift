import Micrograd
import TestSupport
import XCTest

/// Models owned by actors, trained from whatever thread the actors happen to run on. The thread sanitizer has nothing to
/// say about it: `swift test --sanitize=thread --filter ActorTests`.
final class ActorTests: XCTestCase {
  func testAnActorTrainsItsModelAcrossThreads() async {
    let trainer = Trainer(seed: 7)
    for _ in 0..<200 {
      await trainer.step()
      await Task.yield()
    }
    let weights = await trainer.weights
    XCTAssertEqual(weights, trainedOnOneThread(seed: 7, steps: 200))
  }

  func testActorsTrainAtOnce() async {
    let trained = await withTaskGroup(of: (UInt64, [Double]).self, returning: [UInt64: [Double]].self) {
      group in
      for seed in 1...8 as ClosedRange<UInt64> {
        group.addTask {
          let trainer = Trainer(seed: seed)
          for _ in 0..<100 {
            await trainer.step()
            await Task.yield()
          }
          return (seed, await trainer.weights)
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for (seed, weights) in trained {
      XCTAssertEqual(weights, trainedOnOneThread(seed: seed, steps: 100), "seed \(seed)")
    }
  }

  func testManyTasksShareOneActor() async {
    let trainer = Trainer(seed: 3)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 { group.addTask { await trainer.step() } }
    }
    let weights = await trainer.weights
    XCTAssertEqual(weights, trainedOnOneThread(seed: 3, steps: 50))
  }

  func testParametersAreReleasedFromOtherThreads() async {
    let tape = Tape()
    for count in 1...20 {
      let weights = tape.use { Box(Parameters(Array(repeating: 1, count: count))) }
      await Task.detached { weights.content = nil }.value
      XCTAssertEqual(tape.parameterCount, 0)
    }
  }

  private func trainedOnOneThread(seed: UInt64, steps: Int) -> [Double] {
    let tape = Tape()
    let weights = tape.use { Trainer.initialWeights(seed: seed) }
    for _ in 0..<steps { tape.use { Trainer.step(weights) } }
    return weights.data
  }
}

/// A neuron that learns a plane, and the tape on which it lives.
private actor Trainer {
  private let tape: Tape
  private let parameters: Parameters

  init(seed: UInt64) {
    tape = Tape()
    parameters = tape.use { Trainer.initialWeights(seed: seed) }
  }

  var weights: [Double] { parameters.data }

  func step() { tape.use { Trainer.step(parameters) } }

  static func initialWeights(seed: UInt64) -> Parameters {
    var random = SplitMix64(seed: seed)
    return Parameters((0..<3).map { _ in .random(in: -1...1, using: &random) })
  }

  static func step(_ weights: Parameters) {
    Tape.scope {
      var loss = Value(0)
      for (x, y) in [(0.5, -1.0), (1.5, 0.3), (-0.7, 0.9), (0.1, 0.2)] {
        let predicted = weights[0] * x + weights[1] * y + weights[2]
        let error = predicted - (2 * x - y + 0.5)
        loss += error * error
      }
      weights.zeroGradients()
      loss.backward()
      for weight in weights { weight.data -= 0.05 * weight.grad }
    }
  }
}

/// Passes the last reference to a thread that did not make it.
private final class Box: @unchecked Sendable {
  var content: Parameters?
  init(_ content: Parameters) { self.content = content }
}
