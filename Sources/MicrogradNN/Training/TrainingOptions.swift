import Foundation
import Micrograd

/// How a run goes, beside its model, loss and optimiser.
public struct TrainingOptions: Sendable {
  /// How many times all samples are passed over, in all: a resumed run goes on up to this number.
  public var epochs = 100

  /// How many samples a step trains on; `nil` for all of them at once.
  public var batchSize: Int? = 32

  /// Whether each epoch passes over the samples in a new order.
  public var shuffles = true

  /// α of an L2 penalty α Σ p² of all parameters, which is added to the loss of each step.
  public var l2Penalty = 0.0

  /// What is done to large gradients.
  public var clipping: GradientClipping?

  /// When to stop though there are epochs left.
  public var earlyStopping: EarlyStopping?

  /// What is measured beside the loss.
  public var metric: Metric?

  /// What a person sees meanwhile.
  public var progress = ProgressStyle.quiet

  /// A file of comma-separated values, a line an epoch; a resumed run goes on with it.
  public var log: URL?

  /// Where checkpoints go: after every ``checkpointInterval`` epochs, and at the end, however the run ends.
  public var checkpoint: URL?

  /// After how many epochs a checkpoint is written.
  public var checkpointInterval = 1

  /// Texts of one's own that go into checkpoints; keys that begin with `micrograd.` or `trainer.` are not for them.
  public var metadata: [String: String] = [:]

  /// Whether Ctrl-C (SIGINT), SIGTERM and SIGHUP end the run after the current step, with a checkpoint where one was asked
  /// for; a second one ends the program. Without it, they do what they do to the program otherwise; a SIGTERM or SIGHUP
  /// that is ignored or has a handler is left alone.
  public var endsOnInterrupt = false

  /// The usual: 100 epochs in shuffled batches of 32, quietly.
  public init() {}

  internal func check() {
    require(epochs >= 0, "epochs is \(epochs): give 0 or more")
    require(batchSize.map { $0 >= 1 } ?? true, "batchSize is \(batchSize ?? 0): give 1 or more, or nil for all samples")
    require(l2Penalty >= 0, "l2Penalty is \(l2Penalty): give 0 or more")
    require(checkpointInterval >= 1, "checkpointInterval is \(checkpointInterval): give 1 or more")
  }
}

/// What is done to large gradients before a step.
public enum GradientClipping: Sendable, Equatable {
  /// Each is brought into -bound … bound.
  case value(Double)
  /// All are scaled so that their Euclidean norm is at most the bound.
  case norm(Double)
}

/// Stops a run when the loss, on the validation part where there is one, has not improved for some epochs.
public struct EarlyStopping: Sendable, Equatable {
  /// How many epochs may pass without an improvement; at least 1.
  public var patience: Int
  /// By how much the loss must fall for it to count.
  public var minimumImprovement: Double
  /// Whether the parameters of the best epoch are put back at the end.
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

/// What a person sees of a run.
public enum ProgressStyle: Sendable, Equatable {
  /// Nothing.
  case quiet
  /// A line an epoch, at most about twenty in all.
  case lines
  /// A line an epoch that is written over, with a bar.
  case bar
  /// A bar on a terminal, lines elsewhere.
  case automatic
}
