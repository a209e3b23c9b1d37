import CMicrograd

/// The derivative of a node by one of its operands, as something to compute with.
///
/// What is 0 or ±1 makes no node: of the product of a chain, only factors are recorded that are numbers of their own.
internal enum Partial {
  case zero
  case one
  case minusOne
  case number(Double)
  /// One over a number, whose own reciprocal may be out of range.
  case over(Double)
  case value(Value)
  /// The first if the condition holds, else the second: only while a function is compiled, where every sample chooses anew.
  indirect case choice(Condition<Value>, Partial, Partial)

  /// The product with an adjoint or a tangent; `nil` where it is zero because a factor is.
  ///
  /// A zero meets nothing, as in the sweeps. While a function is compiled, no number decides what is recorded: products are
  /// plain ones, except behind a choice (``Carried/mask``), or if the recording is to be careful.
  internal func times(_ d: Carried) -> Carried? {
    switch self {
    case .zero: return nil
    case .one: return d
    case .minusOne: return Carried(value: -d.value, mask: d.mask)
    case .number(let c):
      if c == 0 || !c.isFinite && !d.value.isWatched && d.value.unwatchedData == 0 { return nil }
      return d.masked(d.value * c, isTame: c.isFinite)
    case .over(let c):
      if c.isInfinite || !(1 / c).isFinite && !d.value.isWatched && d.value.unwatchedData == 0 { return nil }
      return d.masked(d.value / c, isTame: (1 / c).isFinite)
    case .value(let partial):
      if d.value.isConstant, d.value.unwatchedData == 1 { return d.masked(partial) }
      if !d.value.isWatched && !partial.isWatched {
        let (x, y) = (d.value.unwatchedData, partial.unwatchedData)
        if x == 0 && !y.isFinite || y == 0 && !x.isFinite { return nil }
      }
      let product = d.value * partial
      guard d.value.isRecordedCarefully || partial.isRecordedCarefully else { return d.masked(product) }
      // A product that is NaN is 0 if a factor is. Others are left as they are, for the sake of their derivatives.
      let isZero = select(Condition(d.value, .equal, .zero), 0, select(Condition(partial, .equal, .zero), 0, product))
      return d.masked(select(Condition(product, .equal, product), product, isZero))
    case .choice(let condition, let first, let second):
      return Carried.choice(condition, first.times(d), second.times(d))
    }
  }
}

/// An adjoint or a tangent on its way through a recorded sweep.
internal struct Carried {
  internal var value: Value
  /// Positive where anything is carried, 0 where a choice has let nothing pass; `nil` where there was no choice.
  ///
  /// Behind a choice that was not taken, a slope that is infinite or NaN has no effect. While a function is compiled it is not
  /// known what is taken, so each product is chosen by the mask.
  internal var mask: Value?

  /// What it is in the end. Derivatives are sums that begin at 0, so none is -0.
  internal var outcome: Value {
    let isMinusZero = !value.isWatched && value.unwatchedData == 0 && value.unwatchedData.sign == .minus
    return value.isWatched || isMinusZero ? value + 0 : value
  }

  /// What is carried past a choice.
  fileprivate static func choice(_ condition: Condition<Value>, _ first: Carried?, _ second: Carried?) -> Carried? {
    guard first != nil || second != nil else { return nil }
    func mask(_ side: Carried?) -> Value { side.map { $0.mask ?? .constant(1) } ?? .zero }
    let isOpen = first != nil && first?.mask == nil && second != nil && second?.mask == nil
    return Carried(
      value: select(condition, first?.value ?? .zero, second?.value ?? .zero),
      mask: isOpen ? nil : select(condition, mask(first), mask(second)))
  }

  /// A product of the value, where the mask lets it pass.
  fileprivate func masked(_ product: Value, isTame: Bool = false) -> Carried {
    guard let mask, !isTame else { return Carried(value: product, mask: mask) }
    return Carried(value: select(Condition(mask, .greater, .zero), product, .zero), mask: mask)
  }

  internal static func + (a: Carried, b: Carried) -> Carried {
    Carried(value: a.value + b.value, mask: union(a.mask, b.mask))
  }

  /// The mask of what one of two masks lets pass.
  internal static func union(_ a: Value?, _ b: Value?) -> Value? {
    guard let a, let b else { return nil }
    return a.id == b.id ? a : a + b
  }
}
