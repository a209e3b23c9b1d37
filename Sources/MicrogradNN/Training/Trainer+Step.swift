import Micrograd

extension Trainer {
  /// Takes one step on a batch, some rows of the data. If it throws, nothing has changed. Leaves nothing on the tape.
  internal mutating func takeStep(_ data: any RowSource, _ rows: [Int]) throws {
    var outcome = StepOutcome()
    if var lbfgs = closureOptimizer {
      let before = parameters.data
      var failure: (any Error)?
      _ = lbfgs.step {
        if failure != nil { return .infinity }
        do {
          // The first evaluation is at the current parameters.
          let evaluation = try evaluateBatch(data, rows, isFirst: outcome.count == 0)
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
      closureOptimizer = lbfgs
    } else {
      outcome = try evaluateBatch(data, rows, isFirst: true)
      clip()
      stepOptimizer?.step()  // in its place: a copy of its buffers would cost more than the step
    }
    state.add(outcome)
  }

  private func clip() {
    switch options.clipping {
    case .value(let bound): clipGradients(of: parameters, toValue: bound)
    case .norm(let bound): clipGradients(of: parameters, toNorm: bound)
    case nil: break
    }
  }

  private mutating func evaluateBatch(
    _ data: any RowSource, _ rows: [Int], isFirst: Bool
  ) throws -> StepOutcome {
    if let ranks { return try ranks.evaluate(&self, data, rows, isFirst: isFirst) }
    let batch = try data.reading(rows)
    return try evaluate(batch.data, batch.rows, isFirst: isFirst)
  }

  /// Computes the loss and its gradient at the current parameters. A line search may try points where the loss is not
  /// finite, but the first point of a step must be finite.
  package mutating func evaluate(_ data: Dataset, _ rows: [Int], isFirst: Bool) throws -> StepOutcome {
    if case .compiled(let loss) = evaluation {
      do {
        let outcome = try evaluate(loss, data, rows)
        if !isFirst || outcome.total.isFinite && parameters.hasFiniteGradients { return outcome }
        // A recording says where the number comes from that is not finite.
      } catch {
        evaluation = .recorded(reason: "\(error)")
      }
    }
    return try record(data.subset(rows), isFirst: isFirst)
  }

  private func evaluate(
    _ loss: CompiledLoss, _ data: Dataset, _ rows: [Int]
  ) throws(CompilationError) -> StepOutcome {
    parameters.zeroGradients()
    var outcome = StepOutcome(count: rows.count)
    if let metric = options.metric {
      outcome.metric = metric(try loss.outputs(data, rows), data.targets.subset(rows))
    }
    outcome.loss = try loss.backward(data, rows)
    outcome.total = outcome.loss + addPenalty()
    return outcome
  }

  /// Returns the L2 penalty, and adds its gradient to those of the parameters.
  package func addPenalty() -> Double {
    guard options.l2Penalty > 0 else { return 0 }
    return Tape.scope {
      let penalty = parameters.squaredNorm() * options.l2Penalty
      penalty.backward()
      return penalty.data
    }
  }

  package mutating func record(_ batch: Dataset, isFirst: Bool) throws -> StepOutcome {
    let (epoch, number) = (state.epoch + 1, state.step + 1)
    var drawing = state.drawing
    defer { state.drawing = drawing }
    return try Tape.scope {
      let start = Tape.current.nodeCount
      let outputs = model(batch.inputMatrix, training: &drawing)
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
package struct StepOutcome {
  /// The number of samples.
  package var count = 0
  /// The mean loss.
  package var loss = 0.0
  /// The mean loss and the penalty.
  package var total = 0.0
  /// The metric; 0 without one.
  package var metric = 0.0

  package init(count: Int = 0, loss: Double = 0, total: Double = 0, metric: Double = 0) {
    self.count = count
    self.loss = loss
    self.total = total
    self.metric = metric
  }
}
