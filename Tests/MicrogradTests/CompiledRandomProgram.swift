import TestSupport
@testable import Micrograd

/// A function of three inputs, four parameters in a block and two that are leaves, put together at random of every
/// operation there is. Some steps depend on parameters alone, some are there twice, some are of no use.
final class CompiledRandomProgram {
  /// An operation of Values that are named by position: inputs, parameters, results of earlier steps.
  private struct Step {
    let name: String
    let operands: [Int]
    let run: ([Value]) -> [Value]
  }

  static let inputCount = 3

  let weights: Parameters
  let leaves: [Value]
  private var steps: [Step] = []
  private var weightsOfOutcome: [Double] = []

  /// Parameters become part of the current tape.
  init(seed: UInt64, steps stepCount: Int) {
    var random = SplitMix64(seed: seed)
    weights = Parameters((0..<4).map { _ in .random(in: -2...2, using: &random) })
    leaves = (0..<2).map { _ in Value(.random(in: -2...2, using: &random)) }
    let numbers = (0..<CompiledRandomProgram.inputCount).map { _ in Value.constant(.random(in: -2...2, using: &random))
    }
    var isUniform = numbers.map { _ in false } + (weights + leaves).map { _ in true }
    var values = numbers + weights + leaves
    for _ in 0..<stepCount {
      let onlyUniform = Int.random(in: 0..<5, using: &random) == 0
      let candidates = values.indices.filter { isUniform[$0] || !onlyUniform }
      let isRepetition = !steps.isEmpty && Int.random(in: 0..<10, using: &random) == 0
      let step =
        isRepetition ? steps.randomElement(using: &random)! : CompiledRandomProgram.step(of: candidates, using: &random)
      steps.append(step)
      let results = step.run(step.operands.map { values[$0] })
      values += results
      isUniform += results.map { _ in step.operands.allSatisfy { isUniform[$0] } }
    }
    weightsOfOutcome = (0..<6).map { _ in .random(in: -1...1, using: &random) }
  }

  /// All parameters, and the leaves.
  var parameters: [Value] { weights + leaves }

  /// What is done, a step a line.
  var description: String { steps.map { "\($0.name) \($0.operands)" }.joined(separator: "\n") }

  /// The last few results. Whatever a step reads goes through `reading`.
  func results(_ inputs: [Value], reading: (Value) -> Value = { $0 }) -> [Value] {
    var values = inputs + weights + leaves
    for step in steps { values += step.run(step.operands.map { reading(values[$0]) }) }
    return values.suffix(weightsOfOutcome.count)
  }

  /// Their weighted sum.
  func callAsFunction(_ inputs: [Value], reading: (Value) -> Value = { $0 }) -> Value {
    dot(weightsOfOutcome, results(inputs, reading: reading).map(reading))
  }

  private static func step(of candidates: [Int], using random: inout SplitMix64) -> Step {
    func operands(_ count: Int) -> [Int] {
      (0..<count).map { _ in
        let isRecent = Int.random(in: 0..<3, using: &random) > 0
        return (isRecent ? candidates.suffix(8) : candidates[...]).randomElement(using: &random)!
      }
    }
    let c = Double.random(in: 0.5...2, using: &random)
    /// Numbers are brought back to where every operation can take them.
    func step(_ name: String, _ operands: [Int], _ bound: Double, _ run: @escaping ([Value]) -> [Value]) -> Step {
      if bound <= 8 { return Step(name: name, operands: operands, run: run) }
      return Step(name: name, operands: operands) { run($0).map { $0 * (8 / bound) } }
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3:
      let (name, bound, f) = unarySteps.randomElement(using: &random)!
      return step(name, operands(1), bound) { [f($0[0])] }
    case 3..<5:
      let (name, bound, f) = binarySteps.randomElement(using: &random)!
      return step(name, operands(2), bound) { [f($0[0], $0[1])] }
    case 5..<7:
      let (name, bound, f) = constantSteps.randomElement(using: &random)!
      return step("\(name) \(c)", operands(1), bound) { [f($0[0], c)] }
    case 7: return step("plain dot", operands(4), 64) { [$0[0] * $0[1] + $0[2] * $0[3]] }
    default:
      let (name, bound, f) = longSteps.randomElement(using: &random)!
      return step(name, operands(6), bound, f)
    }
  }
}
