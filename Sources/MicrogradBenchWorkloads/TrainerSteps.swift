import Micrograd
import MicrogradNN

/// Epochs of a 2-16-16-1 network with Adam, by `Trainer` and by a loop over the compiled loss written by hand. Each run
/// starts anew.
private struct TrainerSteps {
  private let data: Dataset
  private let targets: [Double]
  private let batchSize: Int

  init(batchSize: Int) {
    var random = NumPyRandom(seed: 1337)
    let points = makeMoons(count: max(1024, 2 * batchSize), noise: 0.1, using: &random)
    targets = points.labels.map { Double($0) }
    do {
      data = try Dataset(inputs: points.inputs, numbers: targets)
    } catch {
      fatalError("\(error)")  // the points are a table
    }
    self.batchSize = batchSize
  }

  private func network() -> MLP {
    var random = PythonRandom(seed: 1337)
    return MLP(2, [16, 16, 1], using: &random)
  }

  private func outcome(_ model: MLP) -> Contestant.Outcome {
    Contestant.Outcome(numbers: model.parameters.map(\.data), nodes: 0)
  }

  func train(epochs: Int, compiles: Bool) -> Contestant.Outcome {
    let model = network()
    var options = TrainingOptions()
    (options.epochs, options.batchSize, options.compiles) = (epochs, batchSize, compiles)
    var trainer = Trainer(model, Adam(model, learningRate: 1e-3), .meanSquared, options, seed: 1)
    do {
      _ = try trainer.fit(data)
    } catch {
      fatalError("\(error)")  // the loss is finite
    }
    return outcome(model)
  }

  func trainByHand(epochs: Int) -> Contestant.Outcome {
    let model = network()
    var (optimizer, random) = (Adam(model, learningRate: 1e-3), PythonRandom(seed: 1))
    do {
      let loss = try compile(at: [0, 0, 0]) { x in meanSquaredError(predicted: model([x[0], x[1]]), expected: [x[2]]) }
      for _ in 0..<epochs {
        for rows in data.batches(of: batchSize, shuffledBy: &random) {
          let numbers = rows.flatMap { [data.inputs[2 * $0], data.inputs[2 * $0 + 1], targets[$0]] }
          model.zeroGradients()
          if rows.count == 1 {
            try loss.backward(at: numbers)
          } else {
            try loss.backward(at: Micrograd.Samples(numbers, width: 3))
          }
          optimizer.step()
        }
      }
    } catch {
      fatalError("\(error)")  // it compares nothing
    }
    return outcome(model)
  }
}

/// `Trainer` beside a loop over the compiled loss, for batches of a size.
package func trainerCase(batchSize: Int, epochs: Int) -> Case {
  let steps = TrainerSteps(batchSize: batchSize)
  return Case(
    name: "trainer-\(batchSize)", title: "epoch of a 2-16-16-1 network, batches of \(batchSize)",
    group: "trainer-\(batchSize)", iterations: epochs,
    contestants: [
      Contestant(name: "compiled loop by hand", role: .library) { steps.trainByHand(epochs: $0) },
      Contestant(name: "Trainer", role: .library) { steps.train(epochs: $0, compiles: true) },
      Contestant(name: "Trainer, recording", role: .library) { steps.train(epochs: $0, compiles: false) },
    ])
}
