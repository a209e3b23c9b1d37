import CMicrograd

/// The gradients from ``Value/backward(seed:creatingGraph:)``, as Values.
///
/// They are valid as long as the scope in which they were recorded.
public struct Gradients {
  private let gradients: [Value.ID: Value]

  fileprivate init(_ gradients: [Value.ID: Value]) { self.gradients = gradients }

  /// Returns the gradient with respect to a Value of the graph; the constant 0 if the root does not depend on it.
  public subscript(_ value: Value) -> Value { gradients[value.id] ?? .zero }
}

extension Value {
  /// Computes derivatives like ``backward(seed:)``, but records its arithmetic. So the gradients are Values, which can be
  /// used and differentiated again.
  ///
  /// ```swift
  /// let x = Value(3.0)
  /// let slope = (x * x * x).backward(creatingGraph: true)[x]
  /// slope.backward()
  /// print(slope.data, x.grad)  // 27.0 45.0: x.grad is 27 of the first sweep plus 18 of the second
  /// ```
  ///
  /// As with PyTorch's `create_graph`, gradients of leaves and parameters also accumulate in `grad`.
  ///
  /// - Parameters:
  ///   - seed: The derivative of the final result with respect to this Value; 1 when it is the final result.
  ///   - creatingGraph: True if the gradients are to depend on what they were computed from; false for constants.
  /// - Returns: The gradients with respect to all Values under this one.
  /// - Precondition: The Value is not a constant, no other thread is inside its tape, and recording is not paused.
  @discardableResult
  public func backward(seed: Double = 1, creatingGraph: Bool) -> Gradients {
    guard let pointer else { trapBackwardOfConstant() }
    require(
      !mg_tape_is_paused(pointer), "backward(creatingGraph:) inside withoutGradients records nothing: call it outside")
    backward(seed: seed)
    let root = node(on: pointer)
    var gradients: [Value.ID: Value] = [:]
    for (node, gradient) in RecordedSweep.adjointsUnder(root, on: pointer, seed: .constant(seed)) {
      let value = Value(live: node, on: pointer)
      gradients[value.id] = creatingGraph ? gradient : gradient.asConstant
    }
    return Gradients(gradients)
  }
}
