import CMicrograd

/// Rows of floats of one length, one after the other, aligned as the lanes want them.
final class FloatMatrix {
  let stride: Int
  let pointer: UnsafeMutablePointer<Float>
  private let count: Int

  /// The rows, and the last number of each again up to a multiple of the lanes.
  init(_ rows: [[Float]]) {
    let length = rows[0].count, stride = (length + 15) / 16 * 16
    (self.stride, count) = (stride, rows.count * stride)
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
    pointer = bytes.bindMemory(to: Float.self, capacity: count)
    for (r, row) in rows.enumerated() {
      for k in 0..<stride { pointer[r * stride + k] = row[min(k, row.count - 1)] }
    }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  subscript(row: Int, count: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: pointer + row * stride, count: count))
  }
}

extension LaneOp {
  /// The op along rows of float.
  func values(_ x: [Float], _ y: [Float]) -> [Float] {
    let matrix = FloatMatrix([x, y, x])
    withUnsafePointer(to: op) {
      mg_float_values($0, matrix.pointer, Int64(matrix.stride), [0, 1, 2], 1, Int64(matrix.stride))
    }
    return matrix[2, x.count]
  }

  func partials(_ operand: Int32, _ d: [Float], _ x: [Float], _ y: [Float], _ v: [Float]) -> [Float] {
    let matrix = FloatMatrix([d, x, y, v, d])
    withUnsafePointer(to: op) {
      mg_float_partials($0, operand, matrix.pointer, Int64(matrix.stride), [0, 1, 2, 3, 4], 1, Int64(matrix.stride))
    }
    return matrix[4, d.count]
  }

  /// The op with its constants rounded to float.
  var rounded: LaneOp {
    var result = self
    result.op.c = Double(Float(op.c))
    result.op.t = Double(Float(op.t))
    return result
  }
}

/// The distance from an exact result in units of the last place of float; where that is infinite in float, from the number that
/// would follow the largest.
func floatUlps(_ result: Float, _ exact: Double) -> Double {
  if result.isNaN || exact.isNaN { return result.isNaN && exact.isNaN ? 0 : .infinity }
  let nearest = Float(exact)
  if result == nearest { return 0 }
  func finite(_ x: Double) -> Double { x.isInfinite || abs(x) > 0x1p128 ? (x > 0 ? 0x1p128 : -0x1p128) : x }
  let ulp = nearest.isFinite ? Double(nearest.ulp) : 0x1p104
  return abs(finite(Double(result)) - finite(exact)) / ulp
}
