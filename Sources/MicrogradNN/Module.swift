import Micrograd

/// Something that has parameters: a neuron, a layer, a network, or a model of your own.
///
///     struct Line: Module {
///       let w = Parameters([0, 0])
///       var parameters: [Value] { Array(w) }
///       func callAsFunction(_ x: Value) -> Value { w[0] * x + w[1] }
///     }
public protocol Module {
  /// All parameters, each once, in the module's order.
  var parameters: [Value] { get }

  /// Sets the gradients of all parameters to zero, as is done before each `backward()` of a training loop.
  func zeroGradients()
}

extension Module {
  /// Sets the gradients of all parameters to zero, one by one.
  public func zeroGradients() {
    for parameter in parameters { parameter.grad = 0 }
  }

  /// How many parameters there are.
  public var parameterCount: Int { parameters.count }
}
