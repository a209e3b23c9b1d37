import Foundation
import Micrograd
import MicrogradNN
import XCTest

/// A run that is stopped, saved, and gone on with in other objects ends where one ends that was never stopped, bit for bit.
final class ResumedTrainingTests: XCTestCase {
  func testAResumedRunIsTheUninterruptedOneBitForBit() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("run.safetensors")

    let straight = Run()
    straight.train(to: 60)
    for stop in [1, 20, 37] {
      let first = Run()
      first.train(to: stop)
      try first.checkpoint().write(to: url)
      let second = try Run(resuming: Checkpoint(contentsOf: url))
      second.train(to: 60)
      XCTAssertEqual(
        second.model.parameters.map(\.data.bitPattern), straight.model.parameters.map(\.data.bitPattern), "from \(stop)"
      )
      XCTAssertEqual(try second.checkpoint(), try straight.checkpoint())
    }
  }
}

/// Momentum with a falling learning rate on random samples and noise: everything that has a state.
private final class Run {
  let model: MLP
  private var velocities: [Double]
  private var sampling = PythonRandom(seed: 5)
  private var noise = NumPyRandom(seed: 6)
  private var step = 0

  init() {
    var random = PythonRandom(seed: 4)
    model = MLP(2, [5, 1], using: &random)
    velocities = [Double](repeating: 0, count: model.parameterCount)
  }

  init(resuming checkpoint: Checkpoint) throws {
    model = MLP(2, [5, 1])
    try checkpoint.restore(into: model)
    let state = try XCTUnwrap(checkpoint.optimizerState(for: model))
    velocities = try XCTUnwrap(state.buffers["momentum_buffer"])
    sampling = try checkpoint.randomStream("sampling", PythonRandom.init)
    noise = try checkpoint.randomStream("noise", NumPyRandom.init)
    step = checkpoint.step
  }

  func checkpoint() throws -> Checkpoint {
    Checkpoint(
      model,
      optimizer: OptimizerState(
        kind: "Momentum", stepCount: step, numbers: ["momentum": 0.9], buffers: ["momentum_buffer": velocities]),
      randomStreams: ["sampling": sampling.savedState, "noise": noise.savedState], step: step)
  }

  func train(to lastStep: Int) {
    while step < lastStep {
      Tape.scope {
        let x = [sampling.gauss(), sampling.gauss()]
        let error = model(x)[0] - (x[0] * x[1] + noise.normal(standardDeviation: 0.1))
        model.zeroGradients()
        (error * error).backward()
        descend(learningRate: 0.1 / Double(step + 1))
      }
      step += 1
    }
  }

  private func descend(learningRate: Double) {
    var offset = 0
    for parameter in model.namedParameters {
      let gradients = parameter.gradients
      for k in gradients.indices { velocities[offset + k] = 0.9 * velocities[offset + k] + gradients[k] }
      parameter.data = zip(parameter.data, velocities[offset...]).map { $0 - learningRate * $1 }
      offset += gradients.count
    }
  }
}
