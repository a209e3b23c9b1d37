import Micrograd

/// What an optimiser trains and a clip goes over: a ``Module``, or a list of parameters or leaves.
///
/// Every module is trainable by its ``Module/namedParameters``.
public protocol Trainable {
  /// The numbers in order, each once.
  var trainedParameters: ParameterRuns { get }
}

extension Module {
  /// The numbers of ``namedParameters``, one tensor after the other, each row-major.
  public var trainedParameters: ParameterRuns { ParameterRuns(joining: namedParameters.map(\.runs)) }
}

extension ParameterRuns: Trainable {
  /// These numbers.
  public var trainedParameters: ParameterRuns { self }
}

/// A list of parameters or leaves; the modules and scopes that they belong to must outlive their training.
extension [Value]: Trainable {
  /// The Values in the order of the list, each once.
  ///
  /// - Precondition: All are parameters or leaves.
  public var trainedParameters: ParameterRuns { ParameterRuns(self) }
}
