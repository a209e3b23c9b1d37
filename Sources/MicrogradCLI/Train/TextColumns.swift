import Foundation
import Micrograd

/// A table of text for the terminal: the first column to the left, the others to the right.
struct TextColumns {
  private let rows: [[String]]
  private let leftColumns: Int

  /// - Parameters:
  ///   - rows: The rows, all with the same number of cells.
  ///   - leftColumns: The number of columns to align to the left.
  init(_ rows: [[String]], leftColumns: Int = 1) {
    // The last column has room.
    self.rows = rows.map { row in
      row.enumerated().map { $0 == row.count - 1 && $0 < leftColumns ? $1 : Self.onALine($1) }
    }
    self.leftColumns = leftColumns
  }

  /// The rows, indented by two spaces.
  var text: String {
    alignedLines(rows) { $0 < leftColumns }.map { "  " + $0 }.joined(separator: "\n")
  }

  /// Formats a number with fixed decimals.
  static func fixed(_ number: Double, decimals: Int) -> String { String(format: "%.\(decimals)f", number) }

  /// Returns at most 40 characters of a text, on one line.
  static func onALine(_ text: String) -> String {
    let plain = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    return plain.count > 40 ? plain.prefix(39) + "…" : plain
  }
}
