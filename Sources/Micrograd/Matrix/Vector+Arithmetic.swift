extension Vector {
  /// The sum, element by element. The vectors have the same length.
  @_disfavoredOverload public static func + (x: Vector, y: Vector) -> Vector { combine(x, y) { $0 + $1 } }

  /// The difference, element by element. The vectors have the same length.
  @_disfavoredOverload public static func - (x: Vector, y: Vector) -> Vector { combine(x, y) { $0 - $1 } }

  /// The product, element by element. The vectors have the same length; ``dot(_:_:)-(Vector,_)`` adds the products.
  @_disfavoredOverload public static func * (x: Vector, y: Vector) -> Vector { combine(x, y) { $0 * $1 } }

  /// The quotient, element by element. The vectors have the same length.
  @_disfavoredOverload public static func / (x: Vector, y: Vector) -> Vector { combine(x, y) { $0 / $1 } }

  /// Adds a number to each element.
  @_disfavoredOverload public static func + (x: Vector, c: Double) -> Vector { Vector(x.matrix + c) }

  /// Subtracts a number from each element.
  @_disfavoredOverload public static func - (x: Vector, c: Double) -> Vector { Vector(x.matrix - c) }

  /// Multiplies each element by a number.
  @_disfavoredOverload public static func * (x: Vector, c: Double) -> Vector { Vector(x.matrix * c) }

  /// Divides each element by a number.
  @_disfavoredOverload public static func / (x: Vector, c: Double) -> Vector { Vector(x.matrix / c) }

  /// Adds a number to each element.
  @_disfavoredOverload public static func + (c: Double, x: Vector) -> Vector { Vector(c + x.matrix) }

  /// Subtracts each element from a number.
  @_disfavoredOverload public static func - (c: Double, x: Vector) -> Vector { Vector(c - x.matrix) }

  /// Multiplies each element by a number.
  @_disfavoredOverload public static func * (c: Double, x: Vector) -> Vector { Vector(c * x.matrix) }

  /// Divides a number by each element.
  @_disfavoredOverload public static func / (c: Double, x: Vector) -> Vector { Vector(c / x.matrix) }

  /// The negative of each element.
  @_disfavoredOverload public static prefix func - (x: Vector) -> Vector { Vector(-x.matrix) }

  private static func combine(_ x: Vector, _ y: Vector, _ operation: (Matrix, Matrix) -> Matrix) -> Vector {
    require(x.count == y.count, "vectors of \(x.count) and \(y.count) do not go together: give both one length")
    return Vector(operation(x.matrix, y.matrix))
  }

  /// Returns vectors one after the other, as copies.
  ///
  /// - Precondition: There is at least one.
  public static func joined(_ parts: [Vector]) -> Vector { Vector(Matrix.joined(columns: parts.map(\.matrix))) }
}
