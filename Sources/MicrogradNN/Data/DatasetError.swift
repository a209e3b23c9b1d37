import Foundation

/// Why data makes no data set, or none that can be used so.
///
/// Rows and columns are counted from 0, as indices are.
public enum DatasetError: Error, Equatable, Sendable {
  /// There are no rows.
  case empty
  /// A row has no inputs.
  case noInputs
  /// A row has no targets.
  case noTargets
  /// A row has more or fewer numbers than the first.
  case raggedRow(row: Int, numbers: Int, expected: Int)
  /// Numbers that lie row after row end within a row.
  case incompleteRow(numbers: Int, columns: Int)
  /// There are not as many targets as rows of inputs.
  case rowCounts(inputs: Int, targets: Int)
  /// There are not as many names as inputs of a row.
  case nameCount(names: Int, inputs: Int)
  /// A class is none of those that have a name.
  case classOutOfRange(row: Int, label: Int, classes: Int)
  /// A class without a name has a number for which there would have to be more classes than rows.
  case classBeyondRows(row: Int, label: Int, rows: Int)
  /// Two classes have the same name.
  case repeatedClassName(String)
  /// One row cannot be parted in two.
  case tooFewToSplit
  /// A column has numbers that are not finite, or are too large for their mean and deviation to be.
  case notFinite(column: Int)
}

extension DatasetError: LocalizedError, CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .empty:
      "the data set has no rows; give at least one"
    case .noInputs:
      "the rows have no inputs; give at least one column of numbers"
    case .noTargets:
      "the rows have no targets; give at least one number a row"
    case .raggedRow(let row, let numbers, let expected):
      "the row at index \(row) has \(numbers) numbers where the first has \(expected); give all rows as many"
    case .incompleteRow(let numbers, let columns):
      "\(numbers) numbers do not fill rows of \(columns); give whole rows"
    case .rowCounts(let inputs, let targets):
      "\(inputs) rows of inputs have targets for \(targets); give each row its target"
    case .nameCount(let names, let inputs):
      "\(inputs) inputs a row have \(names) names; give each input a name, or none"
    case .classOutOfRange(let row, let label, let classes):
      "the class at index \(row) is \(label), but \(classes) classes have names; number them from 0"
    case .classBeyondRows(let row, let label, let rows):
      """
      the class at index \(row) is \(label), where there are \(rows) rows: number the classes from 0, or give names for all \
      of them
      """
    case .repeatedClassName(let name):
      "two classes are called “\(name)”; give each a name of its own"
    case .tooFewToSplit:
      "one row cannot be parted into training and validation; give at least two"
    case .notFinite(let column):
      """
      the column at index \(column) has a number that is not finite, or numbers too large to average; drop such rows, or scale \
      the column
      """
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
