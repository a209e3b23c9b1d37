/// The state of a run.
package struct TrainingState {
  /// The number of completed epochs.
  package internal(set) var epoch = 0
  /// The number of steps taken.
  package internal(set) var step = 0
  /// The random stream for the order of samples, as it was before the current epoch.
  package internal(set) var shuffling: PythonRandom
  /// The random stream for layers such as dropout.
  package var drawing: PythonRandom
  /// The progress of the current epoch.
  var progress = EpochProgress()

  var bestLoss = Double.infinity
  var bestEpoch: Int?
  /// The parameters of the best epoch, if they are to be restored.
  var bestParameters: [Double]?
  /// The parameters of the last step, if those of the best epoch were restored at the end. Training continues from them.
  var standing: [Double]?
  /// The number of epochs since the best one.
  var staleEpochs = 0

  init(seed: Int) {
    shuffling = PythonRandom(seed: seed)
    drawing = PythonRandom(seed: seed &+ 1)
  }

  mutating func add(_ outcome: StepOutcome) {
    step += 1
    progress.batch += 1
    progress.samples += outcome.count
    progress.lossSum += outcome.loss * Double(outcome.count)
    progress.metricSum += outcome.metric * Double(outcome.count)
  }

  mutating func endEpoch(loss: Double, minimumImprovement: Double, parameters: [Double]?) {
    epoch += 1
    progress = EpochProgress()
    if loss < bestLoss - minimumImprovement {
      (bestLoss, bestEpoch, bestParameters, staleEpochs) = (loss, epoch, parameters, 0)
    } else {
      staleEpochs += 1
    }
  }

  func isStale(_ stopping: EarlyStopping?) -> Bool {
    stopping.map { staleEpochs >= $0.patience } ?? false
  }
}

/// The progress of an epoch.
internal struct EpochProgress: Equatable {
  var batch = 0
  var samples = 0
  var lossSum = 0.0
  var metricSum = 0.0

  var meanLoss: Double { lossSum / Double(samples) }
  var meanMetric: Double { metricSum / Double(samples) }
}
