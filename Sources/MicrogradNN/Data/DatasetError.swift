import Foundation

/// An error in the rows, targets or names of a data set.
///
/// Rows and columns are counted from 0.
public enum DatasetError: Error, Equatable, Sendable {
  /// There are no rows.
  case empty
  /// A row has no inputs.
  case noInputs
  /// A row has no targets.
  case noTargets
  /// A row and the first row have different lengths.
  case raggedRow(row: Int, numbers: Int, expected: Int)
  /// The last row is incomplete.
  case incompleteRow(numbers: Int, columns: Int)
  /// The number of targets differs from the number of rows.
  case rowCounts(inputs: Int, targets: Int)
  /// The number of names differs from the number of inputs.
  case nameCount(names: Int, inputs: Int)
  /// A class index is negative or has no name.
  case classOutOfRange(row: Int, label: Int, classes: Int)
  /// A class index is not below the number of rows, and the classes have no names.
  case classBeyondRows(row: Int, label: Int, rows: Int)
  /// Two classes have the same name.
  case repeatedClassName(String)
  /// A single row cannot be split.
  case tooFewToSplit
  /// A column has a number that is not finite, or numbers whose mean or deviation overflows.
  case notFinite(column: Int)
}

extension DatasetError: LocalizedError, CustomStringConvertible {
  /// A message that says what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .empty:
      "the data set has no rows; give at least one"
    case .noInputs:
      "the rows have no inputs; give at least one column of numbers"
    case .noTargets:
      "the rows have no targets; give at least one number per row"
    case .raggedRow(let row, let numbers, let expected):
      "the row at index \(row) has \(numbers) numbers, but the first row has \(expected); give rows of equal length"
    case .incompleteRow(let numbers, let columns):
      "\(numbers) numbers do not fill rows of \(columns); give whole rows"
    case .rowCounts(let inputs, let targets):
      "there are \(inputs) rows but \(targets) targets; give one target for each row"
    case .nameCount(let names, let inputs):
      "there are \(inputs) inputs but \(names) names; give one name for each input, or no names"
    case .classOutOfRange(let row, let label, let classes):
      "the class at index \(row) is \(label), but \(classes) classes have names; number them from 0"
    case .classBeyondRows(let row, let label, let rows):
      """
      the class at index \(row) is \(label), but there are only \(rows) rows: number the classes from 0, or give names for \
      all classes
      """
    case .repeatedClassName(let name):
      "two classes have the name “\(name)”; give each class its own name"
    case .tooFewToSplit:
      "one row cannot be split into training and validation rows; give at least two rows"
    case .notFinite(let column):
      """
      the column at index \(column) has a number that is not finite, or numbers too large to average; remove such rows, or scale \
      the column
      """
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
