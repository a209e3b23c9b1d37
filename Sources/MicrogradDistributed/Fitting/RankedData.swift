import Micrograd
import MicrogradOptimization

/// The data of a fit or of a sum that is computed on several ranks: the number of rows, and how a rank reads its own.
public struct RankedData {
  /// The number of rows of all ranks.
  public let count: Int
  /// The number of columns.
  public let columnCount: Int
  private let read: (Range<Int>) throws -> [[Double]]

  /// Describes data that the ranks read in parts, each its own, such as parts of a file.
  ///
  /// - Parameters:
  ///   - count: The number of rows of all ranks, at least 1.
  ///   - columns: The number of columns, at least 1.
  ///   - read: Returns the columns of consecutive rows, counted from 0: as many columns as `columns`, each with a number for each row.
  public init(count: Int, columns: Int, read: @escaping (Range<Int>) throws -> [[Double]]) {
    require(count >= 1, "count is \(count): give 1 row or more")
    require(columns >= 1, "columns is \(columns): give 1 or more")
    (self.count, columnCount, self.read) = (count, columns, read)
  }

  /// Describes data that all ranks have in memory.
  ///
  /// ```swift
  /// let data = RankedData([[0, 1, 2], [1, 3.1, 4.9]])
  /// data.count        // 3
  /// data.columnCount  // 2
  /// ```
  ///
  /// - Parameter columns: At least one column, each with the same number of rows, at least 1.
  public init(_ columns: [[Double]]) {
    require(!columns.isEmpty, "there are no columns: give at least one")
    require(
      columns.allSatisfy { $0.count == columns[0].count },
      "columns have \(columns.map(\.count)) rows: give each the same number")
    self.init(count: columns[0].count, columns: columns.count) { rows in columns.map { Array($0[rows]) } }
  }

  /// Returns the columns of consecutive rows.
  internal func columns(_ rows: Range<Int>) throws -> [[Double]] {
    let found = try read(rows)
    require(
      found.count == columnCount && found.allSatisfy { $0.count == rows.count },
      "\(rows.count) rows of \(columnCount) columns are read as columns of \(found.map(\.count)) rows")
    return found
  }
}
