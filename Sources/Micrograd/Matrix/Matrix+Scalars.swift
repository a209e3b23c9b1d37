// A matrix or a vector, and one Value. These are methods: operators between the types would be tried by the type checker for
// every formula, and make ordinary ones slow to compile.

extension Matrix {
  private init(_ value: Value) { self.init(rows: 1, columns: 1, values: [value]) }

  /// Each element times a Value. The derivative by the Value is the sum of the elements' derivatives times the elements.
  public func scaled(by factor: Value) -> Matrix { self * Matrix(factor) }

  /// Each element plus a Value. The derivative by the Value is the sum of the elements' derivatives.
  public func shifted(by shift: Value) -> Matrix { self + Matrix(shift) }
}

extension Vector {
  /// Each element times a Value; see ``Matrix/scaled(by:)-(Value)``.
  public func scaled(by factor: Value) -> Vector { Vector(matrix.scaled(by: factor)) }

  /// Each element plus a Value; see ``Matrix/shifted(by:)``.
  public func shifted(by shift: Value) -> Vector { Vector(matrix.shifted(by: shift)) }
}
