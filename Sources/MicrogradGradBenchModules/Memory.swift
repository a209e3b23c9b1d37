import Micrograd

/// A network of long short-term memory that predicts a text character by character. A character is a list of bits.
///
/// All of its products are element by element.
package struct Memory: Sendable {
  let layers: Int
  let bits: Int
  /// For each layer its hidden numbers, then those of its cells.
  let state: [[Double]]
  let sequence: [[Double]]

  /// All parameters in one list: for each layer weights and biases of four gates, then three rows for input and output.
  var parameterCount: Int { 8 * layers * bits + 3 * bits }

  /// The mean negative logarithm of the probability of each bit.
  package func loss<T: DifferentiableNumber>(_ parameters: [T]) -> T {
    func row(_ index: Int) -> ArraySlice<T> { parameters[index * bits..<(index + 1) * bits] }
    let input = Array(row(8 * layers)), scale = Array(row(8 * layers + 1)), shift = Array(row(8 * layers + 2))
    var state = state.map { $0.map { T(constant: $0) } }
    var losses: [T] = []
    for (character, next) in zip(sequence, sequence.dropFirst()) {
      var x = (0..<bits).map { input[$0] * character[$0] }
      for layer in 0..<layers {
        (state[2 * layer], state[2 * layer + 1]) = advance(
          Array(parameters[8 * layer * bits..<8 * (layer + 1) * bits]), x, state[2 * layer], state[2 * layer + 1])
        x = state[2 * layer]
      }
      let y = (0..<bits).map { x[$0] * scale[$0] + shift[$0] }
      let normalization = T.log(2 + .sum(y.map { .exp($0) }))
      losses.append(next.reduce(0, +) * normalization - .dot(next, y))
    }
    return T.sum(losses) / Double((sequence.count - 1) * bits)
  }

  /// Returns the hidden numbers and the cells of a layer after a step.
  ///
  /// - Parameter gates: The weights of the forget, in, out and change gates, then their biases.
  private func advance<T: DifferentiableNumber>(_ gates: [T], _ x: [T], _ hidden: [T], _ cells: [T]) -> ([T], [T]) {
    var (hidden, cells) = (hidden, cells)
    for i in 0..<bits {
      func gate(_ k: Int, _ number: T) -> T { number * gates[k * bits + i] + gates[(4 + k) * bits + i] }
      let forgetting = T.sigmoid(gate(0, x[i])), taking = T.sigmoid(gate(1, hidden[i]))
      let giving = T.sigmoid(gate(2, x[i])), change = T.tanh(gate(3, hidden[i]))
      cells[i] = cells[i] * forgetting + taking * change
      hidden[i] = giving * .tanh(cells[i])
    }
    return (hidden, cells)
  }
}

extension Module {
  static let lstm = Module(
    name: "lstm",
    functions: [
      "objective": Function { (input: MemoryInput) in input.memory.loss(input.parameters) },
      "jacobian": Function(prepare: { (input: MemoryInput) in try input.compiledJacobian() }),
    ])
}

/// Parameters, state and text, named as GradBench names them.
package struct MemoryInput: Input {
  let main: [[Double]]
  let extra: [[Double]]
  let state: [[Double]]
  let sequence: [[Double]]

  private enum CodingKeys: String, CodingKey {
    case main = "main_params"
    case extra = "extra_params"
    case state
    case sequence
  }

  /// For one layer of eight bits; a tape has 2²⁸ nodes.
  private static let largestText = 1 << 20

  package func check() throws(InputError) {
    try expect(main.count > 0 && main.count % 2 == 0, "main_params has \(main.count) rows, not two for each layer")
    try expect(extra.count == 3, "extra_params has \(extra.count) rows, not 3")
    let bits = extra[0].count
    try expect(bits > 0, "extra_params[0] is empty")
    try expectShape("extra_params", extra, 3, bits)
    try expectShape("main_params", main, main.count, 4 * bits)
    try expectShape("state", state, main.count, bits)
    try expect(sequence.count > 1, "sequence has \(sequence.count) rows: there are at least two")
    try expectShape("sequence", sequence, sequence.count, bits)
    try expect(
      sequence.count <= MemoryInput.largestText * 8 / (main.count * bits),
      "\(sequence.count) characters are more than a tape has room for")
  }

  package var parameters: [Double] { (main + extra).flatMap { $0 } }

  package var memory: Memory {
    Memory(layers: main.count / 2, bits: extra[0].count, state: state, sequence: sequence)
  }

  /// Compiling takes microseconds an element of a layer and character: longer texts are recorded each time.
  private static let largestCompiled = 1 << 17

  package func compiledJacobian() throws -> () throws -> [Double] {
    let (memory, parameters) = (memory, parameters)
    if sequence.count * memory.layers * memory.bits > MemoryInput.largestCompiled {
      return { gradient(at: parameters) { memory.loss($0) } }
    }
    let loss = try compile(at: parameters) { x in memory.loss(x) }
    var slopes = [Double](repeating: 0, count: parameters.count)
    try loss.valueWithGradient(at: parameters, into: &slopes)
    return {
      try loss.valueWithGradient(at: parameters, into: &slopes)
      return slopes
    }
  }
}
