import Foundation
import Micrograd

/// Trains a model on a data set, epoch by epoch, in constant memory.
///
/// ```swift
/// var random = PythonRandom(seed: 1)
/// let model = Sequential(Linear(2, 16, using: &random), Activation.relu, Linear(16, 1, using: &random))
/// var options = TrainingOptions()
/// options.epochs = 50
/// options.metric = .accuracy
/// options.progress = .automatic
/// var trainer = Trainer(model, Adam(model, learningRate: 0.01), .binaryCrossEntropy, options, seed: 1)
/// let history = try trainer.fit(training, validation: validation)
/// print(history.epochs.last?.validationMetric)
/// ```
///
/// The same seed, data and initial model give the same run, bit for bit. A run can be interrupted at any step and resumed
/// from its ``checkpoint`` with the same results.
public struct Trainer<M: Model> {
  /// The model.
  public let model: M
  /// The optimiser.
  public internal(set) var optimizer: any ResumableOptimizer {
    get {
      if let stepOptimizer { return stepOptimizer }
      if let closureOptimizer { return closureOptimizer }
      trap("\(Self.self) has no optimiser that takes steps: give it an Optimizer or a ClosureOptimizer")
    }
    set {
      stepOptimizer = newValue as? any Optimizer
      closureOptimizer = stepOptimizer == nil ? newValue as? any ClosureOptimizer : nil
    }
  }
  /// The loss function to minimise.
  public let loss: Loss
  /// The options. They may be changed between two calls of ``fit(_:validation:onEpoch:)``.
  public var options: TrainingOptions

  /// The optimiser, if its steps follow from gradients.
  internal var stepOptimizer: (any Optimizer)?
  /// The optimiser, if its steps evaluate the loss.
  internal var closureOptimizer: (any ClosureOptimizer)?

  package var state: TrainingState
  package internal(set) var evaluation = BatchEvaluation.undecided
  package let parameters: ParameterRuns

  /// The ranks that share the work; nil if this trainer does all of it.
  package var ranks: (any TrainingRanks)?

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - model: The model to train.
  ///   - optimizer: An optimiser for all of the model's parameters, or some of them. Traps if it is for another model.
  ///   - loss: The loss function to minimise.
  ///   - options: The options of the run.
  ///   - seed: The seed for the order of the samples and for layers such as dropout.
  public init(
    _ model: M, _ optimizer: any ResumableOptimizer, _ loss: Loss, _ options: TrainingOptions = TrainingOptions(),
    seed: Int = 0
  ) {
    options.check()
    require(
      optimizer is any Optimizer || optimizer is any ClosureOptimizer,
      "\(type(of: optimizer)) takes no steps: make it an Optimizer or a ClosureOptimizer")
    self.model = model
    self.loss = loss
    self.options = options
    parameters = ParameterRuns(joining: model.namedParameters.map(\.runs))
    if let known = optimizer as? any KnownOptimizer {
      require(
        known.trainedRuns.isPart(of: parameters),
        """
        the optimiser trains parameters that the model does not have: create it with the trainer's model, as in \
        Trainer(model, Adam(model, learningRate: 0.01), …)
        """)
    }
    state = TrainingState(seed: seed)
    self.optimizer = optimizer
  }

  /// Trains until all epochs are done, or until another reason of ``TrainingHistory/End`` ends the run.
  ///
  /// To continue a finished run, increase `options.epochs` and call this again.
  ///
  /// - Parameters:
  ///   - data: The training data: a ``Dataset``, or another source of rows.
  ///   - validation: The data to evaluate after each epoch.
  ///   - onEpoch: Called after each epoch. Return false to end the run.
  /// - Throws: ``TrainingError``; ``CheckpointError`` if a checkpoint cannot be written; and errors of `onEpoch`. The model
  ///   then has the parameters of the last completed step.
  public mutating func fit(
    _ data: any RowSource, validation: (any RowSource)? = nil, onEpoch: (EpochReport) throws -> Bool = { _ in true }
  ) throws -> TrainingHistory {
    options.check()
    try check(data)
    if let validation { try check(validation) }
    return try tape.use {
      try ranks?.begin(&self, data, validation: validation)
      return try run(data, validation, onEpoch)
    }
  }

  /// The tape of the model, which may differ from the thread's default.
  private var tape: Tape { parameters.first?.tape ?? .current }

  private mutating func run(
    _ data: any RowSource, _ validation: (any RowSource)?, _ onEpoch: (EpochReport) throws -> Bool
  ) throws -> TrainingHistory {
    if let standing = state.standing { parameters.data = standing }
    state.standing = nil
    if case .recorded = evaluation { evaluation = .undecided }  // the options or the data may have changed
    var history = TrainingHistory()
    let log = try options.log.map {
      try TrainingLog($0, metric: options.metric, after: state.step > 0 ? state.epoch : nil)
    }
    let request = options.endsOnInterrupt ? StopRequest() : nil
    defer { request?.end() }
    if let checkpoint = options.checkpoint { SystemFile.removeLeftovers(beside: checkpoint) }
    var view = ProgressView(options.progress, epochs: options.epochs, startingAt: state.epoch, metric: options.metric)
    defer { view.end() }
    var isSaved = true
    // A run that stopped early continues only with more patience.
    if state.epoch < options.epochs, state.isStale(options.earlyStopping) { history.end = .stoppedEarly }
    while history.end == .finished, state.epoch < options.epochs {
      guard let report = try runEpoch(data, validation, &view, request) else {
        history.end = .interrupted
        history.signal = signal(request)
        isSaved = false
        break
      }
      history.epochs.append(report)
      view.finished(report)
      try log?.append(report)
      isSaved = state.epoch % options.checkpointInterval == 0
      if isSaved { try saveCheckpoint() }
      if state.isStale(options.earlyStopping) { history.end = .stoppedEarly }
      let goesOn = try onEpoch(report)
      if try !(ranks?.agreed(on: goesOn) ?? goesOn) { history.end = .stopped }
      if let signal = signal(request) { (history.end, history.signal) = (.interrupted, signal) }
    }
    if !isSaved { try saveCheckpoint() }
    if history.end == .stoppedEarly || history.end == .finished, options.earlyStopping?.restoresBest == true,
      let best = state.bestParameters
    {
      state.standing = parameters.data
      parameters.data = best
    }
    history.bestEpoch = state.bestEpoch
    history.evaluation = evaluation.report
    return history
  }

