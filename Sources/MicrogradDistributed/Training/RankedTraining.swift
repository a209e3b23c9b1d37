import Micrograd
import MicrogradNN

/// The part of a distributed training run that ranks do together.
internal final class RankedTraining: TrainingRanks {
  internal let communicator: any Communicator
  /// The last signal that this rank received, and the last one that rank 0 told of; 0 for none.
  private var (ownSignal, commonSignal): (Int32, Int32) = (0, 0)

  /// The number of elements of each sample, if the metric is the mean over elements; else nil. Then rank 0 alone computes it.
  var metricElements: Int?

  init(_ communicator: any Communicator) { self.communicator = communicator }

  func evaluate<M>(
    _ trainer: inout Trainer<M>, _ data: any RowSource, _ rows: [Int], isFirst: Bool
  ) throws -> StepOutcome {
    let blocks = SampleBlocks(sampleCount: rows.count)
    if blocks.count == 1 {
      let batch = try data.reading(rows)
      // As a trainer does alone, with the same bits. Other ranks would wait otherwise.
      let outcome = try trainer.evaluate(batch.data, batch.rows, isFirst: isFirst)
      return try share(
        [outcome.loss, outcome.total, outcome.metric] + trainer.parameters.gradients, with: trainer, rows)
    }
    var work = BlockWork(trainer, data, rows, blocks, sumsMetric: metricElements != nil)
    let count = trainer.parameters.count
    let sums = try communicator.reduce(blocks: blocks.count, width: 1 + count + (metricElements == nil ? 0 : 1)) {
      try work.sums(of: $0, with: trainer)
    }
    trainer.state.drawing = work.drawing
    let gathered = metricElements == nil ? try metric(of: work, trainer) : 0
    var numbers = [Double](repeating: 0, count: 3 + count)
    if let sums {
      let metric = metricElements.map { sums[1 + count] / Double(rows.count * $0) } ?? gathered
      trainer.parameters.gradients = Array(sums[1...count])
      numbers = [sums[0], sums[0] + trainer.addPenalty(), metric] + trainer.parameters.gradients
    }
    let outcome = try share(numbers, with: trainer, rows)
    if isFirst, !outcome.total.isFinite || !trainer.parameters.hasFiniteGradients {
      try throwNotFinite(&trainer, data, rows, blocks)
    }
    return outcome
  }

  /// Gives all ranks the loss, the total, the metric and the gradients that rank 0 has, and its signal.
  private func share<M>(_ numbers: [Double], with trainer: Trainer<M>, _ rows: [Int]) throws -> StepOutcome {
    var numbers = numbers + [Double(ownSignal)]
    try communicator.broadcast(&numbers, from: 0)
    commonSignal = Int32(numbers.removeLast())
    trainer.parameters.gradients = Array(numbers[3...])
    return StepOutcome(count: rows.count, loss: numbers[0], total: numbers[1], metric: numbers[2])
  }

  /// Returns the metric of a batch on rank 0, 0 on others.
  private func metric<M>(of work: BlockWork, _ trainer: Trainer<M>) throws -> Double {
    guard let metric = trainer.options.metric else { return 0 }
    let outputs = try communicator.gather(work.outputs, at: 0).concatenated
    guard communicator.isFirst else { return 0 }
    let batch = try work.data.reading(work.rows), count = work.rows.count
    let matrix = Matrix.constant(rows: count, columns: outputs.count / count, outputs)
    return metric(matrix, batch.data.targets.subset(batch.rows))
  }

  func evaluate<M>(_ trainer: Trainer<M>, _ data: Dataset) throws -> (loss: Double, metric: Double?) {
    // Pieces as a trainer cuts them, so that the outputs have the same bits.
    let pieces = (data.count + Self.piece - 1) / Self.piece, width = data.inputCount
    let own = SampleBlocks.blocks(pieces, ofRank: communicator.rank, of: communicator.size)
    let rows = min(own.lowerBound * Self.piece, data.count)..<min(own.upperBound * Self.piece, data.count)
    let numbers = Array(data.inputs[rows.lowerBound * width..<rows.upperBound * width])
    let found = rows.isEmpty ? [] : trainer.outputs(ofRows: numbers, columns: width).data
    let outputs = try communicator.gather(found, at: 0).concatenated
    var score = [0.0, 0]
    if communicator.isFirst {
      let matrix = Matrix.constant(rows: data.count, columns: outputs.count / data.count, outputs)
      let (loss, metric) = try trainer.score(matrix, data.targets)
      score = [loss, metric ?? 0]
    }
    try communicator.broadcast(&score, from: 0)
    return (score[0], trainer.options.metric == nil ? nil : score[1])
  }

  /// The number of rows that are evaluated together.
  private static let piece = 1024

  func signal(_ own: Int32?) -> Int32? {
    ownSignal = own ?? 0
    return commonSignal == 0 ? nil : commonSignal
  }

  func agreed(on isWanted: Bool) throws -> Bool {
    var answer = [isWanted ? 1 : 0]
    try communicator.broadcast(&answer, from: 0)
    return answer[0] == 1
  }

  /// Throws the error of the first block whose loss or gradient is not finite. The rank that has the block says where the
  /// number comes from; the others say that this rank failed.
  private func throwNotFinite<M>(
    _ trainer: inout Trainer<M>, _ data: any RowSource, _ rows: [Int], _ blocks: SampleBlocks
  ) throws {
    var failure: (block: Int, error: any Error)?
    for block in SampleBlocks.blocks(blocks.count, ofRank: communicator.rank, of: communicator.size) {
      let part = try data.reading(Array(rows[blocks[block]]))
      do {
        _ = try trainer.record(part.data.subset(part.rows), isFirst: true)
      } catch {
        failure = (block, error)
        break
      }
    }
    let found = try communicator.gather([failure?.block ?? Int.max], at: 0)
    var first = [found.indices.min { found[$0][0] < found[$1][0] } ?? 0, found.min { $0[0] < $1[0] }?[0] ?? 0]
    try communicator.broadcast(&first, from: 0)
    guard first[1] != Int.max else {
      // The sum overflowed, and no block did.
      throw TrainingError.notFinite(
        what: "the loss or its gradient", origin: nil, epoch: trainer.state.epoch + 1, step: trainer.state.step + 1)
    }
    let reason = try communicator.broadcast(text: failure.map { "\($0.error)" } ?? "", from: first[0])
    if first[0] == communicator.rank, let failure { throw failure.error }
    throw CommunicationError.rankFailed(rank: first[0], reason: reason)
  }
}
