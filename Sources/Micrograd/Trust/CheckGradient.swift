import CMicrograd

// Each of these records the function in a scope of its own and leaves nothing on the tape, nor in its gradients.

/// Compares the gradient of a function with finite differences.
///
/// ```swift
/// let check = checkGradient(at: [1, 2, 3]) { x in x[0] * x[1] / x[2] }
/// check.isConsistent  // true
/// check.entries.map(\.analytic)  // [0.6666666666666666, 0.3333333333333333, -0.2222222222222222]
/// ```
///
/// ``GradientCheck/worst`` is the derivative with the largest difference, relative to the allowed one.
///
/// Differences are central. Steps depend on the magnitude of the argument and are extrapolated to 0, with an estimate of
/// the error, which is allowed for. Near the end of a domain, steps are smaller or one-sided. If the slopes on both sides
/// differ, ``NumericDerivative/sides`` has them, and any derivative between them is accepted. If rounding hides the slope,
/// the verdict is ``GradientCheck/Verdict/undecided``, which is not consistent.
///
/// - Parameters:
///   - x: The point, of any number of arguments.
///   - tolerance: The allowed relative difference, in addition to the error of the differences.
///   - f: The function. It must return the same every time. It is called some twenty times per argument, more often at
///     difficult points.
public func checkGradient<Failure: Error>(
  at x: [Double], tolerance: Double = 1e-7, of f: ([Value]) throws(Failure) -> Value
) throws(Failure) -> GradientCheck {
  try checkJacobian(at: x, tolerance: tolerance) { (x: [Value]) throws(Failure) in [try f(x)] }
}

/// Compares the derivative of a function of one number with finite differences.
public func checkGradient<Failure: Error>(
  at x: Double, tolerance: Double = 1e-7, of f: (Value) throws(Failure) -> Value
) throws(Failure) -> GradientCheck {
  try checkJacobian(at: [x], tolerance: tolerance) { (x: [Value]) throws(Failure) in [try f(x[0])] }
}

/// Compares both partial derivatives of a function of two numbers with finite differences.
public func checkGradient<Failure: Error>(
  at x: Double, _ y: Double, tolerance: Double = 1e-7, of f: (Value, Value) throws(Failure) -> Value
) throws(Failure) -> GradientCheck {
  try checkJacobian(at: [x, y], tolerance: tolerance) { (x: [Value]) throws(Failure) in [try f(x[0], x[1])] }
}

/// Compares the gradients of a function with several outputs with finite differences.
///
/// Each output needs one reverse sweep; each evaluation of a difference serves all outputs. See
/// ``checkGradient(at:tolerance:of:)-([Double],_,_)`` for the rest.
public func checkJacobian<Failure: Error>(
  at x: [Double], tolerance: Double = 1e-7, of f: ([Value]) throws(Failure) -> [Value]
) throws(Failure) -> GradientCheck {
  let tape = currentTape()
  let pauses = mg_tape_suspend_pauses(tape)
  defer { mg_tape_restore_pauses(tape, pauses) }
  let recorded = try Tape.scope { () throws(Failure) in
    let arguments = x.map { Value($0) }
    return SweptJacobian(of: try f(arguments), by: arguments, on: tape)
  }
  return try recorded.check(at: x, tolerance) { (x: [Double]) throws(Failure) in
    try Tape.scope { () throws(Failure) in try f(x.map { Value($0) }).map(\.data) }
  }
}

