import CMicrograd

// Operations on a number and a constant, on two numbers, and on rows.

extension Series {
  /// An operation of the engine's table on a number and a constant, or on a number alone.
  internal func apply(_ op: OpCode, constant c: Double, value v: Double) -> Series {
    if isConstant { return Series(from: v, order: order) }
    let x = value, slope = mg_op_tangent(op, 1, x, c, v, 1)
    switch op {
    case .divide_constant, .power_constant, .constant_power, .polygamma_function:
      if !x.isFinite { return linear(value: v, slope: slope) }
      if !slope.isFinite && (x == 0 || op == .polygamma_function) { return atEdge(value: v, slope: slope) }
    default: break
    }
    switch op {
    case .divide_constant: return Series(from: c, order: order).divided(by: self, value: v)
    case .power_constant: return power(c, value: v, slope: slope)
    case .constant_power: return power(ofBase: c, value: v)
    case .polygamma_function: return polygamma(Int(c), value: v)
    case .divide_by_constant: return changed(value: v) { $0 / c }
    case .elu:
      return x <= 0 && x.isFinite
        ? exponential(value: c * Double.exp(x)).with(value: v) : linear(value: v, slope: slope)
    case .square: return squared().with(value: v)
    case .cube: return (squared() * self).with(value: v)
    default: return linear(value: v, slope: slope)
    }
  }

  /// An operation of the engine's table on two numbers.
  internal static func apply(_ op: OpCode, _ u: Series, _ w: Series, value v: Double) -> Series {
    let (x, y) = (u.value, w.value)
    if u.isConstant && w.isConstant { return Series(from: v, order: u.order) }
    switch op {
    case .multiply: return (u * w).with(value: v)
    case .divide: return y == 0 ? linear(op, u, w, value: v, after: .nan) : u.divided(by: w, value: v)
    case .power:
      return x.isFinite && y.isFinite ? u.power(w, value: v) : linear(op, u, w, value: v, after: .nan)
    case .hypotenuse, .angle:
      if v == 0 && x == 0 && y == 0 || !x.isFinite || !y.isFinite { return linear(op, u, w, value: v, after: 0) }
      let polar = Polar(u, w)
      return (op == .angle ? polar.angle : polar.radius).with(value: v)
    default: return linear(op, u, w, value: v)
    }
  }

  /// An operation that is linear on its branch; with `after`, one at a place where only its first derivative is known.
  private static func linear(
    _ op: OpCode, _ u: Series, _ w: Series, value v: Double, after: Double? = nil
  ) -> Series {
    var result = Series(from: v, order: u.order)
    for k in stride(from: 1, through: u.order, by: 1) {
      let (x, y) = (u.value, w.value)
      result[k] = mg_binary_tangent(op, 1, 0, x, y, v, u[k]) + mg_binary_tangent(op, 0, 1, x, y, v, w[k])
      if k > 1, let after { result[k] = after }
    }
    return result
  }
}

/// The radius r and the angle θ of a point (w, u): with its direction (c, s), r′ = c w′ + s u′ and r θ′ = c u′ - s w′.
///
/// Nothing cancels where one side is much longer than the other, as squares would.
internal struct Polar {
  private(set) var radius: Series
  private(set) var angle: Series

  init(_ across: Series, _ along: Series) {
    let order = across.order
    // Where the radius has left the range, a quarter of it has not.
    let size = mg_value_of_op(.hypotenuse, across.value, along.value).isInfinite ? 4.0 : 1
    let u = across.changed(value: across.value / size) { $0 / size }
    let w = along.changed(value: along.value / size) { $0 / size }
    let (du, dw) = (u.slopes, w.slopes)
    var r = Series(from: mg_value_of_op(.hypotenuse, u.value, w.value), order: order)
    var s = Series(from: u.value / r[0], order: order), c = Series(from: w.value / r[0], order: order)
    var theta = Series(from: 0, order: order), turn = theta  // turn[k] is k θ[k]
    for k in stride(from: 1, through: order, by: 1) {
      let rest = r.inner(turn, k)
      turn[k] = (c.convolved(du, k, 0...(k - 1)) - s.convolved(dw, k, 0...(k - 1)) - rest) / r[0]
      theta[k] = turn[k] / Double(k)
      r[k] = (c.convolved(dw, k, 0...(k - 1)) + s.convolved(du, k, 0...(k - 1))) / Double(k)
      c[k] = -s.convolved(turn, k, 0...(k - 1)) / Double(k)
      s[k] = c.convolved(turn, k, 0...(k - 1)) / Double(k)
    }
    radius = r.scaled(by: size)
    angle = theta
  }
}

/// log Σ exp of a row, and the shares exp(x[i]) / Σ exp, as differences from the largest element.
internal struct SeriesShares {
  /// The series of the row's elements less that of the largest.
  private let differences: [Series]
  private let top: Series
  /// log Σ exp less the largest element; its own first coefficient is not used.
  private let rest: Series
  internal let shares: [Series]

  internal init(_ row: [Series]) {
    let order = row[0].order
    let place = row.indices.max { row[$0].value < row[$1].value } ?? 0
    top = row[place]
    differences = row.map { [top] in $0 - top }
    var p = Double.logSumExpDerivatives(row.map(\.value)).map { Series(from: $0, order: order) }
    var rest = Series(from: 0, order: order), slopes = rest
    let steps = differences.map(\.slopes)
    for k in stride(from: 1, through: order, by: 1) {
      for i in p.indices where i != place { slopes[k] += steps[i].convolved(p[i], k, 1...k) }
      rest[k] = slopes[k] / Double(k)
      for i in p.indices {
        p[i][k] = (steps[i] - slopes).convolved(p[i], k, 1...k) / Double(k)
      }
    }
    (self.rest, shares) = (rest, p)
  }

  internal func logSum(value: Double) -> Series { (top + rest).with(value: value) }
  internal func logShare(_ k: Int, value: Double) -> Series { (differences[k] - rest).with(value: value) }
}
