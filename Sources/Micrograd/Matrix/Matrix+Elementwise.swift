import CMicrograd

// MARK: - Functions of each element, beside those of ElementwiseFunctions

extension Matrix {
  /// max(x, 0) of each element; see ``Value/relu()``.
  public func relu() -> Matrix { map(.relu) }

  /// x, or slope · x below 0; see ``Value/leakyReLU(slope:)``.
  public func leakyReLU(slope: Double = 0.01) -> Matrix { map(.leaky_relu, constant: slope) }

  /// x, or scale · (eˣ - 1) below 0; see ``Value/elu(scale:)``.
  public func elu(scale: Double = 1) -> Matrix { map(.elu, constant: scale) }

  /// The magnitude of each element.
  public func magnitude() -> Matrix { map(.function, .absolute) }

  /// The square of each element.
  public func squared() -> Matrix { map(.square) }

  /// Each element times a plain number of its own, rows · columns of them, row-major: a mask, or weights.
  public func scaled(by numbers: [Double]) -> Matrix { meet(.scale, numbers) }
}

// MARK: - Operators

extension Matrix {
  /// Element by element; the right side may be one row, which is added to every row.
  @_disfavoredOverload public static func + (x: Matrix, y: Matrix) -> Matrix { x.zip(.add, y) }

  /// Element by element; the right side may be one row, which is subtracted from every row.
  @_disfavoredOverload public static func - (x: Matrix, y: Matrix) -> Matrix { x.zip(.subtract, y) }

  /// Element by element, not the product of matrices; the right side may be one row, which meets every row.
  @_disfavoredOverload public static func * (x: Matrix, y: Matrix) -> Matrix { x.zip(.multiply, y) }

  /// Element by element; the right side may be one row, by which every row is divided.
  @_disfavoredOverload public static func / (x: Matrix, y: Matrix) -> Matrix { x.zip(.divide, y) }

  /// Each element plus a number.
  @_disfavoredOverload public static func + (x: Matrix, c: Double) -> Matrix { x.map(.add_constant, constant: c) }

  /// Each element minus a number.
  @_disfavoredOverload public static func - (x: Matrix, c: Double) -> Matrix { x.map(.add_constant, constant: -c) }

  /// Each element times a number.
  @_disfavoredOverload public static func * (x: Matrix, c: Double) -> Matrix { x.map(.multiply_constant, constant: c) }

  /// Each element by a number.
  @_disfavoredOverload public static func / (x: Matrix, c: Double) -> Matrix { x.map(.divide_by_constant, constant: c) }

  /// A number plus each element.
  @_disfavoredOverload public static func + (c: Double, x: Matrix) -> Matrix { x.map(.add_constant, constant: c) }

  /// A number times each element.
  @_disfavoredOverload public static func * (c: Double, x: Matrix) -> Matrix { x.map(.multiply_constant, constant: c) }

  /// A number by each element.
  @_disfavoredOverload public static func / (c: Double, x: Matrix) -> Matrix { x.map(.divide_constant, constant: c) }

  /// A number minus each element.
  @_disfavoredOverload public static func - (c: Double, x: Matrix) -> Matrix {
    x.map(.subtract_from_constant, constant: c)
  }

  /// Each element with its sign changed.
  @_disfavoredOverload public static prefix func - (x: Matrix) -> Matrix { x.map(.negate) }
}
