import Micrograd

/// The right-hand side of an equation, evaluated on plain numbers.
internal final class RightHandSide {
  let stateCount: Int
  let parameterCount: Int
  let values: DifferentialEquation.ValueForm?
  private let numbers: DifferentialEquation.InPlaceForm?

  /// How the form of Values is evaluated; `nil` of plain numbers, or before the first solution.
  private(set) var evaluation: FunctionEvaluation?
  private(set) var compiled: CompiledFunction?
  /// The time, the states and the parameters, as inputs of the compiled function.
  private(set) var sample: [Double]
  private var parameters: [Double] = []
  /// The number of evaluations so far.
  var count = 0

  init(
    states: Int, parameters: Int, values: DifferentialEquation.ValueForm?, numbers: DifferentialEquation.InPlaceForm?
  ) {
    (stateCount, parameterCount, self.values, self.numbers) = (states, parameters, values, numbers)
    sample = [Double](repeating: 0, count: 1 + states + parameters)
  }

  /// The right-hand side as a function of one list: the time, the states and the parameters.
  var flat: (([Value]) -> [Value])? {
    guard let values else { return nil }
    let states = stateCount
    return { x in values(x[0], Array(x[1...states]), Array(x[(states + 1)...])) }
  }

  /// Sets the parameters, and compiles the function at a start unless that has been tried.
  ///
  /// - Throws: An error if the function returns the wrong number of derivatives.
  func prepare(time: Double, state: [Double], parameters: [Double], compiles: Bool) throws(DynamicsError.Reason) {
    (self.parameters, count) = (parameters, 0)
    setSample(time, state)
    for (k, parameter) in parameters.enumerated() { sample[1 + stateCount + k] = parameter }
    if numbers == nil, evaluation == nil || (!compiles && compiled != nil) || (compiles && isUnwanted) {
      let recorded = recordedSlopes()
      if recorded.count == stateCount { compile(recorded, wanted: compiles) }
    }
    var slopes = [Double](repeating: 0, count: stateCount)
    try evaluate(time, state, into: &slopes)
  }

  private var isUnwanted: Bool { evaluation == .recorded(reason: FunctionEvaluation.unwantedReason) }

  private func compile(_ recorded: [Double], wanted: Bool) {
    guard wanted else { return stayRecorded(FunctionEvaluation.unwantedReason) }
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

  private func stayRecorded(_ reason: String) { (compiled, evaluation) = (nil, .recorded(reason: reason)) }

  private func setSample(_ time: Double, _ state: [Double]) {
    sample[0] = time
    for k in 0..<stateCount { sample[1 + k] = state[k] }
  }

  private func recordedSlopes() -> [Double] {
    guard let flat else { return [] }
    return withoutGradients { Tape.scope { flat(sample.map { .constant($0) }).map(\.data) } }
  }

  /// Computes the derivatives of the states by time.
  ///
  /// - Throws: An error if the function returns the wrong number of derivatives.
  func evaluate(_ time: Double, _ state: [Double], into slopes: inout [Double]) throws(DynamicsError.Reason) {
    count += 1
    if let numbers {
      numbers(time, state, parameters, &slopes)
    } else {
      setSample(time, state)
      if let compiled {
        do throws(CompilationError) {
          return try compiled.results(at: sample, into: &slopes)
        } catch {
          // The state takes a path that cannot be compiled.
          stayRecorded("\(error)")
        }
      }
      slopes = recordedSlopes()
    }
    if slopes.count != stateCount { throw .slopeCount(found: slopes.count, expected: stateCount) }
  }
}
