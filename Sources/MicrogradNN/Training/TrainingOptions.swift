import Foundation
import Micrograd

/// The options of a training run.
public struct TrainingOptions: Sendable {
  /// The total number of epochs. A resumed run continues up to this number.
  public var epochs = 100

  /// The number of samples per step; `nil` for all samples.
  public var batchSize: Int? = 32

  /// True to shuffle the samples before each epoch.
  public var shuffles = true

  /// The number of neighbouring rows that a shuffle reads together, at least 1; `nil` to shuffle all rows alike. For data
  /// that are larger than memory: see ``RowSource/batches(of:shuffledBy:blocksOf:)``.
  public var shuffleBlock: Int?

  /// The weight α of an L2 penalty α Σ p² over all parameters. The penalty is added to the loss of each step.
  public var l2Penalty = 0.0

  /// The gradient clipping; `nil` for none.
  public var clipping: GradientClipping?

  /// The rule for early stopping; `nil` for none.
  public var earlyStopping: EarlyStopping?

  /// The metric to measure besides the loss; `nil` for none.
  public var metric: Metric?

  /// The progress report on standard output.
  public var progress = ProgressStyle.quiet

  /// A CSV file with one line per epoch. A resumed run appends to it.
  public var log: URL?

  /// The file for checkpoints, written after every ``checkpointInterval`` epochs and when the run ends for any reason.
  public var checkpoint: URL?

  /// The number of epochs between checkpoints, at least 1.
  public var checkpointInterval = 1

  /// Extra metadata for checkpoints. Keys that begin with `micrograd.` or `trainer.` are reserved.
  public var metadata: [String: String] = [:]

  /// True to end the run after the current step on Ctrl-C (SIGINT), SIGTERM or SIGHUP, and to write a checkpoint if
  /// ``checkpoint`` is set. A second signal ends the program. A SIGTERM or SIGHUP that is ignored, or has a handler, stays
  /// as it is.
  public var endsOnInterrupt = false

  /// True to compile the loss of a sample and to run it for all samples of a batch, if that is the faster way. A model
  /// that draws random numbers, such as dropout, or has large layers, is recorded for every batch.
  ///
  /// Compiled losses and gradients are the recorded ones to rounding. ``TrainingHistory/evaluation`` says what was done.
  public var compiles = true

  /// The number of threads for a compiled loss, at least 1. The results are the same bits for any number.
  public var threads = 1

  /// Creates the default options: 100 epochs in shuffled batches of 32, without progress reports.
  public init() {}

  internal func check() {
    require(epochs >= 0, "epochs is \(epochs): give 0 or more")
    require(batchSize.map { $0 >= 1 } ?? true, "batchSize is \(batchSize ?? 0): give 1 or more, or nil for all samples")
    require(
      shuffleBlock.map { $0 >= 1 } ?? true,
      "shuffleBlock is \(shuffleBlock ?? 0): give 1 row or more, or nil to shuffle all rows alike")
    require(l2Penalty >= 0, "l2Penalty is \(l2Penalty): give 0 or more")
    require(threads >= 1, "threads is \(threads): give 1 or more")
    require(checkpointInterval >= 1, "checkpointInterval is \(checkpointInterval): give 1 or more")
  }
}

/// A limit on gradients, applied before each step.
public enum GradientClipping: Sendable, Equatable {
  /// Clamps each gradient to -bound … bound.
  case value(Double)
  /// Scales all gradients so that their Euclidean norm is at most the bound.
  case norm(Double)
}

/// Stops a run if the loss has not improved for some epochs. The validation loss counts if there is one.
public struct EarlyStopping: Sendable, Equatable {
  /// The number of epochs without an improvement after which the run stops, at least 1.
  public var patience: Int
  /// The smallest decrease of the loss that counts as an improvement, at least 0.
  public var minimumImprovement: Double
  /// True to restore the parameters of the best epoch at the end.
  public var restoresBest: Bool

  /// Stops after `patience` epochs, at least 1, without a loss lower by more than `minimumImprovement`, at least 0.
  public init(patience: Int, minimumImprovement: Double = 0, restoresBest: Bool = true) {
    require(patience >= 1, "patience is \(patience): give 1 epoch or more")
    require(minimumImprovement >= 0, "minimumImprovement is \(minimumImprovement): give 0 or more")
    self.patience = patience
    self.minimumImprovement = minimumImprovement
    self.restoresBest = restoresBest
  }
}

/// The style of progress reports.
public enum ProgressStyle: Sendable, Equatable {
  /// Nothing.
  case quiet
  /// A line per epoch, about twenty lines at most.
  case lines
  /// A progress bar in one line that is overwritten.
  case bar
  /// A bar on a terminal, lines elsewhere.
  case automatic
}