  /// The signal that asks the run to stop; nil if there is none.
  private func signal(_ request: StopRequest?) -> Int32? { ranks?.signal(request?.signal) ?? request?.signal }

  /// Runs an epoch, or the rest of one. Returns `nil` if it was interrupted.
  private mutating func runEpoch(
    _ data: any RowSource, _ validation: (any RowSource)?, _ view: inout ProgressView, _ request: StopRequest?
  ) throws -> EpochReport? {
    let clock = ContinuousClock(), start = clock.now
    let (size, first) = (options.batchSize ?? data.count, state.progress.batch)
    var shuffling = state.shuffling
    let batches = batches(of: data, size, &shuffling)
    if first > batches.count {
      throw TrainingError.checkpoint(
        "the checkpoint is at batch \(first), but an epoch has \(batches.count) batches: give the data and the batch size of that run"
      )
    }
    var (rate, seen) = (optimizer.learningRate, 0)
    if first < batches.count {
      let start = try data.reading(batches.start(of: first, count: Self.comparedRows))
      chooseEvaluation(start.data, of: data.count, rows: start.rows)
    }
    for indices in batches.dropFirst(first) {
      if signal(request) != nil { return nil }
      rate = optimizer.learningRate
      if !rate.isFinite { throw TrainingError.learningRate(rate, epoch: state.epoch + 1, step: state.step + 1) }
      try takeStep(data, indices)
      seen += indices.count
      view.passed(state.progress, of: data.count)
    }
    state.shuffling = shuffling
    let progress = state.progress
    let elapsed = (clock.now - start) / .seconds(1)
    let judged = try validation.map { try evaluate($0) }
    state.endEpoch(
      loss: judged?.loss ?? progress.meanLoss, minimumImprovement: options.earlyStopping?.minimumImprovement ?? 0,
      parameters: options.earlyStopping?.restoresBest == true ? parameters.data : nil)
    return EpochReport(
      epoch: state.epoch, step: state.step, learningRate: rate, loss: progress.meanLoss,
      metric: options.metric == nil ? nil : progress.meanMetric, validationLoss: judged?.loss,
      validationMetric: judged?.metric, samplesPerSecond: Double(seen) / max(elapsed, 1e-9))
  }

  private func batches(of data: any RowSource, _ size: Int, _ shuffling: inout PythonRandom) -> Batches {
    guard options.shuffles else { return data.batches(of: size) }
    guard let block = options.shuffleBlock else { return data.batches(of: size, shuffledBy: &shuffling) }
    return data.batches(of: size, shuffledBy: &shuffling, blocksOf: block)
  }

  /// Returns the loss, without the penalty, and the metric on all rows. Records nothing and draws no random numbers.
  ///
  /// A source of rows other than a ``Dataset`` is read in pieces of 4096 rows. Loss and metric are then the means over the
  /// pieces, each weighted by its number of rows.
  public func evaluate(_ data: any RowSource) throws -> (loss: Double, metric: Double?) {
    if let data = data as? Dataset { return try evaluate(data) }
    var loss = 0.0, metric = 0.0, seen = 0
    try data.forEachPiece { piece in
      let found = try evaluate(piece)
      seen += piece.count
      let weight = Double(piece.count) / Double(seen)
      loss += (found.loss - loss) * weight
      metric += ((found.metric ?? 0) - metric) * weight
    }
    return (loss, options.metric == nil ? nil : metric)
  }

  /// Returns the loss, without the penalty, and the metric on a data set. Records nothing and draws no random numbers.
  public func evaluate(_ data: Dataset) throws -> (loss: Double, metric: Double?) {
    if let ranks { return try ranks.evaluate(self, data) }
    return try score(outputs(ofRows: data.inputs, columns: data.inputCount), data.targets)
  }

  /// Returns the outputs of rows of plain numbers. Records nothing and draws no random numbers.
  package func outputs(ofRows numbers: [Double], columns: Int) -> Matrix {
    tape.use { Matrix.outputs(ofRows: numbers, columns: columns) { rows in withoutGradients { model(rows) } } }
  }

  /// Returns the loss, without the penalty, and the metric of outputs.
  package func score(_ outputs: Matrix, _ targets: Dataset.Targets) throws -> (loss: Double, metric: Double?) {
    let loss = try loss(outputs, targets)
    return (loss.data, options.metric.map { $0(outputs, targets) })
  }

  /// Throws if the rows have another number of inputs than the model (if the model tells), or if the loss does not accept
  /// the targets for the model's outputs.
  private func check(_ data: any RowSource) throws {
    if let expected = (try? model.predictor())?.inputCount, expected != data.inputCount {
      throw TrainingError.inputs(
        "a row has \(data.inputCount) inputs, but the model takes \(expected): give rows with \(expected) inputs")
    }
    let first = try data.rows(at: [0])
    try tape.use {
      let outputs = withoutGradients {
        model(first.inputMatrix).detached
      }
      _ = try loss(outputs, first.targets)
    }
  }
}
