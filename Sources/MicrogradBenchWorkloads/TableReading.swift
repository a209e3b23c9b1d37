import Foundation
import MicrogradTables

/// A CSV text of numbers with 4 to 17 digits, read into numbers; beside it the C library's `strtod` on the same text, which
/// knows neither headers nor quotation marks nor errors.
///
/// The numbers are the sums of the columns.
func tableCase(rows: Int) -> Case {
  let text = tableText(rows: rows)
  let megabytes = String(format: "%.0f", Double(text.count) / 1e6)
  return Case(
    name: "table-\(rows)", title: "a CSV text of \(rows) rows and 4 columns, \(megabytes) MB", group: "table-\(rows)",
    iterations: nil,
    contestants: [
      .computing("strtod", .primal) { sumsByTheCLibrary(text) },
      .computing("library") {
        guard let table = try? CSVTable(bytes: text), let numbers = try? table.inputs(table.columns) else { return [] }
        var sums = Array(repeating: 0.0, count: 4)
        for start in stride(from: 0, to: numbers.count, by: 4) {
          for column in 0..<4 { sums[column] += numbers[start + column] }
        }
        return sums
      },
    ])
}

private func tableText(rows: Int) -> [UInt8] {
  var state: UInt64 = 1
  func random() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53 as UInt64)
  }
  var text = Array("a,b,c,d\n".utf8)
  text.reserveCapacity(rows * 40)
  for row in 0..<rows {
    let rounded = Double(Int(random() * 1e6)) / 1e4
    text += Array("\(200 * random() - 100),\(rounded),\(row),\(Double(Int(random() * 1e6)) / 1e6)\n".utf8)
  }
  return text
}

private func sumsByTheCLibrary(_ text: [UInt8]) -> [Double] {
  var sums = Array(repeating: 0.0, count: 4)
  (text + [0]).withUnsafeBytes { bytes in
    guard var next = bytes.bindMemory(to: CChar.self).baseAddress else { return }
    next += 8  // the header
    var end: UnsafeMutablePointer<CChar>?
    var column = 0
    while next.pointee != 0 {
      sums[column] += strtod(next, &end)
      guard let end else { return }
      next = UnsafePointer(end) + 1
      column = column == 3 ? 0 : column + 1
    }
  }
  return sums
}
