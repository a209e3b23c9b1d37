import Micrograd

extension AdaptiveQuadrature {
  /// Returns the partition between two limits in any order, and the sign of the integral; `nil` if the limits are equal.
  func signedPartition(
    from lower: Double, to upper: Double, of integrand: Integrand
  ) throws -> (partition: Partition, sign: Double)? {
    check()
    for limit in [lower, upper] where limit.isNaN { throw OptimizationError.invalidLimit(found: limit) }
    if lower == upper { return nil }
    let (first, last) = (min(lower, upper), max(lower, upper))
    return (try partition(from: first, to: last, of: integrand), lower < upper ? 1 : -1)
  }

  /// Records the integral: the function at the points of the last partition, and the change by each limit that is a Value.
  func recorded(of f: (Value) throws -> Value, from lower: Value, to upper: Value) throws -> Value {
    try withoutActuallyEscaping(f) { f in
      for limit in [lower, upper] where !limit.isConstant && !limit.data.isFinite {
        throw OptimizationError.invalidLimit(found: limit.data)
      }
      var integral = Value.constant(0)
      if let range = try signedPartition(from: lower.data, to: upper.data, of: Integrand(f)) {
        let nodes = range.partition.intervals.flatMap(\.nodes)
        integral = dot(nodes.map { range.sign * $0.weight }, try nodes.map { try f(.constant($0.x)) })
      }
      if !upper.isConstant { integral = integral + (try Self.change(of: f, by: upper)) }
      if !lower.isConstant { integral = integral - (try Self.change(of: f, by: lower)) }
      return integral
    }
  }

  /// Records the integral from the number of a limit to the limit. It is 0, and its derivative is f at the limit.
  ///
  /// By the m-point Gauss rule, derivatives up to order 2m are exact: the k-th one needs ∫ t^(k-1) dt from 0 to 1.
  private static func change(of f: (Value) throws -> Value, by limit: Value) throws -> Value {
    let number = limit.data
    let length = limit - number
    let values = try fourPoints.map { try f(number + length * $0) }
    for value in values where !value.data.isFinite {
      throw OptimizationError.integrandNotFinite(position: number, found: value.data)
    }
    return length * dot(fourWeights, values)
  }

  /// The 4-point Gauss rule on 0...1.
  internal static let fourPoints = [
    0.069431844202973712388, 0.33000947820757186760, 0.66999052179242813240, 0.93056815579702628761,
  ]
  internal static let fourWeights = [
    0.17392742256872692869, 0.32607257743127307131, 0.32607257743127307131, 0.17392742256872692869,
  ]
}
