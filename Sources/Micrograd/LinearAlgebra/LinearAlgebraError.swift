/// The reason why a problem of linear algebra has no answer.
public enum LinearAlgebraError: Error, Equatable {
  /// The shapes do not fit. The text says which, and what would.
  case shape(String)
  /// An element is infinite or NaN.
  case notFinite(row: Int, column: Int)
  /// A square matrix has no inverse: in elimination, no row has a pivot for this column.
  case singular(column: Int)
  /// A column is, to rounding, a combination of the columns before it, so that a least-squares solution is not unique.
  case rankDeficient(column: Int)
  /// A matrix that must be symmetric is not.
  case notSymmetric(row: Int, column: Int)
  /// A symmetric matrix has an eigenvalue that is not above 0; the pivot of this row shows it.
  case notPositiveDefinite(row: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
  /// Says what is wrong, and what to do. Rows and columns count from 0.
  public var description: String {
    switch self {
    case .shape(let text): text
    case .notFinite(let row, let column):
      "the element [\(row), \(column)] is infinite or NaN: look for its origin with checkNumerics"
    case .singular(let column):
      """
      the matrix is singular: column \(column) is a combination of the columns before it. Remove it, or add a small multiple \
      of the identity.
      """
    case .rankDeficient(let column):
      """
      column \(column) is a combination of the columns before it, so that the least-squares solution is not unique. Remove \
      it, or append rows √λ · identity, which makes the solution small.
      """
    case .notSymmetric(let row, let column):
      "[\(row), \(column)] and [\(column), \(row)] differ: give a symmetric matrix, such as (a + a.transposed) * 0.5"
    case .notPositiveDefinite(let row):
      """
      the matrix is not positive definite: the pivot of row \(row) is not above 0. A covariance gets there by rounding; add \
      a small multiple of the identity.
      """
    }
  }
}
