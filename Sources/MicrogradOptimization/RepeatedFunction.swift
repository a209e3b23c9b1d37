import Micrograd

extension FunctionEvaluation {
  /// The reason if the options say so.
  internal static let notWanted = FunctionEvaluation.recorded(reason: unwantedReason)
  /// The reason of a function that is evaluated seldom.
  internal static let fewEvaluations = FunctionEvaluation.recorded(
    reason: "it was evaluated only a few times; a function is compiled at evaluation \(RepeatedFunction.firstCompiled)")
}

/// A function whose gradient a solver asks for again and again: recorded at first, then compiled.
///
/// The compiled function is compared once with a recording at the same position. A function that does not compute the
/// same from the same numbers, or cannot be compiled, stays recorded.
internal final class RepeatedFunction {
  private let function: ([Value]) -> Value
  private(set) var compiled: CompiledFunction?
  /// The number of nodes of its recording.
  private(set) var nodeCount = 0
  private var evaluations = 0
  private(set) var evaluation = FunctionEvaluation.fewEvaluations

  /// The evaluation at which a function is compiled: that costs about as much as a few recordings.
  static let firstCompiled = 4
  /// A larger recording is not compiled: a program of it would need more memory than it saves time.
  static let mostNodes = 2_000_000

  private let compiles: Bool

  init(_ function: @escaping ([Value]) -> Value, compiles: Bool) {
    self.function = function
    self.compiles = compiles
    if !compiles { evaluation = .notWanted }
  }

  func valueWithGradient(at position: [Double]) -> (value: Double, gradient: [Double]) {
    evaluations += 1
    if let compiled {
      do throws(CompilationError) {
        return try compiled.valueWithGradient(at: position)
      } catch {
        stayRecorded("\(error)")
      }
    }
    let isTurn = compiles && evaluations == Self.firstCompiled
    var nodes = 0
    let recorded = Micrograd.valueWithGradient(at: position) { parameters in
      let value = function(parameters)
      nodes = Tape.current.nodeCount
      return value
    }
    if isTurn { compile(at: position, recorded, nodes) }
    return recorded
  }

  private func compile(at position: [Double], _ recorded: (value: Double, gradient: [Double]), _ nodes: Int) {
    guard nodes <= Self.mostNodes else {
      return stayRecorded("it records \(nodes) nodes; up to \(Self.mostNodes) are compiled")
    }
    do throws(CompilationError) {
      let compiled = try Micrograd.compile(at: position, of: function)
      let found = try compiled.valueWithGradient(at: position)
      guard Self.isSame(found, recorded, at: position) else {
        return stayRecorded(Self.changes("\(found.value) where a recording gave \(recorded.value)"))
      }
      self.compiled = compiled
      nodeCount = nodes
      evaluation = .compiled
    } catch {
      stayRecorded("\(error)")
    }
  }

  private func stayRecorded(_ reason: String) {
    compiled = nil
    evaluation = .recorded(reason: reason)
  }

  /// The reason of a function that gives other numbers at the same position.
  static func changes(_ what: String) -> String {
    "compiled, it gave \(what): it does not seem to depend on its parameters alone"
  }

  /// True if two evaluations at one position agree to rounding, which may have been enlarged a millionfold.
  static func isSame(
    _ a: (value: Double, gradient: [Double]), _ b: (value: Double, gradient: [Double]), at position: [Double]
  ) -> Bool {
    let change = position.indices.reduce(0) { max($0, abs(position[$1] * b.gradient[$1])) }
    return [a.value].agrees(with: [b.value], scale: abs(b.value) + change)
      && a.gradient.agrees(with: b.gradient, scale: b.gradient.largestMagnitude)
  }
}
