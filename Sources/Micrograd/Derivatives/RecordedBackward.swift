import CMicrograd

/// The gradients that ``Value/backward(seed:creatingGraph:)`` computed, as Values.
///
/// They are of use as long as the scope in which they were recorded is open.
public struct Gradients {
  private let gradients: [Value.ID: Value]

  fileprivate init(_ gradients: [Value.ID: Value]) { self.gradients = gradients }

  /// The gradient with respect to a Value of the graph; the constant 0 for one on which the root does not depend.
  public subscript(_ value: Value) -> Value { gradients[value.id] ?? .zero }
}

extension Value {
  /// ``backward(seed:)``, the arithmetic of which is recorded too, so that the gradients are Values that can be computed with
  /// and differentiated again.
  ///
  /// ```swift
  /// let x = Value(3.0)
  /// let slope = (x * x * x).backward(creatingGraph: true)[x]
  /// slope.backward()
  /// print(slope.data, x.grad)  // 27.0 45.0: x.grad is 27 of the first sweep plus 18 of the second
  /// ```
  ///
  /// As with PyTorch's `create_graph`, gradients of leaves and parameters add up in `grad` all the same.
  ///
  /// - Parameters:
  ///   - seed: The derivative of the final result with respect to this Value; 1 when it is the final result.
  ///   - creatingGraph: Whether the gradients depend on what they were computed from; else they are constants.
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
