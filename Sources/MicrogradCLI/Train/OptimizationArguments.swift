import ArgumentParser
import MicrogradNN

/// How `train` goes about it.
struct OptimizationArguments: ParsableArguments {
  @Option(
    help: """
      What is made small. (default: bce for two classes, cross-entropy for more, mse for numbers)
      """)
  var loss: Loss?

  @Option(help: "What moves the weights.")
  var optimizer = OptimizerChoice.adam

  @Option(
    help: """
      Learning rate, above 0; the largest, where there is a schedule. (default: 0.1 for sgd and adagrad, 1 for lbfgs, \
      0.01 for the others)
      """)
  var learningRate: Double?

  @Option(help: "How much of its velocity sgd or rmsprop keeps, 0 up to but not including 1. (default: 0)")
  var momentum: Double?

  @Option(help: "How strongly the optimiser pulls weights to 0, at least 0. (default: 0.01 for adamw, else 0)")
  var weightDecay: Double?

  @Option(
    help: """
      The learning rate over the run: cosine falls to 0, step to a tenth after each third, exponential to a hundredth \
      in all; one-cycle rises for three tenths and falls to nearly nothing.
      """)
  var schedule = ScheduleChoice.constant

  @Option(help: "Epochs over which the learning rate first rises, fewer than all.")
  var warmUp = 0

  @Option(help: "Weight of the penalty on the sum of squared parameters, at least 0.")
  var l2 = 0.0

  @Option(help: "The largest norm of the gradients, above 0; larger ones are scaled down. (default: no limit)")
  var clipNorm: Double?

  @Option(help: "How many times all rows are passed over, 1 to 1000000000.")
  var epochs = 100

  @Option(help: "Rows a step, at least 1; or all. (default: 32, or all for lbfgs)")
  var batchSize: BatchSize?

  @Option(
    help: """
      Stop after so many epochs, at least 1, without a lower loss in validation (in training, if there is none), and \
      go back to the best.
      """)
  var patience: Int?

  @Option(help: "Seed of the split, the weights and the order of rows, 0 to 4294967295.")
  var seed: UInt32 = 1

  /// The learning rate that is taken.
  var rate: Double { learningRate ?? optimizer.learningRate }
  /// The batch size that is taken.
  var batch: BatchSize { batchSize ?? (optimizer == .lbfgs ? .all : .samples(32)) }

  func validate() throws {
    try check(rate > 0 && rate.isFinite, "--learning-rate", rate, "give a number above 0")
    let momentum = momentum ?? 0, weightDecay = weightDecay ?? 0, clipNorm = clipNorm ?? 1
    try check(momentum >= 0 && momentum < 1, "--momentum", momentum, "give a number from 0 to 1, 1 excluded")
    try check(weightDecay >= 0 && weightDecay.isFinite, "--weight-decay", weightDecay, "give 0 or more")
    try check(l2 >= 0 && l2.isFinite, "--l2", l2, "give 0 or more")
    try check(clipNorm > 0 && clipNorm.isFinite, "--clip-norm", clipNorm, "give a number above 0")
    // The bound keeps the number of steps within an Int, whatever the number of rows.
    try check(epochs >= 1 && epochs <= 1_000_000_000, "--epochs", epochs, "give at least 1, at most 1000000000")
    try check(patience.map { $0 >= 1 } ?? true, "--patience", patience ?? 0, "give at least 1 epoch")
    try check(warmUp >= 0 && warmUp < epochs, "--warm-up", warmUp, "give 0 or more, but fewer than --epochs \(epochs)")
    try checkTogether()
  }

  private func checkTogether() throws {
    try refuse(
      momentum != nil && !optimizer.takesMomentum,
      "--momentum is \(momentum ?? 0), and --optimizer \(optimizer) has none",
      "leave it out, or take sgd or rmsprop")
    try refuse(
      warmUp > 0 && schedule == .oneCycle, "--warm-up is \(warmUp), and --schedule one-cycle warms up by itself",
      "leave one of them out")
    guard optimizer == .lbfgs else { return }
    try optimizer.check(batchSize)
    let remedy = "leave it out, or take another optimizer"
    try refuse(
      weightDecay != nil, "--weight-decay is \(weightDecay ?? 0), and --optimizer lbfgs has none",
      "give --l2 in its place")
    try refuse(
      clipNorm != nil, "--clip-norm is \(clipNorm ?? 0), and --optimizer lbfgs needs gradients as they are", remedy)
    try refuse(
      schedule != .constant || warmUp > 0,
      "--schedule \(schedule.rawValue) with --warm-up \(warmUp), and --optimizer lbfgs looks for its own step sizes",
      remedy)
  }
}
