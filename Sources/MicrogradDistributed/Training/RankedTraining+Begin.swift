import Micrograd
import MicrogradNN

extension RankedTraining {
  func begin<M>(_ trainer: inout Trainer<M>, _ data: any RowSource, validation: (any RowSource)?) throws {
    try communicator.requireSame(facts(trainer, data, validation))
    let size = min(trainer.options.batchSize ?? data.count, data.count)
    if size > SampleBlocks.length, try mixesRows(trainer, data) {
      throw DistributedTrainingError.mixesRows(batchSize: size)
    }
    let start = try data.reading([0]), targets = start.data.targets.subset(start.rows)
    metricElements = trainer.options.metric?.isMean(of: targets) == true ? targets.elementCount : nil
  }

  /// What must be the same on all ranks.
  private func facts<M>(
    _ trainer: Trainer<M>, _ data: any RowSource, _ validation: (any RowSource)?
  ) throws -> [(what: String, value: String)] {
    let options = trainer.options
    let settings: [(String, String)] = [
      ("the library's version", Library.version),
      (
        "the model's parameters", trainer.model.namedParameters.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
      ),
      ("the loss function", "\(trainer.loss)"),
      ("the optimiser", "\(type(of: trainer.optimizer)), learning rate \(trainer.optimizer.learningRate)"),
      ("the number of epochs", "\(options.epochs)"),
      ("the batch size", "\(options.batchSize ?? 0)"),
      ("the choice to shuffle", "\(options.shuffles), \(options.shuffleBlock ?? 0)"),
      ("the L2 penalty", "\(options.l2Penalty)"),
      ("the gradient clipping", "\(String(describing: options.clipping))"),
      ("the early stopping", "\(String(describing: options.earlyStopping))"),
      ("the metric", options.metric?.name ?? "none"),
      ("the choice to compile", "\(options.compiles)"),
      ("the number of training rows", "\(data.count)"),
      ("the training data", "\(try data.fingerprint)"),
      ("the validation data", try validation.map { "\(try $0.fingerprint)" } ?? "none"),
      ("the numbers of the model's parameters", "\(fingerprint(trainer.parameters.data))"),
    ]
    return try settings.map { (what: $0.0, value: $0.1) } + progress(trainer) + [probe(trainer, data)]
  }

  private func progress<M>(_ trainer: Trainer<M>) -> [(what: String, value: String)] {
    let state = trainer.state
    var buffers = Fingerprint()
    for (name, numbers) in trainer.optimizer.state.buffers.sorted(by: { $0.key < $1.key }) {
      buffers.add(name)
      buffers.add(numbers)
    }
    return [
      ("the epoch and the step at the start", "\(state.epoch), \(state.step)"),
      ("the state of the optimiser", "\(buffers.value)"),
      ("the random streams (the seed or the checkpoint)", "\(state.shuffling.savedState), \(state.drawing.savedState)"),
    ]
  }

  /// The outputs of the first rows. They tell processors and versions apart that would give other bits.
  private func probe<M>(_ trainer: Trainer<M>, _ data: any RowSource) throws -> (what: String, value: String) {
    let start = try data.reading(Array(0..<min(data.count, 64))), rows = start.data.subset(start.rows)
    let outputs = trainer.outputs(ofRows: rows.inputs, columns: rows.inputCount)
    return ("the results for the first rows (another processor or version)", "\(fingerprint(outputs.data))")
  }

  private func fingerprint(_ numbers: [Double]) -> UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.add(numbers)
    return fingerprint.value
  }

  /// True if the outputs of two halves of some rows are not those of the rows together. A model that draws random numbers
  /// is asked without training.
  private func mixesRows<M>(_ trainer: Trainer<M>, _ data: any RowSource) throws -> Bool {
    let start = try data.reading(Array(0..<min(data.count, 32))), rows = start.data.subset(start.rows)
    let half = rows.count / 2
    let parts = [rows.subset(Array(0..<half)), rows.subset(Array(half..<rows.count))]
    func outputs(_ model: (Dataset) -> Matrix) -> Bool {
      let whole = withoutGradients { model(rows).data }
      let halves = parts.flatMap { part in withoutGradients { model(part).data } }
      return !halves.agrees(with: whole, scale: whole.map(abs).filter(\.isFinite).max() ?? 1)
    }
    var drawn = trainer.state.drawing
    _ = withoutGradients { trainer.model(rows.inputMatrix, training: &drawn) }
    if drawn.savedState != trainer.state.drawing.savedState { return outputs { trainer.model($0.inputMatrix) } }
    return outputs { part in
      var random = trainer.state.drawing
      return trainer.model(part.inputMatrix, training: &random)
    }
  }
}
