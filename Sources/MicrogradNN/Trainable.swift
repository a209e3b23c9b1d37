import Micrograd

/// Parameters that can be trained: those of a ``Module``, or a list of parameters or leaves.
///
/// A module trains its ``Module/namedParameters``.
public protocol Trainable {
  /// The parameters in order, each once.
  var trainedParameters: ParameterRuns { get }
}

extension Module {
  /// The parameters of ``namedParameters``, one tensor after the other, each row-major.
  public var trainedParameters: ParameterRuns { ParameterRuns(joining: namedParameters.map(\.runs)) }
}

extension ParameterRuns: Trainable {
  /// These parameters.
  public var trainedParameters: ParameterRuns { self }
}

/// A list of parameters or leaves. The modules and scopes that they belong to must outlive the training.
extension [Value]: Trainable {
  /// The Values in the order of the list, each once.
  ///
  /// - Precondition: All are parameters or leaves.
  public var trainedParameters: ParameterRuns { ParameterRuns(self) }
}
