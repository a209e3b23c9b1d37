import ArgumentParser
import MicrogradNN

/// The optimisation arguments of `train`.
struct OptimizationArguments: ParsableArguments {
  @Option(
    help: """
      Loss function to minimise. (default: bce for two classes, cross-entropy for more, mse for numbers)
      """)
  var loss: Loss?

  @Option(help: "Optimiser.")
  var optimizer = OptimizerChoice.adam

  @Option(
    help: """
      Learning rate, above 0; with a schedule, its highest value. (default: 0.1 for sgd and adagrad, 1 for lbfgs, \
      0.01 for the others)
      """)
  var learningRate: Double?

  @Option(help: "Momentum of sgd or rmsprop, at least 0 and below 1. (default: 0)")
  var momentum: Double?

  @Option(help: "Weight decay, at least 0. (default: 0.01 for adamw, 0 for the others)")
  var weightDecay: Double?

  @Option(
    help: """
      Learning-rate schedule. cosine falls to 0. step divides the rate by 10 after each third of the run. exponential \
      falls to a hundredth. one-cycle rises for three tenths of the run, then falls to almost 0.
      """)
  var schedule = ScheduleChoice.constant

  @Option(help: "Warm-up epochs, during which the learning rate rises; fewer than --epochs.")
  var warmUp = 0

  @Option(help: "Weight of the L2 penalty on all parameters, at least 0.")
  var l2 = 0.0

  @Option(help: "Maximum norm of the gradients, above 0; larger gradients are scaled down. (default: no limit)")
  var clipNorm: Double?

  @Option(help: "Number of epochs, 1 to 1000000000.")
  var epochs = 100

  @Option(help: "Rows per step, at least 1; or all. (default: 32, or all for lbfgs)")
  var batchSize: BatchSize?

  @Option(
    help: """
      Stop early after this many epochs without a lower validation loss, and restore the best epoch; at least 1. \
      Without validation rows, the training loss counts.
      """)
  var patience: Int?

  @Option(help: "Seed for the split, the weights and the order of rows, 0 to 4294967295.")
  var seed: UInt32 = 1

  /// The learning rate, given or default.
  var rate: Double { learningRate ?? optimizer.learningRate }
  /// The batch size, given or default.
  var batch: BatchSize { batchSize ?? (optimizer == .lbfgs ? .all : .samples(32)) }

  func validate() throws {
    try check(rate > 0 && rate.isFinite, "--learning-rate", rate, "give a number above 0")
    let momentum = momentum ?? 0, weightDecay = weightDecay ?? 0, clipNorm = clipNorm ?? 1
    try check(momentum >= 0 && momentum < 1, "--momentum", momentum, "give a number of at least 0 and below 1")
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
      "--momentum is \(momentum ?? 0), and --optimizer \(optimizer) has no momentum",
      "leave it out, or use sgd or rmsprop")
    try refuse(
      warmUp > 0 && schedule == .oneCycle, "--warm-up is \(warmUp), and --schedule one-cycle warms up by itself",
      "leave one of them out")
    guard optimizer == .lbfgs else { return }
    try optimizer.check(batchSize)
    let remedy = "leave it out, or use another optimizer"
    try refuse(
      weightDecay != nil, "--weight-decay is \(weightDecay ?? 0), and --optimizer lbfgs has no weight decay",
      "give --l2 instead")
    try refuse(
      clipNorm != nil, "--clip-norm is \(clipNorm ?? 0), and --optimizer lbfgs needs unclipped gradients", remedy)
    try refuse(
      schedule != .constant || warmUp > 0,
      "--schedule \(schedule.rawValue) with --warm-up \(warmUp), and --optimizer lbfgs chooses its own step sizes",
      remedy)
  }
}
