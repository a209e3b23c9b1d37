import CMicrograd
import RealModule

// A plain number as a number to differentiate at. Its functions are the engine's, with the bits of a Value's data; the
// compiler sees through them to the arithmetic itself.
extension Double: DifferentiableNumber {
  /// Functions are differentiated at plain numbers on Values.
  public typealias Recorded = Value

  /// The number itself.
  @inlinable @inline(__always)
  public init(constant number: Double) { self = number }

  /// The number itself.
  @inlinable @inline(__always)
  public var number: Double { self }

  /// The number as a constant.
  @inlinable
  public var lifted: Value { .constant(self) }

  /// The square.
  @inlinable @inline(__always)
  public func squared() -> Double { self * self }

  /// The cube.
  @inlinable @inline(__always)
  public func cubed() -> Double { self * self * self }

  /// max(x, 0). NaN stays NaN.
  @inlinable @inline(__always)
  public static func relu(_ x: Double) -> Double { x < 0 ? 0 : x }

  // MARK: Many operands

  /// The sum of the terms; 0 of nothing.
  @inlinable
  public static func sum(_ terms: [Double]) -> Double {
    var sum = 0.0
    for term in terms { sum += term }
    return sum
  }

  /// Σ left[i] · right[i] of two lists of one length.
  @inlinable
  public static func dot(_ left: [Double], _ right: [Double]) -> Double {
    require(left.count == right.count, "a dot product takes two lists of one length")
    return mg_vector_dot(left, right, Int64(left.count))
  }

  /// log Σ exp(terms[i]) without overflow; -∞ of nothing.
  @inlinable
  public static func logSumExp(_ terms: [Double]) -> Double { Micrograd.logSumExp(terms) }

  /// The element of a table at a place that is a whole number, counted from 0.
  public static func pick(_ table: [Double], at index: Double) -> Double {
    table[Value.constant(index).place(among: table.count)]
  }

  // MARK: Conditions

  /// The first number if the condition holds, else the second.
  @inlinable @inline(__always)
  public static func select(_ condition: Condition<Double>, _ a: Double, _ b: Double) -> Double {
    mg_relation_holds(condition.relation, condition.left, condition.right) ? a : b
  }

  // MARK: The engine's table

  /// Computes a function of the engine's table.
  @inlinable @inline(__always)
  public static func apply(_ function: FunctionCode, to x: Double) -> Double { mg_value_of_function(function, x) }

  /// Computes an operation of the engine's table on a number and a constant.
  @inlinable @inline(__always)
  public static func apply(_ op: OpCode, to x: Double, constant c: Double) -> Double { mg_value_of_op(op, x, c) }

  /// Computes an operation of the engine's table on two numbers.
  @inlinable @inline(__always)
  public static func apply(_ op: OpCode, to x: Double, _ y: Double) -> Double { mg_value_of_op(op, x, y) }

  /// Records a function and asks for derivatives; see `withDerivatives(at:of:do:)`.
  public static func withRecording<Result, Failure: Error>(
    at x: [Double], of f: ([Value]) throws(Failure) -> [Value],
    do body: (any RecordedDerivatives<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withDerivatives(at: x, of: f) { (f: RecordedFunction) throws(Failure) in try body(f) }
  }

  /// The value and the gradient of a function, recorded.
  public static func valueWithRecordedGradient<Failure: Error>(
    at x: [Double], of f: ([Value]) throws(Failure) -> Value
  ) throws(Failure) -> (value: Double, gradient: [Double]) {
    try Micrograd.valueWithGradient(at: x, of: f)
  }
}

// swift-numerics has these for every Real. With both imported, a call would be ambiguous but for one of Double's own.
extension Double {
  /// The square root: NaN below 0.
  @inlinable @inline(__always)
  public static func sqrt(_ x: Double) -> Double { x.squareRoot() }
}
