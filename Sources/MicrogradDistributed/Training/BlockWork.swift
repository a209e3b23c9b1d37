import Micrograd
import MicrogradNN

/// The work of a rank on a batch of several blocks.
internal struct BlockWork {
  let data: any RowSource
  let rows: [Int]
  private let blocks: SampleBlocks
  /// The seed of the batch: a block's stream begins at the seed plus its number.
  private let seed: Int
  /// The random stream of the run after this batch.
  let drawing: PythonRandom
  /// True if the metric is summed with the loss.
  private let sumsMetric: Bool
  /// The outputs of the rank's samples, if there is a metric that is not summed.
  private(set) var outputs: [Double] = []

  init<M>(
    _ trainer: Trainer<M>, _ data: any RowSource, _ rows: [Int], _ blocks: SampleBlocks, sumsMetric: Bool
  ) {
    (self.data, self.rows, self.blocks, self.sumsMetric) = (data, rows, blocks, sumsMetric)
    var drawing = trainer.state.drawing
    if case .compiled = trainer.evaluation { seed = 0 } else { seed = drawing.randint(0, 1 << 52) }
    self.drawing = drawing
  }

  /// Returns the sum of a block's losses and its gradient, each divided by the number of rows of the batch; then the sum of
  /// its metric, if that is summed.
  mutating func sums<M>(of block: Int, with trainer: Trainer<M>) throws -> [Double] {
    let part = try data.reading(Array(rows[blocks[block]]))
    trainer.parameters.zeroGradients()
    let metric = trainer.options.metric
    let found =
      if case .compiled(let compiled) = trainer.evaluation {
        try run(compiled, part.data, part.rows, wantsOutputs: metric != nil)
      } else {
        try record(part.data.subset(part.rows), PythonRandom(seed: seed + block), trainer)
      }
    let sums = [found.loss] + trainer.parameters.gradients
    guard let metric, let outputs = found.outputs else { return sums }
    if sumsMetric { return sums + [metric.sum(outputs, part.data.targets.subset(part.rows)) ?? .nan] }
    self.outputs += outputs.data
    return sums
  }

  private func run(
    _ loss: CompiledLoss, _ data: Dataset, _ rows: [Int], wantsOutputs: Bool
  ) throws -> (loss: Double, outputs: Matrix?) {
    let outputs = wantsOutputs ? try loss.outputs(data, rows) : nil
    return (try loss.backward(data, rows, scale: 1 / Double(self.rows.count)), outputs)
  }

  private func record<M>(
    _ part: Dataset, _ random: PythonRandom, _ trainer: Trainer<M>
  ) throws -> (loss: Double, outputs: Matrix?) {
    var random = random
    let share = Double(part.count) / Double(rows.count)
    return try Tape.scope {
      let outputs = trainer.model(part.inputMatrix, training: &random)
      let loss = try trainer.loss(outputs, part.targets) * share
      if !loss.isConstant { loss.backward() }
      return (loss.data, trainer.options.metric == nil ? nil : outputs.detached)
    }
  }
}
