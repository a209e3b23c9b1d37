import CMicrograd

/// A number that remembers how it was computed.
///
/// `Value(2.0)` records a **leaf** on the current ``Tape``; operators and functions of Values record what they
/// compute, and ``backward(seed:)`` then fills in ``grad`` for all of them:
///
/// ```swift
/// let x = Value(3.0)
/// let y = x * x + 2 * x
/// y.backward()
/// print(y.data, x.grad)  // 15.0 8.0
/// ```
///
/// A Value is sixteen bytes, trivial to copy: the name of a node, not the node. It is of use as long as the scope in
/// which it was recorded is open; using it later stops the program with a message that says so. A plain number in an
/// expression, such as the 2 above, makes no node: it is a **constant** of the operation. Some Values have no node
/// either and are constants themselves: ``constant(_:)``, ``detached`` and everything computed under
/// ``withoutGradients(_:)``.
@frozen
public struct Value {
  /// The tape of the node; for a constant, one on which nothing is ever recorded.
  @usableFromInline internal let base: UnsafeMutablePointer<mg_tape>
  /// The handle of the node; for a constant, the bit pattern of its number.
  @usableFromInline internal let bits: UInt64

  /// The tape of the node; `nil` for a constant.
  @inlinable @inline(__always)
  internal var pointer: UnsafeMutablePointer<mg_tape>? { base == mg_tape_of_constants() ? nil : base }

  @inlinable
  internal init(_ tape: UnsafeMutablePointer<mg_tape>, _ node: mg_node) {
    #if DEBUG
      mg_tape_note_origin(tape, MG_ORIGIN_DEPTH_USUAL)
    #endif
    base = tape
    bits = mg_recorded_handle(tape.pointee.epoch, node)
  }

  /// The node that was just recorded at a place.
  @inlinable @inline(__always)
  internal init(_ place: FastPlace, _ node: Int64) {
    #if DEBUG
      mg_tape_note_origin(place.tape, MG_ORIGIN_DEPTH_USUAL)
    #endif
    base = place.tape
    bits = place.epoch &+ UInt64(bitPattern: node)
  }

  internal init(_ tape: UnsafeMutablePointer<mg_tape>, handle: UInt64) {
    base = tape
    bits = handle
  }

  @inlinable
  internal init(parameter node: mg_node, on tape: UnsafeMutablePointer<mg_tape>) {
    base = tape
    bits = tape.pointee.handles[Int(node)]
  }

  /// Records a leaf on the current tape: a number for derivatives with respect to it.
  @inlinable
  public init(_ data: Double) {
    let tape = currentTape()
    let node = mg_leaf(tape, data)
    self = node == Value.noNode ? Value.unrecorded(tape, data) : Value(tape, node)
  }

  /// Records a leaf for a whole number, rounded to a Double if it has more than 53 bits.
  @inlinable
  public init(_ data: Int) { self.init(Double(data)) }

  /// Returns a number without a node. Its gradient is always zero.
  @inlinable
  public static func constant(_ data: Double) -> Value { Value(constantBits: data.bitPattern) }

  @inlinable
  internal init(constantBits: UInt64) {
    base = mg_tape_of_constants()
    bits = constantBits
  }

  /// True for a number without a node.
  @inlinable
  public var isConstant: Bool { pointer == nil }

  /// The number, as computed when it was recorded.
  ///
  /// Setting it changes a leaf or a parameter in place, as in `p.data -= learningRate * p.grad`. What was computed from it
  /// stays as it is until ``Tape/recompute()``, or until a sweep such as ``backward(seed:)`` needs it: the sweep first
  /// computes it anew, with all that was recorded before it, so that gradients are those at the numbers that leaves and
  /// parameters have then. What was decided while recording stays decided. A constant cannot be set.
  ///
  /// ```swift
  /// let x = Value(3.0)
  /// let y = exp(x - 3) * x
  /// x.data = 4
  /// y.backward()
  /// print(y.data, x.grad)  // 10.8731 13.5914: 4 e and 5 e
  /// ```
  @inlinable
  public var data: Double {
    get {
      let number = unwatchedData
      if isWatched { noteRead() }
      return number
    }
    nonmutating set {
      guard let pointer else { trapSettingConstant("data") }
      if isWatched { noteWrite() }
      if pointer.pointee.limit == 0 { requireOpen(pointer) }
      pointer.pointee.values[Int(node(on: pointer))] = newValue
      mg_note_change(pointer)
    }
  }

