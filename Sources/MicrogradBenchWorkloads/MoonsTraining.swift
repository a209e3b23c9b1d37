import CMicrogradBaselines
import Micrograd
import MicrogradNN

/// The training of micrograd's demo notebook from its starting point: 100 samples, a 2-16-16-1 network, all samples in
/// each step.
package struct MoonsTraining {
  private let points: LabeledPoints
  private let signs: [Double]
  private let model: MLP
  private let initial: [Double]
  private let optimizer: SGD

  /// The notebook's data and network, whose layers are put on the tape by `evaluation`.
  ///
  /// Where `count` is not the notebook's 100, only the network is.
  package init(evaluation: Evaluation, count: Int = 100) {
    var numpy = NumPyRandom(seed: 1337)
    points = makeMoons(count: count, noise: 0.1, using: &numpy)
    signs = points.signedLabels
    var python = PythonRandom(seed: 1337)
    model = MLP(2, [16, 16, 1], evaluation: evaluation, using: &python)
    initial = model.parameters.map(\.data)
    optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
  }

  /// Trains from the starting point, sample by sample; `loss` computes the loss from the scores, the classes and the
  /// parameters.
  func train(
    steps: Int, loss lossOf: ([Value], [Double], [Value]) -> Value
  ) -> Contestant.Outcome {
    let parameters = model.parameters
    return train(steps: steps) { lossOf(points.inputs.map { model($0)[0] }, signs, parameters) }
  }

  /// Trains from the starting point, all samples as one batch.
  func trainOnBatches(steps: Int) -> Contestant.Outcome {
    let batch = Matrix.constant(points.inputs)
    return train(steps: steps) {
      maxMarginLoss(scores: model(batch), expected: signs) + l2Penalty(model, weight: mgb_moons_penalty)
    }
  }

  /// Trains from the starting point by a function compiled from `neuronsLoss`.
  func trainCompiled(_ loss: CompiledFunction, steps: Int) -> Contestant.Outcome {
    let samples = samples
    reset()
    var optimizer = optimizer
    var last = 0.0
    for _ in 0..<steps {
      model.zeroGradients()
      last = backward(loss, samples)
      optimizer.step()
    }
    return Contestant.Outcome(numbers: [last] + model.parameters.map(\.grad), nodes: 0)
  }

  private func train(steps: Int, loss lossNow: () -> Value) -> Contestant.Outcome {
    let parameters = model.parameters
    reset()
    var optimizer = optimizer
    var (last, nodes) = (0.0, 0)
    for _ in 0..<steps {
      Tape.scope {
        let loss = lossNow()
        model.zeroGradients()
        loss.backward()
        optimizer.step()
        last = loss.data
        nodes = Tape.current.nodeCount
      }
    }
    return Contestant.Outcome(numbers: [last] + parameters.map(\.grad), nodes: nodes)
  }

  private func reset() {
    for (parameter, data) in zip(model.parameters, initial) { parameter.data = data }
  }

  /// The same data and starting point for the baselines in C.
  func withBaseline(_ body: (UnsafePointer<mgb_moons>) -> Void) {
    let coordinates = points.inputs.flatMap(\.self)
    coordinates.withUnsafeBufferPointer { points in
      signs.withUnsafeBufferPointer { signs in
        initial.withUnsafeBufferPointer { parameters in
          guard let points = points.baseAddress, let first = signs.baseAddress,
            let start = parameters.baseAddress
          else { return }
          var moons = mgb_moons(points: points, signs: first, count: Int64(signs.count), parameters: start)
          body(&moons)
        }
      }
    }
  }
}

// MARK: - Compiled

extension MoonsTraining {
  /// Two coordinates and the class of each sample.
  private var samples: Micrograd.Samples {
    Micrograd.Samples(zip(points.inputs, signs).flatMap { $0 + [$1] }, width: 3)
  }

  func compiledLoss(precision: CompiledFunction.Precision = .double) -> CompiledFunction {
    let parameters = model.parameters
    return compiled(at: [0, 0, 1], precision: precision) { neuronsLoss(parameters, $0) }
  }

  private func backward(_ loss: CompiledFunction, _ samples: Micrograd.Samples) -> Double {
    do {
      return try loss.backward(at: samples)
    } catch {
      fatalError("\(error)")  // it compares nothing
    }
  }

  func gradient(of loss: CompiledFunction, threads: Int, times: Int) -> Contestant.Outcome {
    let samples = samples
    var last = 0.0
    loss.threads = threads
    for _ in 0..<times {
      model.zeroGradients()
      last = backward(loss, samples)
    }
    return Contestant.Outcome(numbers: [last] + model.parameters.map(\.grad), nodes: 0)
  }

  /// Records the loss of the first sample.
  func record(times: Int) -> Contestant.Outcome {
    let (parameters, numbers) = (model.parameters, samples[0])
    var (last, nodes) = (0.0, 0)
    for _ in 0..<times {
      Tape.scope {
        last = neuronsLoss(parameters, numbers.map { Value($0) }).data
        nodes = Tape.current.nodeCount
      }
    }
    return Contestant.Outcome(numbers: [last], nodes: nodes)
  }

