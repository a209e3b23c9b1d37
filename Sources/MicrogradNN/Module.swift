import Micrograd

/// Something that has parameters: a neuron, a layer, a network, or a model of your own.
///
/// ```swift
/// struct Line: Module {
///   let w = Parameters([0, 0])
///   var parameters: [Value] { Array(w) }
///   func callAsFunction(_ x: Value) -> Value { w[0] * x + w[1] }
/// }
/// ```
///
/// A module that is made of others is a ``CompositeModule``.
public protocol Module: Trainable {
  /// All parameters, each once, in the module's order.
  var parameters: [Value] { get }

  /// The same parameters as tensors with names, for optimisers and checkpoints.
  ///
  /// Unless given, it is one tensor called `parameters`.
  var namedParameters: [NamedParameter] { get }

  /// Sets the gradients of all parameters to zero, as is done before each `backward()` of a training loop.
  func zeroGradients()
}

extension Module {
  /// All parameters as one tensor called `parameters`; none where there are none.
  public var namedParameters: [NamedParameter] {
    let values = parameters
    return values.isEmpty ? [] : [NamedParameter("parameters", shape: [values.count], values)]
  }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() {
    for parameter in namedParameters { parameter.runs.zeroGradients() }
  }

  /// How many parameters there are.
  public var parameterCount: Int { namedParameters.reduce(0) { $0 + $1.count } }
}

/// A module that is made of others, whose parameters are theirs.
///
/// ```swift
/// struct Residual: CompositeModule {
///   let inner: Layer
///   let outer: Layer
///   var children: KeyValuePairs<String, any Module> { ["inner": inner, "outer": outer] }
/// }
/// ```
///
/// Its parameters are called `inner.weight`, `inner.bias`, `outer.weight`, `outer.bias`. Children may share parameters,
/// and a child may be there twice: shared ones count once, under the first name.
public protocol CompositeModule: Module {
  /// The parts, with the names that their parameters' paths begin with, in order.
  var children: KeyValuePairs<String, any Module> { get }
}

extension CompositeModule {
  /// The children's parameters, each once, in the children's order.
  public var parameters: [Value] {
    var seen: Set<Value.ID> = []
    return children.flatMap(\.value.parameters).filter { seen.insert($0.id).inserted }
  }

  /// The children's parameters, each once, under the path of the first child that has them.
  ///
  /// - Precondition: Tensors are shared as a whole: two that share some numbers begin with the same one.
  public var namedParameters: [NamedParameter] { NamedParameter.each(of: children.map { ($0, $1) }) }
}

extension NamedParameter {
  /// The parameters of modules under their names, each tensor once.
  internal static func each(of children: [(name: String, module: any Module)]) -> [NamedParameter] {
    var seen: Set<Value.ID> = []
    return children.flatMap { name, module in module.namedParameters.map { $0.under(name) } }
      .filter { tensor in tensor.runs.first.map { seen.insert($0.id).inserted } ?? false }
  }
}
