import Micrograd

extension Trainer {
  /// Takes one step on a batch. If it throws, nothing has changed. Leaves nothing on the tape.
  internal mutating func takeStep(_ batch: Dataset) throws {
    var outcome = StepOutcome()
    if var lbfgs = optimizer as? any ClosureOptimizer {
      let before = parameters.data
      var failure: (any Error)?
      _ = lbfgs.step {
        if failure != nil { return .infinity }
        do {
          // The first evaluation is at the current parameters.
          let evaluation = try evaluate(batch, isFirst: outcome.count == 0)
          if outcome.count == 0 { outcome = evaluation }
          return evaluation.total
        } catch {
          failure = error
          return .infinity
        }
      }
      if let failure {
        parameters.data = before
        throw failure
      }
      optimizer = lbfgs
    } else {
      outcome = try evaluate(batch, isFirst: true)
      clip()
      step()
    }
    state.add(outcome)
  }

  private mutating func step() {
    guard var optimizer = optimizer as? any Optimizer else { return }
    // The copy must be the only owner of its buffers; otherwise they are copied.
    self.optimizer = NoOptimizer()
    optimizer.step()
    self.optimizer = optimizer
  }

  private func clip() {
    switch options.clipping {
    case .value(let bound): clipGradients(of: parameters, toValue: bound)
    case .norm(let bound): clipGradients(of: parameters, toNorm: bound)
    case nil: break
    }
  }

  /// Computes the loss and the gradients at the current parameters. A line search may try points where the loss is not
  /// finite, but the first point of a step must be finite.
  private mutating func evaluate(_ batch: Dataset, isFirst: Bool) throws -> StepOutcome {
    let (epoch, number) = (state.epoch + 1, state.step + 1)
    var drawing = state.drawing
    defer { state.drawing = drawing }
    return try Tape.scope {
      let start = Tape.current.nodeCount
      let inputs = Matrix.constant(rows: batch.count, columns: batch.inputCount, batch.inputs)
      let outputs = model(inputs, training: &drawing)
      let mean = try loss(outputs, batch.targets)
      let total = options.l2Penalty > 0 ? mean + parameters.squaredNorm() * options.l2Penalty : mean
      if isFirst, !total.data.isFinite {
        let origin = Tape.current.firstNonFinite(from: start).map { NonFiniteNumber($0) }
        throw TrainingError.notFinite(what: "the loss", origin: origin, epoch: epoch, step: number)
      }
      parameters.zeroGradients()
      if !total.isConstant { total.backward() }
      if isFirst, !parameters.hasFiniteGradients {
        let name = model.namedParameters.first { !$0.runs.hasFiniteGradients }?.name ?? "a parameter"
        throw TrainingError.notFinite(
          what: "the gradient of \(name)", origin: nil, epoch: epoch, step: number)
      }
      return StepOutcome(
        count: batch.count, loss: mean.data, total: total.data,
        metric: options.metric.map { $0(outputs, batch.targets) } ?? 0)
    }
  }
}

/// The result of one evaluation.
internal struct StepOutcome {
  var count = 0
  var loss = 0.0
  var total = 0.0
  var metric = 0.0
}

/// A placeholder for the optimiser during its step.
private struct NoOptimizer: ResumableOptimizer {
  var schedule = LearningRateSchedule.constant(0)
  var stepCount: Int { 0 }
  var state: OptimizerState { OptimizerState(kind: "none", stepCount: 0) }
  mutating func restore(_ state: OptimizerState) {}
  func zeroGradients() {}
}