  /// Records the loss of the first sample and sweeps it.
  func gradientOfFirst(times: Int) -> Contestant.Outcome {
    let (parameters, numbers) = (model.parameters, samples[0])
    return gradientOfFirst(times: times) {
      Tape.scope {
        let loss = neuronsLoss(parameters, numbers.map { Value($0) })
        loss.backward()
        return loss.data
      }
    }
  }

  /// The same by the compiled loss, called with one sample as `Samples`.
  func gradientOfFirst(by loss: CompiledFunction, times: Int) -> Contestant.Outcome {
    let sample = Micrograd.Samples(samples[0], width: 3)
    return gradientOfFirst(times: times) { backward(loss, sample) }
  }

  /// The same by calls for one sample.
  func gradientOfFirst(byCalling loss: CompiledFunction, times: Int) -> Contestant.Outcome {
    let sample = samples[0]
    return gradientOfFirst(times: times) {
      do {
        return try loss.backward(at: sample)
      } catch {
        fatalError("\(error)")  // it compares nothing
      }
    }
  }

  private func gradientOfFirst(times: Int, _ body: () -> Double) -> Contestant.Outcome {
    model.zeroGradients()
    var last = 0.0
    for k in 0..<times {
      if k == times - 1 { model.zeroGradients() }
      last = body()
    }
    return Contestant.Outcome(numbers: [last] + model.parameters.map(\.grad), nodes: 0)
  }

  /// Compiles the loss; its programs are made when they are first wanted.
  func compile(times: Int) -> Contestant.Outcome {
    var last = compiledLoss()
    for _ in 1..<max(times, 1) { last = compiledLoss() }
    return Contestant.Outcome(numbers: values(last), nodes: 0)
  }

  private func values(_ loss: CompiledFunction) -> [Double] {
    do {
      return try loss.values(at: Micrograd.Samples(samples[0], width: 3))
    } catch {
      fatalError("\(error)")  // it compares nothing
    }
  }

  /// Compiles the loss and computes gradients with it, of the first sample.
  func compileAndCall(times: Int) -> Contestant.Outcome {
    let sample = Micrograd.Samples(samples[0], width: 3)
    var last = 0.0
    for _ in 0..<times {
      model.zeroGradients()
      last = backward(compiledLoss(), sample)
    }
    return Contestant.Outcome(numbers: [last], nodes: 0)
  }
}

/// The loss in micrograd's way: every multiplication and addition a node.
@inline(never)
package func scalarLoss(_ scores: [Value], _ signs: [Double], _ parameters: [Value]) -> Value {
  var loss = (1 - signs[0] * scores[0]).relu()
  for i in 1..<scores.count { loss += (1 - signs[i] * scores[i]).relu() }
  var penalty = parameters[0] * parameters[0]
  for p in parameters.dropFirst() { penalty += p * p }
  return loss * (1 / Double(scores.count)) + penalty * mgb_moons_penalty
}

/// The loss by the library's functions.
package func fusedLoss(_ scores: [Value], _ signs: [Double], _ parameters: [Value]) -> Value {
  maxMarginLoss(scores: scores, expected: signs) + l2Penalty(parameters, weight: mgb_moons_penalty)
}

/// Steps of training on the moons. Each time it starts anew, so all contestants see the same losses and gradients.
package func moonsCase(steps: Int) -> Case {
  let count = 1 + Int(MGB_PARAMETERS)
  let (scalar, fused) = (MoonsTraining(evaluation: .scalar), MoonsTraining(evaluation: .fused))
  return Case(
    name: "moons", title: "moons training step", group: "moons", iterations: steps,
    contestants: [
      .handWritten(numbers: count) { steps, result in
        scalar.withBaseline { mgb_hand_moons(steps, $0, result) }
      },
      .bareTape(numbers: count) { steps, result in
        var nodes: Int64 = 0
        scalar.withBaseline { nodes = mgb_bare_moons(steps, $0, result) }
        return nodes
      },
      Contestant(name: "Swift, scalar", role: .library) { scalar.train(steps: $0, loss: scalarLoss) },
      Contestant(name: "Swift, fused", role: .library) { fused.train(steps: $0, loss: fusedLoss) },
    ])
}

/// The same, all samples as one batch, beside C that is vectorised over samples.
package func moonsBatchCase(steps: Int) -> Case {
  let batched = MoonsTraining(evaluation: .automatic)
  let compiled = batched.compiledLoss()
  return Case(
    name: "moons-batch", title: "moons training step, one batch", group: "moons-batch", iterations: steps,
    contestants: [
      .handWritten(numbers: 1 + Int(MGB_PARAMETERS)) { steps, result in
        batched.withBaseline { mgb_hand_moons_vector(steps, $0, result) }
      },
      Contestant(name: "Swift, automatic", role: .library) { batched.trainOnBatches(steps: $0) },
      Contestant(name: "Swift, neuron by neuron, compiled", role: .library) {
        batched.trainCompiled(compiled, steps: $0)
      },
    ])
}