/// Compares the gradient of a loss with respect to parameters or leaves with finite differences.
///
/// ```swift
/// let weights = Parameters([0.5, -0.5])
/// let check = checkGradient(withRespectTo: Array(weights)) { (3 * weights[0] + weights[1]).squared() }
/// check.entries.map(\.analytic)  // [6.0, 2.0]
/// ```
///
/// For the differences, the data of each parameter is changed and restored, even if the loss throws. Their gradients do not
/// change.
///
/// - Parameters:
///   - parameters: Parameters of modules, or leaves, all on one tape.
///   - tolerance: The allowed relative difference, in addition to the error of the differences.
///   - loss: Computes the loss from the parameters. It must return the same every time: without dropout, on one batch.
/// - Precondition: All of `parameters` are parameters or leaves.
public func checkGradient<Failure: Error>(
  withRespectTo parameters: [Value], tolerance: Double = 1e-7, of loss: () throws(Failure) -> Value
) throws(Failure) -> GradientCheck {
  for value in parameters {
    require(
      value.pointer != nil && value.operation == nil,
      "only parameters and leaves can be changed: \(value) was computed, or is a constant")
  }
  let tape = Value.tape(of: parameters) ?? currentTape()
  return try Tape(tape).use { () throws(Failure) in
    let pauses = mg_tape_suspend_pauses(tape)
    defer { mg_tape_restore_pauses(tape, pauses) }
    let recorded = try Tape.scope { () throws(Failure) in
      SweptJacobian(of: [try loss()], by: parameters, on: tape)
    }
    let point = parameters.map(\.data)
    return try recorded.check(at: point, tolerance) { (x: [Double]) throws(Failure) in
      defer { for (parameter, number) in zip(parameters, point) { parameter.data = number } }
      for (parameter, number) in zip(parameters, x) { parameter.data = number }
      return try Tape.scope { () throws(Failure) in [try loss().data] }
    }
  }
}

/// What the tape says of a function at one point.
private struct SweptJacobian {
  let values: [Double]
  /// How far from the true ones the values may be, by rounding.
  let noise: [Double]
  /// A row an output, a column an argument.
  let jacobian: [[Double]]

  init(of outputs: [Value], by arguments: [Value], on tape: UnsafeMutablePointer<mg_tape>) {
    let nodes = arguments.map { argument in
      if argument.pointer != tape { trapMixed() }
      return argument.node(on: tape)
    }
    values = outputs.map(\.data)
    var noise = values.map { abs($0) * .ulpOfOne }
    jacobian = outputs.enumerated().map { k, output in
      guard let pointer = output.pointer else { return nodes.map { _ in 0 } }
      if pointer != tape { trapMixed() }
      let root = output.node(on: tape), adjoints = Adjoints(of: root, on: tape)
      noise[k] += RoundingEstimate(of: root, on: tape, adjoints).error
      return nodes.map { adjoints[$0] }
    }
    self.noise = noise
  }

  /// Compares with differences of `f`, which gives all outputs for all arguments.
  func check<Failure: Error>(
    at x: [Double], _ tolerance: Double, _ f: ([Double]) throws(Failure) -> [Double]
  ) throws(Failure) -> GradientCheck {
    require(tolerance >= 0, "a tolerance of \(tolerance): give 0 or more")
    let again = try f(x)
    require(again.count == values.count, "\(values.count) outputs, then \(again.count): the function must not vary")
    let sizes = values.indices.map { j in zip(jacobian[j], x).reduce(abs(values[j])) { max($0, abs($1.0 * $1.1)) } }
    var entries = values.map { _ in [GradientCheck.Entry]() }
    for k in x.indices {
      // All outputs are of the same steps, mostly.
      var known: [Double: [Double]] = [:]
      let scale: Double = max(abs(x[k]), 1)
      func outputs(_ argument: Double) throws(Failure) -> [Double] {
        if let found = known[argument] { return found }
        var point = x
        point[k] = argument
        let found = try f(point)
        known[argument] = found
        return found
      }
      for j in values.indices {
        // A function that varies by itself has no slope beyond that.
        let noise = noise[j] + (again[j] == values[j] ? 0 : abs(again[j] - values[j]))
        let numeric = try withoutActuallyEscaping({ (x: Double) throws(Failure) in try outputs(x)[j] }) {
          f throws(Failure) in
          try DifferenceQuotients(at: x[k], center: values[j], noise: noise, goal: tolerance / 64, of: f).derivative()
        }
        // How large the output is around here, or what it was computed from where that cancels.
        let around = known.filter { abs($0.key - x[k]) <= scale / 4 && $0.value[j].isFinite }
        let size = around.reduce(sizes[j]) { max($0, abs($1.value[j])) }
        entries[j].append(
          .init(
            output: j, argument: k, analytic: jacobian[j][k], numeric: numeric, tolerance: tolerance,
            natural: size / scale))
      }
    }
    return GradientCheck(entries: Array(entries.joined()), tolerance: tolerance)
  }
}