  /// The derivative, with respect to this number, of the Value on which ``backward(seed:)`` was called.
  ///
  /// Leaves and parameters accumulate the derivatives of every call until they are set to zero. Interior nodes have those
  /// of the last call. It is zero for constants and cannot be set there.
  @inlinable
  public var grad: Double {
    get {
      let gradient = unwatchedGradient
      if isWatched { noteSweep() }
      return gradient
    }
    nonmutating set {
      guard let pointer else { trapSettingConstant("grad") }
      if pointer.pointee.limit == 0 { requireOpen(pointer) }
      mg_set_gradient(pointer, node(on: pointer), newValue)
    }
  }

  /// The same number without derivatives: no gradient flows back through it. PyTorch's `detach`.
  ///
  /// It is a constant. In a compiled function it is a Value, the operation `detach`, with the number of each sample;
  /// ``data`` would be the one number of the recording.
  @inlinable
  public var detached: Value { isWatched ? Value.apply(.detach, to: self) : .constant(unwatchedData) }

  /// Computes the derivative of this number with respect to every number it was computed from.
  ///
  /// The cost is that of the graph below this Value. Calling it twice adds the derivatives of leaves and parameters twice,
  /// as in PyTorch. The graph is kept, so other Values in it can be differentiated afterwards.
  ///
  /// - Parameter seed: The derivative of the final result with respect to this Value; 1 when it is the final result.
  /// - Precondition: The Value is not a constant, and no other thread is inside its tape.
  public func backward(seed: Double = 1) {
    guard let pointer else { trapBackwardOfConstant() }
    if !mg_has_room(pointer) { requireOpen(pointer) }
    if mg_tape_backward(pointer, node(on: pointer), seed) < 0 { trapBusy() }
  }
}

// MARK: - Inside

extension Value {
  /// `MG_NO_NODE`, which the importer does not see through the macro.
  @usableFromInline @inline(__always)
  internal static var noNode: mg_node { Int32.min }

  /// The index of the node, after checking that its scope is still open.
  @inlinable @inline(__always)
  internal func node(on tape: UnsafeMutablePointer<mg_tape>) -> mg_node {
    let node = mg_tape_resolve(tape, bits)
    if node == Value.noNode { trapStale(tape, bits) }
    return node
  }

  /// What an operation gives where nothing could be appended: the bare number while recording is paused, else a trap,
  /// because the tape is full.
  @inline(never)
  @usableFromInline
  internal static func unrecorded(_ tape: UnsafeMutablePointer<mg_tape>, _ data: Double) -> Value {
    guard mg_tape_is_paused(tape) else { trapFull(tape) }
    return .constant(data)
  }
}

/// The tape on which the calling thread records.
@inlinable @inline(__always)
internal func currentTape() -> UnsafeMutablePointer<mg_tape> {
  guard let tape = mg_tape_current() else { trapNoTape() }
  return tape
}

// MARK: - Printing

extension Value: CustomStringConvertible {
  /// Data and gradient in micrograd's format: `Value(data: 24.7041, grad: 1.0)`.
  ///
  /// Numbers are rounded to four decimals, those too large or too small for that to six digits.
  ///
  /// In a function that is being compiled, this reads the number, like ``data``.
  public var description: String {
    if isWatched { noteRead() }
    return "Value(data: \(brief(unwatchedData)), grad: \(brief(unwatchedGradient)))"
  }
}

extension Value: CustomReflectable {
  /// Data, gradient and operation, for `dump` and the debugger.
  public var customMirror: Mirror {
    if isWatched { noteRead() }
    return Mirror(
      self, children: ["data": unwatchedData, "grad": unwatchedGradient, "operation": operation as Any],
      displayStyle: .struct)
  }
}

/// `x` to four decimals without trailing zeros but one, or to six significant digits in scientific notation.
internal func brief(_ x: Double) -> String {
  let rounded = (x * 1e4).rounded() / 1e4
  guard x.isFinite, x != 0, abs(x) < 1e-3 || abs(x) >= 1e9 else { return "\(x.isFinite ? rounded : x)" }
  var exponent = 0
  var mantissa = x
  while abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  let digits = (mantissa * 1e5).rounded() / 1e5
  return abs(digits) < 10 ? "\(digits)e\(exponent)" : "\(digits / 10)e\(exponent + 1)"
}
