import Micrograd

/// A type with parameters: a neuron, a layer, a network, or a model of your own.
///
/// ```swift
/// struct Line: Module {
///   let w = Parameters([0, 0])
///   var parameters: [Value] { Array(w) }
///   func callAsFunction(_ x: Value) -> Value { w[0] * x + w[1] }
/// }
/// ```
///
/// A module that consists of other modules is a ``CompositeModule``.
public protocol Module: Trainable {
  /// All parameters, each once, in the module's order.
  var parameters: [Value] { get }

  /// The parameters as named tensors, for optimisers and checkpoints.
  ///
  /// By default, one tensor called `parameters`.
  var namedParameters: [NamedParameter] { get }

  /// Sets the gradients of all parameters to zero. Call it before each `backward()` of a training loop.
  func zeroGradients()
}

extension Module {
  /// All parameters as one tensor called `parameters`; empty without parameters.
  public var namedParameters: [NamedParameter] {
    let values = parameters
    return values.isEmpty ? [] : [NamedParameter("parameters", shape: [values.count], values)]
  }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() {
    for parameter in namedParameters { parameter.runs.zeroGradients() }
  }

  /// The number of parameters.
  public var parameterCount: Int { namedParameters.reduce(0) { $0 + $1.count } }
}

/// A module that consists of other modules. Its parameters are those of its children.
///
/// ```swift
/// struct Residual: CompositeModule {
///   let inner: Layer
///   let outer: Layer
///   var children: KeyValuePairs<String, any Module> { ["inner": inner, "outer": outer] }
/// }
/// ```
///
/// Its parameters are called `inner.weight`, `inner.bias`, `outer.weight` and `outer.bias`. Children may share parameters,
/// and a child may be listed twice: shared parameters count once, under the first name.
public protocol CompositeModule: Module {
  /// The children by name, in order. The names are the first parts of the parameters' names.
  var children: KeyValuePairs<String, any Module> { get }
}

extension CompositeModule {
  /// The children's parameters, each once, in the children's order.
  public var parameters: [Value] {
    var seen: Set<Value.ID> = []
    return children.flatMap(\.value.parameters).filter { seen.insert($0.id).inserted }
  }

  /// The children's parameters, each once, under the name of the first child that has them.
  ///
  /// - Precondition: Tensors are shared as a whole: two tensors that share numbers begin with the same one.
  public var namedParameters: [NamedParameter] { NamedParameter.each(of: children.map { ($0, $1) }) }
}

extension NamedParameter {
  /// Returns the parameters of modules with the modules' names in front, each tensor once.
  internal static func each(of children: [(name: String, module: any Module)]) -> [NamedParameter] {
    var seen: Set<Value.ID> = []
    return children.flatMap { name, module in module.namedParameters.map { $0.under(name) } }
      .filter { tensor in tensor.runs.first.map { seen.insert($0.id).inserted } ?? false }
  }
}
