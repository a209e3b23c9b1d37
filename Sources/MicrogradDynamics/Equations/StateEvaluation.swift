import Micrograd

/// A way to evaluate a function several times: what the evaluations have in common was looked up before.
internal protocol StateEvaluation {
  /// Computes the results at a time and a state.
  mutating func evaluate(
    _ time: Double, _ state: [Double], into results: inout [Double]
  ) throws(DynamicsError.Reason)
}

/// Calls a function of plain numbers.
internal struct NumericEvaluation: StateEvaluation {
  let function: StateFunction
  let numbers: DifferentialEquation.InPlaceForm
  let parameters: [Double]
  let resultCount: Int

  @inline(__always)
  mutating func evaluate(
    _ time: Double, _ state: [Double], into results: inout [Double]
  ) throws(DynamicsError.Reason) {
    function.countEvaluation()
    numbers(time, state, parameters, &results)
    if results.count != resultCount { throw .slopeCount(found: results.count, expected: resultCount) }
  }
}

/// The code of a compiled function: interpreted or native.
internal protocol SampleCode: AnyObject {
  func results(at sample: [Double], into results: inout [Double]) throws(CompilationError)
}

extension CompiledFunction: SampleCode {}
extension NativeFunction: SampleCode {}

/// Calls a compiled function, or its native code, and records the function where it takes a path that cannot be compiled.
internal struct CompiledEvaluation<Code: SampleCode>: StateEvaluation {
  let function: StateFunction
  let code: Code
  /// The time, the states and the parameters.
  var sample: [Double]
  private var isCompiled = true

  init(_ function: StateFunction, _ code: Code, sample: [Double]) {
    (self.function, self.code, self.sample) = (function, code, sample)
  }

  @inline(__always)
  mutating func evaluate(
    _ time: Double, _ state: [Double], into results: inout [Double]
  ) throws(DynamicsError.Reason) {
    guard isCompiled else { return try function.evaluate(time, state, into: &results) }
    sample.withUnsafeMutableBufferPointer { sample in
      sample[0] = time
      for k in state.indices { sample[1 + k] = state[k] }
    }
    do throws(CompilationError) {
      try code.results(at: sample, into: &results)
      function.countEvaluation()
    } catch {
      isCompiled = false
      function.stayRecorded("\(error)")
      try function.evaluate(time, state, into: &results)
    }
  }
}

/// Leaves each evaluation to the function.
internal struct RecordedEvaluation: StateEvaluation {
  let function: StateFunction

  mutating func evaluate(
    _ time: Double, _ state: [Double], into results: inout [Double]
  ) throws(DynamicsError.Reason) {
    try function.evaluate(time, state, into: &results)
  }
}
