import Micrograd

/// The results of one epoch.
public struct EpochReport: Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The number of steps of the run so far.
  public let step: Int
  /// The learning rate of the epoch's last step.
  public let learningRate: Double
  /// The mean training loss of the epoch. Each sample counts with its loss at the step that used it.
  public let loss: Double
  /// The mean training metric of the epoch; `nil` without a metric.
  public let metric: Double?
  /// The validation loss after the epoch; `nil` without validation data.
  public let validationLoss: Double?
  /// The validation metric after the epoch; `nil` without a metric or validation data.
  public let validationMetric: Double?
  /// The training speed in samples per second.
  public let samplesPerSecond: Double
}

/// The results of a run.
public struct TrainingHistory: Sendable, Equatable {
  /// The reason for stopping.
  public enum End: Sendable, Equatable {
    /// All epochs were done.
    case finished
    /// Early stopping: the loss stopped improving.
    case stoppedEarly
    /// The callback ended the run.
    case stopped
    /// Ctrl-C was pressed, or the program was asked to end by SIGTERM or SIGHUP.
    case interrupted
  }

  /// The epochs that were completed, in order.
  public internal(set) var epochs: [EpochReport] = []
  /// The reason for the end of the run.
  public internal(set) var end = End.finished
  /// The signal that interrupted the run.
  package internal(set) var signal: Int32?
  /// How the loss of batches was computed, and why it was not compiled if it was not.
  public internal(set) var evaluation = FunctionEvaluation.recorded(reason: "no step was taken")
  /// The epoch, counted from 1, with the lowest loss. The validation loss counts if there is one.
  public internal(set) var bestEpoch: Int?
}
