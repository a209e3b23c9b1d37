import Micrograd

extension Trainer {
  /// How the loss of batches is computed.
  package enum BatchEvaluation {
    case undecided
    case compiled(CompiledLoss)
    case recorded(reason: String)

    /// The same, for the history of a run.
    var report: FunctionEvaluation {
      switch self {
      case .undecided: .recorded(reason: "no step was taken")
      case .compiled: .compiled
      case .recorded(let reason): .recorded(reason: reason)
      }
    }
  }

  /// Decides before an epoch whether the loss is compiled.
  ///
  /// The decision depends on the model and the options alone, so that a resumed run takes the same steps. A compiled loss
  /// is compared with a recording: when it is made, at some rows; before each epoch, at one row. The state of a model may
  /// have changed since the last epoch, for example a temperature; then the loss is compiled anew.
  ///
  /// - Parameters:
  ///   - data: Some of the data, or all.
  ///   - count: The number of all rows.
  ///   - rows: The first rows of the epoch, indices into `data`.
  internal mutating func chooseEvaluation(_ data: Dataset, of count: Int, rows: [Int]) {
    let most = CompiledLoss.mostParameters(batchSize: options.batchSize ?? count)
    if !options.compiles {
      evaluation = .recorded(reason: FunctionEvaluation.unwantedReason)
    } else if parameters.count > most {
      evaluation = .recorded(
        reason: "the model has \(parameters.count) parameters; for batches of this size, up to \(most) are compiled")
    } else {
      switch evaluation {
      case .recorded: break
      case .compiled(let loss) where isSame(loss, at: rows[0], of: data): loss.threads = options.threads
      case .compiled, .undecided: compileLoss(data, rows)
      }
    }
  }

  /// The number of rows for which a compiled loss is compared with a recording.
  internal static var comparedRows: Int { 32 }

  private mutating func compileLoss(_ data: Dataset, _ rows: [Int]) {
    do {
      let loss = try CompiledLoss(model, loss, data, random: state.drawing)
      loss.threads = options.threads
      if ranks != nil, loss.hasComparisons {
        // Its sums are by path, in the order in which a rank met the paths.
        evaluation = .recorded(
          reason: "the model compares Values, so that its sums would depend on the number of ranks")
        return
      }
      let isSame = try isSame(loss, at: rows, of: data)
      evaluation = isSame ? .compiled(loss) : .recorded(reason: "the model computes a row from other rows, or changes")
    } catch {
      evaluation = .recorded(reason: "\(error)")
    }
  }

  /// True if the compiled loss of a row is that of a recording.
  private func isSame(_ compiled: CompiledLoss, at row: Int, of data: Dataset) -> Bool {
    let batch = data.subset([row])
    guard let found = try? compiled.values(data, [row])[0], let loss = try? withoutGradients({ try meanLoss(batch) })
    else { return false }
    return [found].agrees(with: [loss.data], scale: abs(loss.data))
  }

  /// True if the mean loss of some rows and its gradient are those of a recording. Leaves other gradients behind.
  private func isSame(_ compiled: CompiledLoss, at rows: [Int], of data: Dataset) throws -> Bool {
    let expected = try Tape.scope {
      let loss = try meanLoss(data.subset(rows))
      parameters.zeroGradients()
      if !loss.isConstant { loss.backward() }
      return loss.data
    }
    let gradients = parameters.gradients, largest = gradients.largestMagnitude
    parameters.zeroGradients()
    let found = try compiled.backward(data, rows)
    return [found].agrees(with: [expected], scale: abs(expected) + largest)
      && parameters.gradients.agrees(with: gradients, scale: largest)
  }

  private func meanLoss(_ batch: Dataset) throws -> Value {
    var random = state.drawing
    return try loss(model(batch.inputMatrix, training: &random), batch.targets)
  }
}
