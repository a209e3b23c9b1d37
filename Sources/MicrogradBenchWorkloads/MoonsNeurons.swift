import Micrograd
import MicrogradNN

/// The loss of one sample, (x, y, class), with a share of the penalty as large as the whole: written neuron by neuron, as
/// one would for numbers, and compiled.
///
/// `parameters` are those of a 2-16-16-1 network, neuron by neuron, the weights before the bias.
package func neuronsLoss(_ parameters: [Value], _ sample: [Value]) -> Value {
  var next = 0
  func neuron(_ inputs: [Value]) -> Value {
    var sum = parameters[next + inputs.count]
    for (i, input) in inputs.enumerated() { sum += parameters[next + i] * input }
    next += inputs.count + 1
    return sum
  }
  let first = (0..<16).map { _ in neuron([sample[0], sample[1]]).relu() }
  let second = (0..<16).map { _ in neuron(first).relu() }
  let margin = 1 - sample[2] * neuron(second)
  var penalty = parameters[0] * parameters[0]
  for p in parameters.dropFirst() { penalty += p * p }
  return margin.relu() + 1e-4 * penalty
}

/// Compiles what is known to compile.
func compiled(
  at sample: [Double], precision: CompiledFunction.Precision = .double, of f: @escaping ([Value]) -> Value
) -> CompiledFunction {
  do {
    return try compile(at: sample, precision: precision, of: f)
  } catch {
    fatalError("\(error)")
  }
}

/// The gradient of the moons' loss on one thread and on two.
package func moonsThreadsCase(samples count: Int) -> Case {
  let moons = MoonsTraining(evaluation: .scalar, count: count)
  let function = moons.compiledLoss()
  func contestant(_ name: String, threads: Int) -> Contestant {
    Contestant(name: name, role: .library) { moons.gradient(of: function, threads: threads, times: $0) }
  }
  return Case(
    name: "moons-threads-\(count)", title: "gradient of the moons' loss, \(grouped(count)) samples, compiled",
    group: "moons-threads", iterations: nil,
    contestants: [
      contestant("Swift, compiled, 1 thread", threads: 1), contestant("Swift, compiled, 2 threads", threads: 2),
    ])
}

/// What it takes to compile the moons' loss and to make the program of its gradient, beside recording it once.
package func moonsCompilingCase() -> Case {
  // A tape of its own, on which nobody else's parameters are.
  let tape = Tape()
  let moons = tape.use { MoonsTraining(evaluation: .scalar) }
  func contestant(_ name: String, _ body: @escaping (Int) -> Contestant.Outcome) -> Contestant {
    Contestant(name: name, role: .library) { iterations in tape.use { body(iterations) } }
  }
  return Case(
    name: "moons-compile", title: "the moons' loss of one sample, neuron by neuron", group: "moons-compile",
    iterations: nil,
    contestants: [
      contestant("Swift, recorded") { moons.record(times: $0) },
      contestant("Swift, compiled") { moons.compile(times: $0) },
      contestant("Swift, compiled and called once") { moons.compileAndCall(times: $0) },
    ])
}
