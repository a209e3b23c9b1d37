import CMicrograd

/// Parameters of any modules, sorted into pieces that lie in one row, so that an optimiser goes over them in a C loop.
public struct ParameterRuns {
  private struct Run {
    let tape: UnsafeMutablePointer<mg_tape>
    let first: Value
    var count: Int64
  }

  private var runs: [Run] = []

  /// - Precondition: All of `values` are parameters or leaves.
  public init(_ values: [Value]) {
    // By tape first: handles of two tapes may be equal.
    for (_, values) in Dictionary(grouping: values, by: \.pointer) { append(values) }
  }

  /// Appends the runs of the Values of one tape, each Value once.
  private mutating func append(_ values: [Value]) {
    var seen: Set<UInt64> = []
    for value in values.sorted(by: { ($0.index ?? 0) < ($1.index ?? 0) }) {
      guard let tape = value.pointer, value.operation == nil else {
        trap("only parameters and leaves can be trained: \(value) was computed, or is a constant")
      }
      guard seen.insert(value.bits).inserted else { continue }
      if let last = runs.last, last.tape == tape, last.first.isParameter == value.isParameter,
        last.first.bits + UInt64(last.count) == value.bits
      {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(tape: tape, first: value, count: 1))
      }
    }
  }

  /// Sets the gradients of all to zero.
  public func zeroGradients() {
    for run in runs { mg_zero_gradients(run.tape, run.first.node(on: run.tape), run.count) }
  }

  /// A step of gradient descent: `data -= learningRate * grad` for each.
  public func descend(learningRate: Double) {
    for run in runs { mg_descend(run.tape, run.first.node(on: run.tape), run.count, learningRate) }
  }
}
