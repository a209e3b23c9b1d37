import CMicrograd

/// The compiled body of a loop: from the Values that it captures, the state and the step, to the next state, and back.
///
/// The captured Values are inputs of the programs, so running them touches no tape.
internal final class LoopBody {
  /// Why a loop is recorded step by step.
  internal enum Fault: Error {
    case notCompiled(String)
    /// A new path uses Values that no other does: ``missing``.
    case capturesMore

    /// Why, in words.
    internal var reason: String {
      switch self {
      case .notCompiled(let reason): reason
      case .capturesMore: "a new path captures more Values"
      }
    }
  }

  internal typealias Function = ([Value]) -> [Value]

  private typealias Path = (values: CompiledPath, pullback: CompiledPath, inputs: [Double])

  /// The next state, of the state and the step.
  private let function: Function
  internal let captured: [Value]
  /// Captured Values that a new path uses.
  internal private(set) var missing: [Value] = []
  private let width: Int
  private let tape: Tape
  private var paths: [Path] = []
  /// More paths than this are not worth their programs.
  private static let mostPaths = 64
  /// A longer body is not compiled: its programs would need more memory than they save.
  private static let mostNodes = 2_000_000

  internal init(_ function: @escaping Function, width: Int, capturing captured: [Value], on tape: Tape) {
    (self.function, self.width, self.captured, self.tape) = (function, width, captured, tape)
  }

  /// What a body records at a state and a step.
  internal struct Recording {
    internal let captured: [Value]
    internal let results: [Double]
    internal let nodeCount: Int

    /// Records the body in a scope, and reclaims the recording.
    internal init(of function: Function, at inputs: [Double]) throws(Fault) {
      let scope = RecordingScope(at: inputs)
      defer { scope.end() }
      let watch = RecordingWatch(), count = scope.first + Int32(inputs.count)
      let results = watch.watch(Tape(scope.tape)) { function(scope.inputs) }
      if let reason = watch.whatFreezes { throw .notCompiled("the function \(reason)") }
      for result in results where result.pointer != nil && result.pointer != scope.tape { trapMixed() }
      let used = results.filter { $0.pointer != nil }.map { $0.node(on: scope.tape) }
      let compared = watch.comparisons.flatMap { [$0.left, $0.right] }.filter { $0 != Value.noNode }
      var outer = Set(Value.captured(since: Int(count)).map { $0.node(on: scope.tape) })
      outer.formUnion(used + compared + watch.reads)
      captured = outer.filter { $0 < scope.first }.sorted().map { Value(live: $0, on: scope.tape) }
      self.results = results.map(\.unwatchedData)
      nodeCount = Int(scope.tape.pointee.count) - Int(count)
    }
  }

  /// The body of the loop that carries along the tangents of its state and of its captured Values: its state is the state, the
  /// tangents of it, and those of the captured Values. `nil` if it cannot be compiled.
  ///
  /// All paths are compiled at once: a sweep cannot record.
  internal func withTangents() -> LoopBody? {
    if paths.contains(where: { $0.values.recordsCustom }) { return nil }
    let both = { [function, captured, width] (x: [Value]) -> [Value] in
      let (state, direction) = (Array(x[..<width]), Array(x[width..<2 * width]))
      let ofCaptured = Array(x[(2 * width)...].dropLast()), step = x[x.count - 1]
      return InnerFunction.record(at: state, of: { function($0 + [step]) }) { (inner: InnerFunction) in
        let tangents = inner.jacobianVectorProduct(along: direction, captured: captured, along: ofCaptured)
        return inner.values + tangents + ofCaptured
      }
    }
    let more = width + captured.count
    let made = LoopBody(both, width: width + more, capturing: captured, on: tape)
    let numbers = captured.map(\.unwatchedData)
    for path in paths {
      let state = path.inputs[..<width], step = path.inputs[width...]
      let inputs = numbers + state + [Double](repeating: 1, count: more) + step
      do throws(Fault) {
        _ = try made.addPath(at: inputs + [Double](repeating: 1, count: width + more))
      } catch {
        return nil
      }
    }
    return made
  }

  // MARK: Running

  /// Replaces the state in `inputs` (captured Values, state, step) by the next one, and uses `next` as room.
  internal func advance(_ inputs: inout [Double], _ next: inout [Double]) throws(Fault) {
    let path = try path(at: inputs)
    next.withUnsafeMutableBufferPointer { _ = path.values.run(.values, at: inputs, $0.baseAddress, nil) }
    for k in 0..<width { inputs[captured.count + k] = next[k] }
  }

  /// Σ weights · ∂next by the captured Values and the state, into `gradient`. The weights follow the step in `inputs`.
  internal func pull(_ inputs: [Double], into gradient: inout [Double]) throws(Fault) {
    let path = try path(at: inputs)
    var value = 0.0
    gradient.withUnsafeMutableBufferPointer {
      _ = path.pullback.run(.valueWithGradient, at: inputs, &value, $0.baseAddress)
    }
  }

  private func path(at inputs: [Double]) throws(Fault) -> Path {
    if let path = paths.first, !path.values.isGuarded { return path }
    for path in paths where !path.values.run(.guards, at: inputs, nil, nil).deviates { return path }
    return try addPath(at: inputs)
  }

  // MARK: Compiling

  /// Records and compiles the path at inputs, and compares it with the recording.
  private func addPath(at inputs: [Double]) throws(Fault) -> Path {
    if mg_tape_is_in_rule(tape.pointer) {
      trap("a sweep or recompute took a path through the body of iterate that was not recorded: call iterate again")
    }
    if paths.count == Self.mostPaths { throw .notCompiled("it has more than \(Self.mostPaths) paths") }
    let own = Array(inputs[captured.count...].prefix(width + 1)), count = width + 1
    let recording = try tape.use { () throws(Fault) in try Recording(of: function, at: own) }
    if recording.nodeCount > Self.mostNodes {
      throw .notCompiled("it records \(recording.nodeCount) nodes; up to \(Self.mostNodes) are compiled")
    }
    let known = Set(captured.map(\.id))
    missing = recording.captured.filter { !known.contains($0.id) }
    if !missing.isEmpty { throw .capturesMore }
    let path: Path
    do throws(CompilationError) {
      path = try tape.use { [function, captured, width] () throws(CompilationError) in
        var results = 0
        let values = try CompiledPath(
          at: own, differentiating: DifferentiatedPart(inputs: 0, parameters: captured), of: function,
          resultCount: &results)
        let pullback = try CompiledPath(
          at: own + [Double](repeating: 1, count: width),
          differentiating: DifferentiatedPart(inputs: captured.count + width, parameters: captured),
          of: { x in [dot(Array(x[count...]), function(Array(x[..<count])))] }, resultCount: &results)
        return (values, pullback, own)
      }
    } catch {
      throw .notCompiled("\(error)")
    }
    var next = [Double](repeating: 0, count: width)
    next.withUnsafeMutableBufferPointer { _ = path.values.run(.values, at: inputs, $0.baseAddress, nil) }
    let scale = recording.results.reduce(0) { max($0, abs($1)) }
    guard next.agrees(with: recording.results, scale: scale) else {
      throw .notCompiled("compiled, it gave \(next) where a recording gave \(recording.results)")
    }
    paths.append(path)
    return path
  }
}
