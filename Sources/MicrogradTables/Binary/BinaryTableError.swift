import Foundation

/// An error in a binary table.
public struct BinaryTableError: Error, Equatable, Sendable {
  /// The problem.
  public enum Problem: Equatable, Sendable {
    /// The file cannot be read. The system says why.
    case cannotRead(reason: String)
    /// The file cannot be written. The system says why. An existing file is unchanged.
    case cannotWrite(reason: String)
    /// The file is not a binary table.
    case otherFormat
    /// The file is of a version that this program does not know.
    case unknownVersion(Int)
    /// The file has fewer bytes than its header says, or more.
    case wrongSize(byteCount: Int, expected: Int)
    /// The header has another checksum than it says.
    case damagedHeader
    /// The header contradicts itself.
    case contradiction(String)
    /// The list of the blocks' checksums has another checksum than it says.
    case damagedChecksums
    /// Rows have another checksum than the file says.
    case damagedRows(Range<Int>)
    /// A cell of a text column is not the number of a text.
    case notAText(row: Int, column: String)
    /// A target is missing, but every row must have one.
    case missingTarget(row: Int, column: String)
    /// The table has no such column.
    case unknownColumn(String, existing: [String])
    /// The column has another kind than is asked for.
    case otherKind(column: String, wanted: String)
    /// A text is not a word for true or false, but should be.
    case notABoolean(String, column: String)
    /// The file changed while it was converted.
    case changed
  }

  /// The problem.
  public let problem: Problem
  /// The path of the file.
  public let file: String

  init(_ problem: Problem, file: String) {
    self.problem = problem
    self.file = file
  }
}

extension BinaryTableError: LocalizedError, CustomStringConvertible {
  /// A message that says where, what is wrong, and what to do.
  public var description: String { "\(file): \(problem)" }

  /// The same as `description`.
  public var errorDescription: String? { description }
}

extension BinaryTableError.Problem: CustomStringConvertible {
  /// What is wrong and what to do, without the file.
  public var description: String {
    let again = "convert the CSV file again"
    return switch self {
    case .cannotRead(let reason): "the file cannot be read (\(reason)); give the path of another file"
    case .cannotWrite(let reason): "the file cannot be written (\(reason)); give another file, or make room"
    case .otherFormat: "it is not a binary table; make one with micrograd convert"
    case .unknownVersion(let version): "its version \(version) is unknown; \(again), or use a newer program"
    case .wrongSize(let count, let expected): "it has \(count) bytes, but should have \(expected); \(again)"
    case .damagedHeader: "its header is damaged; \(again)"
    case .contradiction(let reason): "its header contradicts itself (\(reason)); \(again)"
    case .damagedChecksums: "its list of checksums is damaged; \(again)"
    case .damagedRows(let rows): "its rows \(rows.lowerBound + 1) to \(rows.upperBound) are damaged; \(again)"
    case .notAText(let row, let column):
      "row \(row + 1), column “\(column)”: the cell has no text of the column; \(again)"
    case .missingTarget(let row, let column):
      "row \(row + 1), column “\(column)”: the value to predict is missing; convert the CSV file with --target \(column)"
    case .unknownColumn(let name, let existing):
      "there is no column “\(name)”; choose from \(existing.joined(separator: ", ")), or \(again) with that column"
    case .otherKind(let column, let wanted):
      "column “\(column)” is not stored as \(wanted); \(again) with the flags of this run"
    case .notABoolean(let text, let column):
      "column “\(column)”: “\(text)” is not a word such as yes or no; \(again)"
    case .changed: "the file changed while it was read; try again when nobody writes it"
    }
  }
}
