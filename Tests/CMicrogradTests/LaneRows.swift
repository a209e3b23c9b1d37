import CMicrograd

/// A row of numbers, aligned as the lanes want it.
final class LaneRow {
  let count: Int
  let pointer: UnsafeMutablePointer<Double>

  /// The numbers, and the last of them again up to a multiple of the lanes.
  init(_ numbers: [Double]) {
    count = (numbers.count + 7) / 8 * 8
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
    pointer = bytes.bindMemory(to: Double.self, capacity: count)
    for k in 0..<count { pointer[k] = numbers[min(k, numbers.count - 1)] }
  }

  convenience init(_ number: Double, count: Int) { self.init(Array(repeating: number, count: count)) }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  subscript(k: Int) -> Double { pointer[k] }
  var numbers: [Double] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
  var bits: [UInt64] { numbers.map(\.bitPattern) }
}

/// Rows of one length, one after the other.
final class LaneMatrix {
  private let row: LaneRow
  let stride: Int

  init(_ rows: [LaneRow]) {
    stride = rows[0].count
    row = LaneRow(rows.flatMap(\.numbers))
  }

  var pointer: UnsafeMutablePointer<Double> { row.pointer }
  subscript(index: Int32) -> LaneRow {
    LaneRow(Array(UnsafeBufferPointer(start: pointer + Int(index) * stride, count: stride)))
  }
}

/// An op along rows.
struct LaneOp: CustomStringConvertible {
  var op: mg_lane_op
  let isBinary: Bool

  /// Every op with each of the constants that it may have, every function, and every op of a target.
  static let all: [LaneOp] = {
    let constants = [0, -0.0, 1, 2, 3, -1, 0.5, -0.5, -2, 1.7, .infinity, -.infinity, .nan]
    var all = codes(.add, .truncating_remainder).map { LaneOp($0, isBinary: true) }
    for c in constants { all += codes(.add_constant, .elu).map { LaneOp($0, c: c) } }
    all += codes(.negate, .cube).map { LaneOp($0) }
    all += (0..<FunctionCode.count.rawValue).map { LaneOp(.function, FunctionCode(rawValue: $0)!) }
    for t in [-1, 0, 0.7, 1] { all += codes(.scale, .binary_cross_entropy).map { LaneOp($0, c: 1.2, t: t) } }
    return all
  }()

  private static func codes(_ first: OpCode, _ last: OpCode) -> [OpCode] {
    (first.rawValue...last.rawValue).map { OpCode(rawValue: $0)! }
  }

  init(_ code: OpCode, _ function: FunctionCode = .absolute, c: Double = .nan, t: Double = .nan, isBinary: Bool = false)
  {
    op = mg_lane_op(op: code, function: function, c: c, t: t)
    self.isBinary = isBinary
  }

  var isTarget: Bool { (OpCode.scale.rawValue...OpCode.binary_cross_entropy.rawValue).contains(op.op.rawValue) }
  var operands: ClosedRange<Int32> { 0...(isBinary ? 1 : 0) }
  var description: String {
    let name = op.op == .function ? mg_function_name(op.function) : mg_op_name(op.op)
    return String(cString: name) + (isTarget ? ", t = \(op.t)" : mg_op_has_constant(op.op) ? ", c = \(op.c)" : "")
  }

  func values(_ x: LaneRow, _ y: LaneRow) -> LaneRow { values([x, y, LaneRow(.nan, count: x.count)], [0, 1, 2]) }

  /// The row that is written, of a matrix in which the list says which rows are x, y and that one.
  func values(_ rows: [LaneRow], _ list: [Int32], n: Int? = nil) -> LaneRow {
    let matrix = LaneMatrix(rows)
    withUnsafePointer(to: op) {
      mg_lanes_values($0, matrix.pointer, Int64(matrix.stride), list, 1, Int64(n ?? matrix.stride))
    }
    return matrix[list[2]]
  }

  func partials(_ operand: Int32, _ d: LaneRow, _ x: LaneRow?, _ y: LaneRow?, _ v: LaneRow?) -> LaneRow {
    partials(operand, [d, x ?? d, y ?? d, v ?? d, LaneRow(.nan, count: d.count)], [0, 1, 2, 3, 4])
  }

  /// The row that is written, of a matrix in which the list says which rows are d, x, y, v and that one.
  func partials(_ operand: Int32, _ rows: [LaneRow], _ list: [Int32], n: Int? = nil) -> LaneRow {
    let matrix = LaneMatrix(rows)
    withUnsafePointer(to: op) {
      mg_lanes_partials($0, operand, matrix.pointer, Int64(matrix.stride), list, 1, Int64(n ?? matrix.stride))
    }
    return matrix[list[4]]
  }

  func reads(_ operand: Int32) -> UInt32 { withUnsafePointer(to: op) { mg_lanes_partial_reads($0, operand) } }

  /// What a tape makes of one number, with the gradients of x and y for an adjoint d.
  func recorded(_ x: Double, _ y: Double, _ d: Double) -> (value: Double, gradients: [Double]) {
    let tape = mg_tape_create(nil)!
    defer { mg_tape_release(tape) }
    let leaf = mg_block_leaves(tape, [x], 1, 1, false), other = mg_leaf(tape, y), node: mg_node
    if isBinary {
      node = mg_record_binary(tape, op.op, leaf, other)
    } else if isTarget {
      node = mg_block_target(tape, op.op, op.c, leaf, [op.t], 1, 1)
    } else if op.op == .function {
      node = mg_record_function(tape, op.function, leaf)
    } else if mg_op_has_constant(op.op) {
      node = mg_record_constant(tape, op.op, leaf, op.c)
    } else {
      node = mg_record_unary(tape, op.op, leaf)
    }
    let value = tape.value(node)
    mg_tape_backward(tape, node, d)
    return (value, [tape.grad(leaf), tape.grad(other)])
  }
}
