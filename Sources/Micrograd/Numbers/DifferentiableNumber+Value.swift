import CMicrograd

extension Value: RecordedNumber {
  /// Functions are differentiated at Values on Values.
  public typealias Recorded = Value

  /// A number without a node, as ``constant(_:)`` makes.
  @inlinable @inline(__always)
  public init(constant number: Double) { self = .constant(number) }

  /// 0 as a constant.
  @inlinable
  public static var zero: Value { .constant(0) }

  /// The number itself; ``data``.
  @inlinable @inline(__always)
  public var number: Double { data }

  /// The Value itself: a function that is being differentiated may use Values of the function around it.
  @inlinable
  public var lifted: Value { self }

  // MARK: Many operands

  /// The sum of the terms, one node; 0 of nothing.
  @inlinable
  public static func sum(_ terms: [Value]) -> Value { Micrograd.sum(terms) }

  /// Σ left[i] · right[i], one node, of two lists of one length.
  @inlinable
  public static func dot(_ left: [Value], _ right: [Value]) -> Value { Micrograd.dot(left, right) }

  /// Σ weights[i] · terms[i], one node, of two lists of one length.
  @inlinable
  public static func dot(_ weights: [Double], _ terms: [Value]) -> Value { Micrograd.dot(weights, terms) }

  /// log Σ exp(terms[i]) without overflow, one node; -∞ of nothing.
  @inlinable
  public static func logSumExp(_ terms: [Value]) -> Value { Micrograd.logSumExp(terms) }

  /// The element of a table at a place that is a Value; see ``pick(_:at:)-([Value],_)``.
  public static func pick(_ table: [Value], at index: Value) -> Value { Micrograd.pick(table, at: index) }

  // MARK: Conditions

  /// The first Value if the condition holds, else the second; see ``select(_:_:_:)-(_,Value,Value)``.
  public static func select(_ condition: Condition<Value>, _ a: Value, _ b: Value) -> Value {
    Micrograd.select(condition, a, b)
  }

  // MARK: The engine's table

  /// Records a function of the engine's table.
  @inline(never)
  public static func apply(_ function: FunctionCode, to x: Value) -> Value {
    guard let tape = x.pointer else { return .constant(mg_function_value(function, x.unwatchedData)) }
    let node = mg_record_function(tape, function, x.node(on: tape))
    return node == noNode ? unrecorded(tape, mg_function_value(function, x.unwatchedData)) : Value(tape, node)
  }

  /// Records an operation of the engine's table on a Value and a constant.
  public static func apply(_ op: OpCode, to x: Value, constant c: Double) -> Value {
    guard let tape = x.pointer else { return .constant(mg_op_value(op, x.unwatchedData, c)) }
    let node = mg_record_constant(tape, op, x.node(on: tape), c)
    return node == noNode ? unrecorded(tape, mg_op_value(op, x.unwatchedData, c)) : Value(tape, node)
  }

  /// Records an operation of the engine's table on two Values, of which a constant becomes a leaf.
  public static func apply(_ op: OpCode, to x: Value, _ y: Value) -> Value {
    guard let tape = x.pointer ?? y.pointer else { return .constant(mg_op_value(op, x.unwatchedData, y.unwatchedData)) }
    let a = x.listedNode(on: tape), b = a == noNode ? noNode : y.listedNode(on: tape)
    let node = b == noNode ? noNode : mg_record_binary(tape, op, a, b)
    return node == noNode ? unrecorded(tape, mg_op_value(op, x.unwatchedData, y.unwatchedData)) : Value(tape, node)
  }

  /// Records a function as part of what is being recorded, and asks for derivatives that are Values.
  public static func withRecording<Result, Failure: Error>(
    at x: [Value], of f: ([Value]) throws(Failure) -> [Value],
    do body: (any RecordedDerivatives<Value>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try InnerFunction.record(at: x, of: f, do: body)
  }
}
