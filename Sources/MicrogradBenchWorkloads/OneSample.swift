import CMicrogradBaselines
import Micrograd

/// Value and gradient of the README expression, one call at a time.
package func readmeCallCase(a: Double = -4, b: Double = 2) -> Case {
  let call = OneSampleCalls(at: [a, b]) { x in readmeExpression(x[0], x[1]) }
  return Case(
    name: "readme-call", title: "README expression, a call", group: "readme-call", iterations: nil,
    contestants: [
      .handWritten(numbers: 3) { mgb_hand_readme($0, a, b, $1) },
      Contestant(name: "Swift, recorded", role: .library) { runReadme($0, a, b) },
      Contestant(name: "Swift, compiled", role: .library) { call.run($0) },
    ])
}

/// Value and gradient of Rosenbrock's function of few variables, one call at a time.
package func rosenbrockCallCase(variables n: Int = 8) -> Case {
  let point = rosenbrockPoints(count: 1, variables: n)[0]
  let call = OneSampleCalls(at: point) { rosenbrock(at: $0) }
  return Case(
    name: "rosenbrock-call", title: "Rosenbrock, \(n) variables, a call", group: "rosenbrock-call", iterations: nil,
    contestants: [
      .handWritten(numbers: 1 + n) { mgb_hand_rosenbrock($0, point, Int64(n), $1) },
      Contestant(name: "Swift, compiled", role: .library) { call.run($0) },
    ])
}

private final class OneSampleCalls {
  private let function: CompiledFunction
  private let sample: [Double]
  private var gradient: [Double]

  init(at sample: [Double], of f: @escaping ([Value]) -> Value) {
    function = compiled(at: sample, of: f)
    self.sample = sample
    gradient = [Double](repeating: 0, count: sample.count)
  }

  func run(_ iterations: Int) -> Contestant.Outcome {
    var value = 0.0
    do {
      for _ in 0..<iterations { value = try function.valueWithGradient(at: sample, into: &gradient) }
    } catch {
      fatalError("\(error)")  // it compares nothing
    }
    return Contestant.Outcome(numbers: [value] + gradient, nodes: 0)
  }
}

/// The gradient by parameters of the moons' loss of one sample.
package func moonsCallCase() -> Case {
  // A tape of its own, on which nobody else's parameters are.
  let tape = Tape()
  let moons = tape.use { MoonsTraining(evaluation: .scalar) }
  let loss = tape.use { moons.compiledLoss() }
  func contestant(_ name: String, _ body: @escaping (Int) -> Contestant.Outcome) -> Contestant {
    Contestant(name: name, role: .library) { iterations in tape.use { body(iterations) } }
  }
  return Case(
    name: "moons-call", title: "gradient of the moons' loss, one sample", group: "moons-call", iterations: nil,
    contestants: [
      contestant("Swift, recorded") { moons.gradientOfFirst(times: $0) },
      contestant("Swift, compiled, as samples") { moons.gradientOfFirst(by: loss, times: $0) },
      contestant("Swift, compiled") { moons.gradientOfFirst(byCalling: loss, times: $0) },
    ])
}
