import CMicrograd

/// What computed a node.
public struct Operation: Hashable, Sendable, CustomStringConvertible {
  /// The name in the engine's table: `add`, `multiply_constant`, `exponential`.
  public let name: String
  /// The symbol or the short name of the field: `+`, `*`, `exp`, `ReLU`.
  public let symbol: String
  /// The constant of an operation on a Value and a plain number.
  public let constant: Double?

  /// Ready to print, constants included: `+`, `* 3.0`, `10.0 /`, `ReLU`.
  public var description: String {
    guard let constant else { return symbol }
    return isConstantOnTheLeft ? "\(brief(constant)) \(symbol)" : "\(symbol) \(brief(constant))"
  }

  /// How it is written with its operands.
  internal let notation: Notation

  private var isConstantOnTheLeft: Bool { notation == .constantFirst || notation == .callConstantFirst }

  internal init(of node: mg_node, on tape: UnsafeMutablePointer<mg_tape>) {
    let code = mg_node_op(tape, node)
    if code == .function {
      let function = mg_node_function(tape, node)
      name = String(cString: mg_function_name(function))
      symbol = String(cString: mg_function_symbol(function))
      (constant, notation) = (nil, .call)
      return
    }
    if let custom = mg_node_custom(tape, node), code == .custom {
      name = String(cString: custom.pointee.name)
      (symbol, constant, notation) = (name, nil, .call)
      return
    }
    let mark = String(cString: mg_op_symbol(code))
    let isNeuronWithReLU = code == .neuron && mg_neuron_has_relu(tape, Int64(node))
    name = String(cString: mg_op_name(code))
    notation = mg_op_notation(code)
    symbol = isNeuronWithReLU ? "ReLU \(mark)" : mark
    constant = mg_op_has_constant(code) ? mg_node_constant(tape, node, 0) : nil
  }
}

extension Value {
  /// What computed this Value; `nil` for leaves, parameters and constants.
  public var operation: Operation? {
    guard let pointer else { return nil }
    let node = node(on: pointer)
    return mg_node_op(pointer, node) == .leaf ? nil : Operation(of: node, on: pointer)
  }

  /// The Values from which this one was computed, in the operation's order: `x * x` names x twice, a dot product its
  /// left factors and then its right ones, a neuron its bias, its weights and its inputs.
  public var operands: [Value] {
    guard let pointer else { return [] }
    let node = node(on: pointer)
    return (0..<mg_node_operand_count(pointer, node)).map {
      Value(live: mg_node_operand(pointer, node, $0), on: pointer)
    }
  }

  /// True if this Value is a parameter of a module. It lives as long as the module, in no scope.
  public var isParameter: Bool {
    guard let pointer else { return false }
    return node(on: pointer) < 0
  }

  internal init(live node: mg_node, on tape: UnsafeMutablePointer<mg_tape>) {
    base = tape
    bits = mg_tape_handle(tape, node)
  }

  /// The index of the node on its tape: counted up from 0 in the order of recording, negative for parameters; `nil` for
  /// a constant.
  public var index: Int? {
    guard let pointer else { return nil }
    return Int(node(on: pointer))
  }
}
