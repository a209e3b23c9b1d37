// Arithmetic of a matrix or a vector and one Value. The derivative by the Value is the sum of those by the elements.

extension Matrix {
  private init(_ value: Value) { self.init(rows: 1, columns: 1, values: [value]) }

  /// Each element plus a Value.
  @_disfavoredOverload public static func + (x: Matrix, s: Value) -> Matrix { x + Matrix(s) }

  /// A Value plus each element.
  @_disfavoredOverload public static func + (s: Value, x: Matrix) -> Matrix { Matrix(s) + x }

  /// Each element minus a Value.
  @_disfavoredOverload public static func - (x: Matrix, s: Value) -> Matrix { x - Matrix(s) }

  /// A Value minus each element.
  @_disfavoredOverload public static func - (s: Value, x: Matrix) -> Matrix { Matrix(s) - x }

  /// Each element times a Value.
  @_disfavoredOverload public static func * (x: Matrix, s: Value) -> Matrix { x * Matrix(s) }

  /// A Value times each element.
  @_disfavoredOverload public static func * (s: Value, x: Matrix) -> Matrix { Matrix(s) * x }

  /// Each element by a Value.
  @_disfavoredOverload public static func / (x: Matrix, s: Value) -> Matrix { x / Matrix(s) }

  /// A Value by each element.
  @_disfavoredOverload public static func / (s: Value, x: Matrix) -> Matrix { Matrix(s) / x }
}

extension Vector {
  /// Each element plus a Value.
  @_disfavoredOverload public static func + (x: Vector, s: Value) -> Vector { Vector(x.matrix + s) }

  /// A Value plus each element.
  @_disfavoredOverload public static func + (s: Value, x: Vector) -> Vector { Vector(s + x.matrix) }

  /// Each element minus a Value.
  @_disfavoredOverload public static func - (x: Vector, s: Value) -> Vector { Vector(x.matrix - s) }

  /// A Value minus each element.
  @_disfavoredOverload public static func - (s: Value, x: Vector) -> Vector { Vector(s - x.matrix) }

  /// Each element times a Value.
  @_disfavoredOverload public static func * (x: Vector, s: Value) -> Vector { Vector(x.matrix * s) }

  /// A Value times each element.
  @_disfavoredOverload public static func * (s: Value, x: Vector) -> Vector { Vector(s * x.matrix) }

  /// Each element by a Value.
  @_disfavoredOverload public static func / (x: Vector, s: Value) -> Vector { Vector(x.matrix / s) }

  /// A Value by each element.
  @_disfavoredOverload public static func / (s: Value, x: Vector) -> Vector { Vector(s / x.matrix) }
}
