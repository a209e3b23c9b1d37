import Micrograd

extension Trainer {
  /// The current state of the run: parameters, optimiser, random streams, and progress in the epoch.
  ///
  /// If the end of the run restored the parameters of the best epoch, the checkpoint has those of the last step too, to
  /// continue from.
  ///
  /// ``TrainingOptions`` and the data are not included. With the same options and data, a resumed run is bit for bit the
  /// uninterrupted one.
  public var checkpoint: Checkpoint {
    let shown = state.standing.map { _ in parameters.data }
    if let standing = state.standing { parameters.data = standing }
    defer { if let shown { parameters.data = shown } }
    var saved = optimizer.state
    saved.buffers[Keys.best] = state.bestParameters
    let progress = state.progress
    let texts = [
      Keys.batch: "\(progress.batch)", Keys.samples: "\(progress.samples)", Keys.lossSum: "\(progress.lossSum)",
      Keys.metricSum: "\(progress.metricSum)", Keys.bestLoss: "\(state.bestLoss)",
      Keys.bestEpoch: "\(state.bestEpoch ?? 0)", Keys.staleEpochs: "\(state.staleEpochs)",
    ]
    return Checkpoint(
      model, optimizer: saved,
      randomStreams: ["shuffling": state.shuffling.savedState, "drawing": state.drawing.savedState], step: state.step,
      epoch: state.epoch, metadata: texts.merging(options.metadata) { own, _ in own })
  }

  /// Restores a checkpoint. The next ``fit(_:validation:onEpoch:)`` continues that run up to ``TrainingOptions/epochs``.
  ///
  /// - Throws: ``CheckpointError``, ``OptimizerStateError`` or ``TrainingError`` if the checkpoint belongs to another model
  ///   or another optimiser, or was not saved by a trainer. Then nothing has changed.
  public mutating func resume(from checkpoint: Checkpoint) throws {
    var restored = TrainingState(seed: 0)
    guard var saved = try checkpoint.optimizerState(for: model) else {
      throw TrainingError.checkpoint("the checkpoint has no state of an optimiser: it is not of a training run")
    }
    restored.bestParameters = saved.buffers.removeValue(forKey: Keys.best)
    restored.shuffling = try checkpoint.randomStream("shuffling", PythonRandom.init)
    restored.drawing = try checkpoint.randomStream("drawing", PythonRandom.init)
    restored.epoch = checkpoint.epoch
    restored.step = checkpoint.step
    let texts = checkpoint.metadata
    restored.progress = EpochProgress(
      batch: try Keys.read(texts, Keys.batch), samples: try Keys.read(texts, Keys.samples),
      lossSum: try Keys.read(texts, Keys.lossSum), metricSum: try Keys.read(texts, Keys.metricSum))
    restored.bestLoss = try Keys.read(texts, Keys.bestLoss)
    let bestEpoch: Int = try Keys.read(texts, Keys.bestEpoch)
    restored.bestEpoch = bestEpoch == 0 ? nil : bestEpoch
    restored.staleEpochs = try Keys.read(texts, Keys.staleEpochs)

    var resumed = optimizer
    try resumed.restore(saved)
    try checkpoint.restore(into: model)
    optimizer = resumed
    state = restored
  }

  internal func saveCheckpoint() throws {
    if let url = options.checkpoint { try checkpoint.write(to: url) }
  }
}

/// The names of a run's state in a checkpoint.
private enum Keys {
  static let batch = "trainer.batch"
  static let samples = "trainer.samples"
  static let lossSum = "trainer.lossSum"
  static let metricSum = "trainer.metricSum"
  static let bestLoss = "trainer.bestLoss"
  static let bestEpoch = "trainer.bestEpoch"
  static let staleEpochs = "trainer.staleEpochs"
  /// Saved with the optimiser's buffers, because it has one number per parameter.
  static let best = "best"

  static func read<Number: LosslessStringConvertible>(
    _ texts: [String: String], _ key: String
  ) throws(TrainingError) -> Number {
    guard let text = texts[key], let number = Number(text),
      (number as? Int).map(OptimizerState.possibleCounts.contains) ?? true
    else {
      throw .checkpoint("the checkpoint's \(key) is \(texts[key] ?? "missing"): it is not of a training run")
    }
    return number
  }
}
