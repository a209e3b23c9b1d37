import CMicrograd

/// An operation of your own, with its derivative: usable wherever built-in ones are, in every mode for which it has a rule.
///
/// ```swift
/// let cubic = CustomOperation("cubic", value: { x in x * x * x }, derivative: { x in 3 * x * x })
/// gradient(at: 2) { x in exp(cubic(x) / 8) }  // 4.0774, which is 1.5 e
/// ```
///
/// With n inputs and m outputs the derivative is a rule: adjoints of the outputs in, adjoints of the inputs out, or
/// tangents of the inputs in, tangents of the outputs out. Either is enough for gradients and for directional derivatives.
/// Second derivatives (``hessianVectorProduct(at:along:of:)-([Double],_,_)``) and derivatives of derivatives need the rule
/// written with Values, or, of a function of one number, its second derivative; without, they stop the program with a message
/// that says so. `checkGradient` compares an operation with differences, as any function. <doc:Derivatives> has examples of
/// every kind.
///
/// A rule of plain numbers runs on a tape of its own, which is ``Tape/current`` while it runs and forgets what it recorded. So
/// a rule may record, differentiate and call other operations. Values from outside have only their numbers for it, as
/// ``Value/data`` or ``Value/detached``; a rule that computes with such a Value, sets one, or sweeps or enters its tape, stops
/// the program with a message that says so.
public final class CustomOperation {
  /// What takes numbers through an operation's derivative.
  ///
  /// A reverse rule is given weights of the outputs as `passing` and returns a number for each input; a forward rule is given
  /// a direction of the inputs and returns a number for each output.
  public typealias Rule<Number> = (_ inputs: [Number], _ outputs: [Number], _ passing: [Number]) -> [Number]

  /// A name for graphs and reports.
  public let name: String
  /// How many inputs there are.
  public let inputCount: Int
  /// How many outputs there are.
  public let outputCount: Int

  internal let function: ([Double]) -> [Double]
  internal let reverse: Rule<Double>?
  internal let forward: Rule<Double>?
  internal let recorded: Rule<Value>?
  /// The tangent of the reverse rule on plain numbers, for an operation whose recorded rule needs the tape that it is on.
  internal var numericTangent:
    ((_ x: [Double], _ direction: [Double], _ weights: [Double], _ change: [Double]) -> [Double])?
  private let engineName: UnsafeMutablePointer<CChar>
  private let engineOperation: UnsafeMutablePointer<mg_custom>

  /// An operation of any number of inputs and outputs.
  ///
  /// - Parameters:
  ///   - name: A name for graphs and reports.
  ///   - inputCount: How many inputs there are.
  ///   - outputCount: How many outputs there are; at least 1.
  ///   - value: The outputs for inputs.
  ///   - vectorJacobianProduct: The reverse rule: for weights of the outputs, Σ weight[i] · ∂output[i]/∂input[j] for each j.
  ///   - jacobianVectorProduct: The forward rule: for a direction of the inputs, the derivatives of the outputs along it.
  ///   - recordedVectorJacobianProduct: The reverse rule with Values; it may use the operation itself. Where it is the only
  ///     one, numbers are computed by it too, which is slower.
  /// - Precondition: There is at least one rule.
  public init(
    _ name: String, inputCount: Int, outputCount: Int, value: @escaping ([Double]) -> [Double],
    vectorJacobianProduct: Rule<Double>? = nil, jacobianVectorProduct: Rule<Double>? = nil,
    recordedVectorJacobianProduct: Rule<Value>? = nil
  ) {
    require(
      inputCount >= 0 && outputCount >= 1, "the operation \(name) has \(inputCount) inputs and \(outputCount) outputs")
    require(
      vectorJacobianProduct != nil || jacobianVectorProduct != nil || recordedVectorJacobianProduct != nil,
      "the operation \(name) has no rule: give its vectorJacobianProduct or its jacobianVectorProduct")
    self.name = name
    self.inputCount = inputCount
    self.outputCount = outputCount
    function = value
    reverse = vectorJacobianProduct
    forward = jacobianVectorProduct
    recorded = recordedVectorJacobianProduct
    let characters = name.utf8CString
    engineName = .allocate(capacity: characters.count)
    engineName.initialize(from: Array(characters), count: characters.count)
    engineOperation = .allocate(capacity: 1)
    engineOperation.initialize(to: CustomOperation.callbacks(engineName, inputCount, outputCount))
    engineOperation.pointee.context = Unmanaged.passUnretained(self).toOpaque()
  }

  /// A function of one number.
  ///
  /// - Parameters:
  ///   - name: A name for graphs and reports.
  ///   - value: The function. A C function will do: `CustomOperation("j0", value: j0, derivative: { -j1($0) })`.
  ///   - derivative: Its derivative.
  ///   - secondDerivative: Its second derivative, for Hessians and for the derivative of a derivative.
  public convenience init(
    _ name: String, value: @escaping (Double) -> Double, derivative: @escaping (Double) -> Double,
    secondDerivative: ((Double) -> Double)? = nil
  ) {
    // The derivative is an operation too, whose own derivative is the second.
    let slope = secondDerivative.map { CustomOperation("\(name)′", value: derivative, derivative: $0) }
    self.init(
      name, inputCount: 1, outputCount: 1, value: { [value($0[0])] },
      vectorJacobianProduct: { x, _, weights in [weights[0] * derivative(x[0])] },
      jacobianVectorProduct: { x, _, direction in [direction[0] * derivative(x[0])] },
      recordedVectorJacobianProduct: slope.map { slope in { x, _, weights in [weights[0] * slope(x[0])] } })
  }

  deinit {
    engineOperation.deallocate()
    engineName.deallocate()
  }

  /// The outputs for inputs, recorded as one operation; constants where all inputs are. The operation lives as long as what
  /// it recorded.
  ///
  /// - Precondition: There are as many inputs as the operation has.
  public func callAsFunction(_ inputs: [Value]) -> [Value] {
    requireCount(inputs.count, inputCount, "inputs")
    let tape = Value.tape(of: inputs)
    let outputs = numbers(inputs.map(\.unwatchedData), for: tape)
    guard let tape else { return outputs.map { .constant($0) } }
    let first = Value.withNodes(of: inputs, on: tape) { mg_block_custom(tape, engineOperation, $0, outputs) }
    if first == Value.noNode { return outputs.map { Value.unrecorded(tape, $0) } }
    return (0..<Int32(outputCount)).map { Value(tape, first + $0) }
  }

  /// The output of an operation with one input and one output.
  public func callAsFunction(_ input: Value) -> Value {
    requireCount(1, outputCount, "outputs used")
    return self([input])[0]
  }

  internal func requireCount(_ count: Int, _ expected: Int, _ what: String) {
    require(count == expected, "the operation \(name) is given \(count) \(what), not \(expected)")
  }
}
