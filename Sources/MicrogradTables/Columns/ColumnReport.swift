/// What was found in a column, and what becomes of it.
public struct ColumnReport: Sendable, Equatable {
  /// Why a column is left out.
  public enum Reason: Sendable, Equatable {
    /// No row has a value.
    case empty
    /// The numbers count the rows, and the name is that of an identifier.
    case rowNumbers
    /// The texts hardly repeat. The number of different texts is given.
    case identifier(different: Int)
    /// The texts are dates, and dates were not asked for.
    case dates
  }

  /// What becomes of a column.
  public enum Outcome: Sendable, Equatable {
    /// It becomes inputs.
    case inputs(ColumnEncoder)
    /// It is left out.
    case leftOut(Reason)
  }

  /// The name of the column.
  public let name: String
  /// The number of rows.
  public let rows: Int
  /// The number of rows in which the value is missing.
  public let missing: Int
  /// The smallest and the largest number; nil if the column has no numbers. Dates are days since 1970-01-01.
  public let range: ClosedRange<Double>?
  /// What becomes of the column.
  public let outcome: Outcome

  /// True if all values are the same, so that the column says nothing about the target.
  public let isConstant: Bool
}
