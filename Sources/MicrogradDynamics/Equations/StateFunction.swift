import Micrograd

/// A function of the time, the states and the parameters, evaluated on plain numbers: a right-hand side or an event.
internal final class StateFunction {
  let stateCount: Int
  let parameterCount: Int
  let resultCount: Int
  let values: DifferentialEquation.ValueForm?
  private let numbers: DifferentialEquation.InPlaceForm?

  /// How the form of Values is evaluated; `nil` of plain numbers, or before the first solution.
  private(set) var evaluation: FunctionEvaluation?
  private(set) var compiled: CompiledFunction?
  private var native: NativeFunction?
  private var usesNative = false
  /// The time, the states and the parameters, as inputs of the compiled function.
  private(set) var sample: [Double]
  private(set) var parameters: [Double] = []
  /// The number of evaluations since it was prepared.
  private(set) var count = 0

  init(
    states: Int, parameters: Int, results: Int, values: DifferentialEquation.ValueForm?,
    numbers: DifferentialEquation.InPlaceForm?
  ) {
    (stateCount, parameterCount, resultCount) = (states, parameters, results)
    (self.values, self.numbers) = (values, numbers)
    sample = [Double](repeating: 0, count: 1 + states + parameters)
  }

  /// The function of one list: the time, the states and the parameters.
  var flat: (([Value]) -> [Value])? {
    guard let values else { return nil }
    let states = stateCount
    return { x in values(x[0], Array(x[1...states]), Array(x[(states + 1)...])) }
  }

  /// Sets the parameters, and compiles the function at a start unless that has been tried.
  ///
  /// - Throws: An error if the function returns the wrong number of results.
  func prepare(
    time: Double, state: [Double], parameters: [Double], compiles: Bool, native wantsNative: Bool = false
  ) throws(DynamicsError.Reason) {
    count = 0
    take(parameters)
    setSample(time, state)
    if numbers == nil {
      let recorded = recordedResults()
      try check(recorded)
      if !compiles {
        stayRecorded(FunctionEvaluation.unwantedReason)
      } else if evaluation == nil || evaluation == .recorded(reason: FunctionEvaluation.unwantedReason) {
        compile(recorded)
      }
      try prepareNative(wantsNative)
    } else {
      var results = [Double](repeating: 0, count: resultCount)
      try evaluate(time, state, into: &results)
    }
  }

  /// Sets the parameters.
  func take(_ parameters: [Double]) {
    self.parameters = parameters
    for (k, parameter) in parameters.enumerated() { sample[1 + stateCount + k] = parameter }
  }

  private func prepareNative(_ isWanted: Bool) throws(DynamicsError.Reason) {
    usesNative = isWanted
    guard isWanted, native == nil, let compiled else { return }
    do throws(NativeCodeError) {
      native = try compiled.native()
    } catch {
      throw .nativeCode(reason: "\(error)")
    }
  }

  private func compile(_ recorded: [Double]) {
    guard let flat else { return }
    do throws(CompilationError) {
      let made = try Micrograd.compile(at: sample, of: flat)
      let found = try made.results(at: sample)
      guard found.agrees(with: recorded, scale: recorded.reduce(0) { max($0, abs($1)) }) else {
        return stayRecorded(
          "compiled, it gave \(found) where a recording gave \(recorded): it does not seem to depend on its arguments alone"
        )
      }
      (compiled, evaluation) = (made, .compiled)
    } catch {
      stayRecorded("\(error)")
    }
  }

  func stayRecorded(_ reason: String) { (compiled, native, evaluation) = (nil, nil, .recorded(reason: reason)) }

  private func setSample(_ time: Double, _ state: [Double]) {
    let count = stateCount
    sample.withUnsafeMutableBufferPointer { sample in
      sample[0] = time
      for k in 0..<count { sample[1 + k] = state[k] }
    }
  }

  private func recordedResults() -> [Double] {
    guard let flat else { return [] }
    return withoutGradients { Tape.scope { flat(sample.map { .constant($0) }).map(\.data) } }
  }

  /// Computes the results.
  ///
  /// - Throws: An error if the function returns the wrong number of results.
  func evaluate(_ time: Double, _ state: [Double], into results: inout [Double]) throws(DynamicsError.Reason) {
    count += 1
    if let numbers {
      numbers(time, state, parameters, &results)
    } else {
      setSample(time, state)
      if let compiled {
        do throws(CompilationError) {
          if usesNative, let native { return try native.results(at: sample, into: &results) }
          return try compiled.results(at: sample, into: &results)
        } catch {
          // The state takes a path that cannot be compiled.
          stayRecorded("\(error)")
        }
      }
      results = recordedResults()
    }
    try check(results)
  }

  func countEvaluation() { count += 1 }

  /// The way to evaluate a function of plain numbers; `nil` of one of Values.
  var numeric: NumericEvaluation? {
    guard let numbers else { return nil }
    return NumericEvaluation(function: self, numbers: numbers, parameters: parameters, resultCount: resultCount)
  }

  /// The way to evaluate a compiled function; `nil` of one that is not compiled.
  var compiledEvaluation: CompiledEvaluation<CompiledFunction>? {
    guard let compiled else { return nil }
    return CompiledEvaluation(self, compiled, sample: sample)
  }

  /// The way to evaluate native code; `nil` if it is not used.
  var nativeEvaluation: CompiledEvaluation<NativeFunction>? {
    guard usesNative, compiled != nil, let native else { return nil }
    return CompiledEvaluation(self, native, sample: sample)
  }

  private func check(_ results: [Double]) throws(DynamicsError.Reason) {
    if results.count != resultCount { throw .slopeCount(found: results.count, expected: resultCount) }
  }
}
