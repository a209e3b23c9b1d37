/// A vector of Values: consecutive nodes, or plain numbers. One row of a ``Matrix``.
///
/// ```swift
/// let x = Vector([3, 4])
/// let y = dot(x, x)
/// y.backward()
/// print(y.data, x.gradients)  // 25.0 [6.0, 8.0]
/// ```
public struct Vector {
  /// The same elements as a matrix of one row.
  public let matrix: Matrix

  internal init(_ row: Matrix) {
    matrix = row
  }

  /// Records leaves on the current tape.
  ///
  /// - Precondition: There is at least one.
  public init(_ numbers: [Double]) {
    self.init(Matrix(rows: 1, columns: numbers.count, numbers))
  }

  /// Creates a vector from any Values, by copying nodes. If they are consecutive nodes of the tape, nothing is copied.
  ///
  /// - Precondition: There is at least one.
  public init(values: [Value]) {
    self.init(Matrix(rows: 1, columns: values.count, values: values))
  }

  /// Creates a vector from all parameters of a block, without copying.
  ///
  /// - Precondition: There is at least one.
  public init(_ parameters: Parameters) {
    self.init(parameters.matrix(rows: 1, columns: parameters.count))
  }

  /// Creates a vector of plain numbers.
  ///
  /// - Precondition: There is at least one.
  public static func constant(_ numbers: [Double]) -> Vector {
    Vector(Matrix.constant(rows: 1, columns: numbers.count, numbers))
  }

  /// The number of elements, at least 1.
  public var count: Int { matrix.columns }

  /// The element at a position, counted from 0.
  public subscript(position: Int) -> Value { matrix[0, position] }

  /// Returns some of the elements: the same nodes, not copies.
  ///
  /// - Precondition: The range is within the vector and not empty.
  public subscript(range: Range<Int>) -> Vector { Vector(matrix.columns(range)) }

  /// The numbers. The setter changes leaves or parameters in place.
  public var data: [Double] {
    get { matrix.data }
    nonmutating set { matrix.data = newValue }
  }

  /// The gradients; zeros for a constant.
  public var gradients: [Double] { matrix.gradients }

  /// True if the elements are plain numbers, without nodes.
  public var isConstant: Bool { matrix.isConstant }

  /// The sum of all elements, one node.
  public func sum() -> Value { matrix.sum() }

  /// The arithmetic mean of all elements.
  public func mean() -> Value { matrix.mean() }
}

// A sequence, but no Collection, for the same reason as Parameters.
extension Vector: Sequence {
  /// The elements in order.
  public func makeIterator() -> some IteratorProtocol<Value> { (0..<count).lazy.map { self[$0] }.makeIterator() }
}

extension Vector: CustomStringConvertible {
  /// The length and the numbers, shortened for long vectors: `Vector 2: [3.0, 4.0]`.
  public var description: String {
    "Vector \(count): [\(matrix.data.prefix(8).map(brief).joined(separator: ", "))\(count > 8 ? ", …" : "")]"
  }
}

/// Returns the dot product Σ left[i] · right[i] of two vectors of the same length, one node.
public func dot(_ left: Vector, _ right: Vector) -> Value { dot(left.matrix, right.matrix) }
