/// Where a run stands.
internal struct TrainingState {
  /// How many epochs were completed.
  var epoch = 0
  /// How many steps were taken.
  var step = 0
  /// The stream of the order of samples, as it was before the epoch that has begun.
  var shuffling: PythonRandom
  /// The stream from which layers draw.
  var drawing: PythonRandom
  /// Of the epoch that has begun.
  var progress = EpochProgress()

  var bestLoss = Double.infinity
  var bestEpoch: Int?
  /// The parameters of the best epoch, where they are to be put back.
  var bestParameters: [Double]?
  /// Where the parameters stood when those of the best epoch were put back at the end, to go on from.
  var standing: [Double]?
  /// Epochs since the best one.
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

/// How far an epoch has come.
internal struct EpochProgress: Equatable {
  var batch = 0
  var samples = 0
  var lossSum = 0.0
  var metricSum = 0.0

  var meanLoss: Double { lossSum / Double(samples) }
  var meanMetric: Double { metricSum / Double(samples) }
}
