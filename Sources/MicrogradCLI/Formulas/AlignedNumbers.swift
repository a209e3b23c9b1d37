import Micrograd
import MicrogradFormulaFits

/// Columns of text: names to the left, numbers with their decimal points below each other.
enum AlignedNumbers {
  /// Returns lines of a table.
  ///
  /// - Parameters:
  ///   - header: The names of the columns. The first one has names.
  ///   - rows: A name and the numbers of each row; nil for an empty cell.
  static func lines(_ header: [String], _ rows: [(name: String, numbers: [Double?])]) -> [String] {
    var columns = [[header[0]] + rows.map(\.name)]
    for k in header.indices.dropFirst() {
      let texts = rows.map { row in row.numbers[k - 1].map(text) ?? "" }
      let before = texts.map(whole)
      let most = before.max() ?? 0
      columns.append([header[k]] + zip(texts, before).map { String(repeating: " ", count: most - $1) + $0 })
    }
    return alignedLines((0...rows.count).map { row in columns.map { $0[row] } }) { _ in true }
  }

  /// The shortest text that reads back as the number, without “.0”.
  static func text(_ number: Double) -> String { FitText.number(number) }

  /// The number of characters before the decimal point.
  private static func whole(_ text: String) -> Int {
    text.prefix { $0 != "." && $0 != "e" }.count
  }
}
