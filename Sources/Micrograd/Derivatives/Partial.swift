/// The derivative of a node by one of its operands, as something to compute with.
///
/// What is 0 or ±1 makes no node: of the product of a chain, only factors are recorded that are numbers of their own.
internal enum Partial {
  case zero
  case one
  case minusOne
  case number(Double)
  case value(Value)

  /// The product with an adjoint or a tangent d; `nil` where it is zero because a factor is.
  ///
  /// As in the sweeps, a zero meets no infinity.
  internal func times(_ d: Value) -> Value? {
    switch self {
    case .zero: return nil
    case .one: return d
    case .minusOne: return -d
    case .number(let c): return c == 0 ? nil : d * c
    case .value(let partial):
      if d.isConstant, d.unwatchedData == 1 { return partial }
      let (x, y) = (d.unwatchedData, partial.unwatchedData)
      // For a watch: this holds for other numbers where the zero is one again, and else where the product is not NaN.
      if x == 0 && !y.isFinite || y == 0 && !x.isFinite {
        _ = Value.holds(x == 0 ? d : partial, .equal, .zero)
        return nil
      }
      let product = d * partial
      _ = Value.holds(product, .equal, product)
      return product
    }
  }
}
