/// What came of one epoch.
public struct EpochReport: Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// How many steps the run has taken so far.
  public let step: Int
  /// The learning rate of the epoch's last step.
  public let learningRate: Double
  /// The mean loss of the epoch's samples, each as of the step that trained on it.
  public let loss: Double
  /// The metric's mean over the epoch's batches, likewise; `nil` without a metric.
  public let metric: Double?
  /// The loss on the validation part after the epoch; `nil` without one.
  public let validationLoss: Double?
  /// The metric on the validation part after the epoch; `nil` without either.
  public let validationMetric: Double?
  /// How many samples were trained on a second.
  public let samplesPerSecond: Double
}

/// What came of a run.
public struct TrainingHistory: Sendable, Equatable {
  /// Why it ended.
  public enum End: Sendable, Equatable {
    /// All epochs were done.
    case finished
    /// The loss did not improve any more.
    case stoppedEarly
    /// A callback asked for it.
    case stopped
    /// Ctrl-C was pressed, or the program was asked to end by SIGTERM or SIGHUP.
    case interrupted
  }

  /// The epochs that were completed, in order.
  public internal(set) var epochs: [EpochReport] = []
  /// Why the run ended.
  public internal(set) var end = End.finished
  /// The signal that interrupted the run.
  package internal(set) var signal: Int32?
  /// The epoch, counted from 1, with the lowest loss: on the validation part where there is one.
  public internal(set) var bestEpoch: Int?
}
