import CMicrograd

/// A list of parameters or leaves as contiguous runs, which optimisers and checkpoints process in loops over flat buffers.
public struct ParameterRuns {
  private struct Run {
    let tape: UnsafeMutablePointer<mg_tape>
    /// The first Value of each block of parameters in the run. Each block may be released on its own.
    var blocks: [Value]
    var count: Int

    var first: Value { blocks[0] }

    /// The first node, after checking that nothing of the run was released.
    var node: mg_node {
      for block in blocks.dropFirst() { _ = block.node(on: tape) }
      return first.node(on: tape)
    }
  }

  private var runs: [Run] = []

  /// The blocks that were passed as blocks, which are kept alive. The block of a single Value is unknown.
  private var owners: [Parameters] = []

  /// The number of parameters.
  public private(set) var count = 0

  /// True if the step of an optimiser sets the gradients to zero.
  package var zeroesGradientsInSteps = false

  /// Creates runs from Values in the given order, each once.
  ///
  /// - Precondition: All of `values` are parameters or leaves.
  public init(_ values: [Value]) {
    var seen: Set<Value.ID> = []
    for value in values {
      guard let tape = value.pointer, value.operation == nil else {
        trap("only parameters and leaves can be trained: \(value) was computed, or is a constant")
      }
      guard seen.insert(value.id).inserted else { continue }
      append(value, 1, on: tape)
    }
  }

  /// Creates a run from a slice of a block of parameters.
  ///
  /// - Precondition: The slice is within the block.
  public init(_ parameters: Parameters, _ slice: Range<Int>) {
    require(
      slice.lowerBound >= 0 && slice.upperBound <= parameters.count,
      "the slice \(slice) is not within the \(parameters.count) parameters of the block")
    if slice.isEmpty { return }
    owners = [parameters]
    append(parameters[slice.lowerBound], slice.count, on: parameters.tape.pointer)
  }

  /// Joins several lists, one after the other.
  public init(joining lists: [ParameterRuns]) {
    owners = lists.flatMap(\.owners)
    for run in lists.flatMap(\.runs) {
      let node = run.node, starts = run.blocks.map { Int($0.node(on: run.tape) - node) } + [run.count]
      for (k, block) in run.blocks.enumerated() { append(block, starts[k + 1] - starts[k], on: run.tape) }
    }
  }

  /// Joins Values in a row to the last run where they go on from there. Handles of two tapes may be equal, so tapes are
  /// compared.
  private mutating func append(_ first: Value, _ length: Int, on tape: UnsafeMutablePointer<mg_tape>) {
    count += length
    let k = runs.count - 1
    guard k >= 0, runs[k].tape == tape, runs[k].first.isParameter == first.isParameter,
      runs[k].first.node(on: tape) + Int32(runs[k].count) == first.node(on: tape)
    else { return runs.append(Run(tape: tape, blocks: [first], count: length)) }
    let isSameBlock = runs[k].blocks[runs[k].blocks.count - 1].bits >> 29 == first.bits >> 29
    guard isSameBlock || first.isParameter else {
      return runs.append(Run(tape: tape, blocks: [first], count: length))
    }
    runs[k].count += length
    if !isSameBlock { runs[k].blocks.append(first) }
  }

  /// The first Value; `nil` if there is none.
  package var first: Value? { runs.first?.first }

  /// The Values in order.
  public var values: [Value] {
    runs.flatMap { run in
      let node = run.node
      return (0..<run.count).map { Value(live: node + Int32($0), on: run.tape) }
    }
  }

  /// The numbers in order. The setter takes ``count`` numbers.
  public var data: [Double] {
    get {
      for run in runs {
        if let watch = run.tape.pointee.watch { mg_watch_read_run(watch, run.node, Int64(run.count)) }
      }
      return read(\.values)
    }
    nonmutating set { write(newValue, \.values) }
  }

  /// The gradients in order. The setter takes ``count`` numbers.
  public var gradients: [Double] {
    get {
      for run in runs { mg_note_sweep(run.tape) }
      return read(\.grads)
    }
    nonmutating set {
      write(newValue, \.grads)
      noteGradientsChanged()
    }
  }

  /// Tells the tapes that gradients were written: what a scope clears at its end are those that it knows were touched.
  internal func noteGradientsChanged() {
    for run in runs where !run.first.isParameter {
      let node = run.node
      for k in 0..<run.count { mg_set_gradient(run.tape, node + Int32(k), run.tape.pointee.grads[Int(node) + k]) }
    }
  }

  /// Returns Σ p², with one node per run.
  ///
  /// - Precondition: All are on one tape.
  public func squaredNorm() -> Value {
    sum(
      runs.map { run in
        let piece = Matrix(
          .nodes(run.tape, mg_tape_handle(run.tape, run.node), keeping: nil), rows: 1, columns: run.count)
        return dot(piece, piece)
      })
  }

  /// Calls `body` with each run's numbers, gradients, length and offset in the list.
  ///
  /// - Parameter settingNumbers: True if `body` sets numbers. Then nodes computed from them are out of date, and the next
  ///   sweep recomputes them.
  package func forEachRun(
    settingNumbers: Bool = false,
    _ body: (
      _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafeMutablePointer<Double>, _ count: Int, _ offset: Int
    ) -> Void
  ) {
    var offset = 0
    for run in runs {
      let node = Int(run.node)
      requireOpen(run.tape)
      mg_note_write(run.tape)
      if settingNumbers { mg_note_change(run.tape) }
      body(run.tape.pointee.values + node, run.tape.pointee.grads + node, run.count, offset)
      offset += run.count
    }
  }

  /// True if all gradients are finite.
  public var hasFiniteGradients: Bool {
    var isFinite = true
    forEachRun { _, gradients, count, _ in isFinite = isFinite && mg_vector_is_finite(gradients, Int64(count)) }
    return isFinite
  }

  /// Sets all gradients to zero.
  public func zeroGradients() {
    for run in runs {
      requireOpen(run.tape)
      mg_zero_gradients(run.tape, run.node, Int64(run.count))
    }
  }

  // MARK: - Inside

  private func read(_ buffer: KeyPath<mg_tape, UnsafeMutablePointer<Double>>) -> [Double] {
    runs.flatMap { run in
      let start = run.tape.pointee[keyPath: buffer] + Int(run.node)
      return Array(UnsafeBufferPointer(start: start, count: run.count))
    }
  }

  private func write(_ numbers: [Double], _ buffer: KeyPath<mg_tape, UnsafeMutablePointer<Double>>) {
    require(numbers.count == count, "\(numbers.count) numbers for \(count) parameters")
    var offset = 0
    for run in runs {
      requireOpen(run.tape)
      mg_note_write(run.tape)
      mg_note_change(run.tape)
      let start = run.tape.pointee[keyPath: buffer] + Int(run.node)
      for k in 0..<run.count { start[k] = numbers[offset + k] }
      offset += run.count
    }
  }
}
