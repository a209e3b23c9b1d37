import CMicrograd

/// Parameters or leaves in a given order, gathered into pieces that lie in one row, so that an optimiser or a checkpoint
/// goes over them in loops over flat buffers.
public struct ParameterRuns {
  private struct Run {
    let tape: UnsafeMutablePointer<mg_tape>
    let first: Value
    var count: Int
  }

  private var runs: [Run] = []

  /// How many numbers there are.
  public private(set) var count = 0

  /// Whether the step of an optimiser leaves the gradients at zero, instead of as they are.
  package var zeroesGradientsInSteps = false

  /// The Values in the order given, each once.
  ///
  /// - Precondition: All of `values` are parameters or leaves.
  public init(_ values: [Value]) {
    var seen: Set<Identity> = []
    for value in values {
      guard let tape = value.pointer, value.operation == nil else {
        trap("only parameters and leaves can be trained: \(value) was computed, or is a constant")
      }
      guard seen.insert(Identity(value)).inserted else { continue }
      append(Run(tape: tape, first: value, count: 1))
    }
  }

  /// A slice of a block of parameters.
  ///
  /// - Precondition: The slice is within the block.
  public init(_ parameters: Parameters, _ slice: Range<Int>) {
    require(
      slice.lowerBound >= 0 && slice.upperBound <= parameters.count,
      "the slice \(slice) is not within the \(parameters.count) parameters of the block")
    if slice.isEmpty { return }
    append(Run(tape: parameters.tape.pointer, first: parameters[slice.lowerBound], count: slice.count))
  }

  /// The runs of several lists, one after the other.
  public init(joining lists: [ParameterRuns]) {
    for run in lists.flatMap(\.runs) { append(run) }
  }

  /// Joins a run to the last one where it goes on from there. Handles of two tapes may be equal, so tapes are compared.
  private mutating func append(_ run: Run) {
    count += run.count
    if let last = runs.last, last.tape == run.tape, last.first.isParameter == run.first.isParameter,
      last.first.isParameter || last.first.bits >> 29 == run.first.bits >> 29,
      last.first.node(on: last.tape) + Int32(last.count) == run.first.node(on: run.tape)
    {
      runs[runs.count - 1].count += run.count
    } else {
      runs.append(run)
    }
  }

  /// Which Value: the same number for every copy of it.
  package struct Identity: Hashable {
    private let tape: UnsafeMutablePointer<mg_tape>?
    private let bits: UInt64

    package init(_ value: Value) {
      tape = value.pointer
      bits = value.bits
    }
  }

  /// The first Value; `nil` where there is none.
  package var first: Value? { runs.first?.first }

  /// The Values in order.
  public var values: [Value] {
    runs.flatMap { run in
      let node = run.first.node(on: run.tape)
      return (0..<run.count).map { Value(live: node + Int32($0), on: run.tape) }
    }
  }

  /// The numbers in order. Setting them takes as many as there are.
  public var data: [Double] {
    get { read(\.values) }
    nonmutating set { write(newValue, \.values) }
  }

  /// The gradients in order. Setting them takes as many as there are.
  public var gradients: [Double] {
    get { read(\.grads) }
    nonmutating set {
      write(newValue, \.grads)
      noteGradientsChanged()
    }
  }

  /// Tells the tapes that gradients were written: what a scope clears at its end are those that it knows were touched.
  internal func noteGradientsChanged() {
    for run in runs where !run.first.isParameter {
      let node = run.first.node(on: run.tape)
      for k in 0..<run.count { mg_set_gradient(run.tape, node + Int32(k), run.tape.pointee.grads[Int(node) + k]) }
    }
  }

  /// Σ p², one node a run.
  ///
  /// - Precondition: All are on one tape.
  public func squaredNorm() -> Value {
    sum(
      runs.map { run in
        let piece = Matrix(.nodes(run.tape, run.first.bits), rows: 1, columns: run.count)
        return dot(piece, piece)
      })
  }

  /// Calls `body` with each run's numbers, gradients, length and place among all.
  package func forEachRun(
    _ body: (
      _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafeMutablePointer<Double>, _ count: Int, _ offset: Int
    ) -> Void
  ) {
    var offset = 0
    for run in runs {
      let node = Int(run.first.node(on: run.tape))
      body(run.tape.pointee.values + node, run.tape.pointee.grads + node, run.count, offset)
      offset += run.count
    }
  }

  /// Whether no gradient is NaN or infinite.
  public var hasFiniteGradients: Bool {
    var isFinite = true
    forEachRun { _, gradients, count, _ in isFinite = isFinite && mg_all_finite(gradients, Int64(count)) }
    return isFinite
  }

  /// Sets the gradients of all to zero.
  public func zeroGradients() {
    for run in runs { mg_zero_gradients(run.tape, run.first.node(on: run.tape), Int64(run.count)) }
  }

  /// A step of gradient descent: `data -= learningRate * grad` for each.
  public func descend(learningRate: Double) {
    for run in runs { mg_descend(run.tape, run.first.node(on: run.tape), Int64(run.count), learningRate) }
  }

  // MARK: - Inside

  private func read(_ buffer: KeyPath<mg_tape, UnsafeMutablePointer<Double>>) -> [Double] {
    runs.flatMap { run in
      let start = run.tape.pointee[keyPath: buffer] + Int(run.first.node(on: run.tape))
      return Array(UnsafeBufferPointer(start: start, count: run.count))
    }
  }

  private func write(_ numbers: [Double], _ buffer: KeyPath<mg_tape, UnsafeMutablePointer<Double>>) {
    require(numbers.count == count, "\(numbers.count) numbers for \(count) parameters")
    var offset = 0
    for run in runs {
      let start = run.tape.pointee[keyPath: buffer] + Int(run.first.node(on: run.tape))
      for k in 0..<run.count { start[k] = numbers[offset + k] }
      offset += run.count
    }
  }
}
