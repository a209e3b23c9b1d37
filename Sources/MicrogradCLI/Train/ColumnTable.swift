import Foundation
import MicrogradTables

/// The columns of a table as text: what is in them, and what becomes of them.
enum ColumnTable {
  /// The largest number of columns that are listed.
  private static let greatestList = 60

  /// Returns a line for each column.
  static func text(_ reports: [ColumnReport], isStandardized: Bool) -> String {
    var rows = [["column", "kind", "missing", "values", "becomes"]]
    for report in reports.prefix(greatestList) {
      rows.append([report.name, kind(report), missing(report), values(report), use(report, isStandardized)])
    }
    let rest = reports.count > greatestList ? "\n  … and \(reports.count - greatestList) more columns" : ""
    return TextColumns(rows, leftColumns: 5).text + rest
  }

  private static func kind(_ report: ColumnReport) -> String {
    switch report.outcome {
    case .inputs(let encoder):
      switch encoder.kind {
      case .number: "number"
      case .boolean: "yes or no"
      case .date: "date"
      case .category: "text"
      }
    case .leftOut(.empty): "empty"
    case .leftOut(.rowNumbers): "number"
    case .leftOut(.identifier): "text"
    case .leftOut(.dates): "date"
    }
  }

  private static func missing(_ report: ColumnReport) -> String {
    guard report.missing > 0 else { return "0" }
    let share = 100 * Double(report.missing) / Double(report.rows)
    return "\(report.missing) (\(share < 1 ? "<1" : TextColumns.fixed(share, decimals: 0)) %)"
  }

  private static func values(_ report: ColumnReport) -> String {
    let constant = report.isConstant ? ", always the same" : ""
    switch report.outcome {
    case .inputs(let encoder) where encoder.kind == .category:
      let names = encoder.categories
      return "\(names.prefix(4).joined(separator: ", "))\(names.count > 4 ? ", … (\(names.count))" : "")\(constant)"
    case .leftOut(.identifier(let different)): return "\(different) different"
    default:
      guard let range = report.range else { return "" }
      if case .inputs(let encoder) = report.outcome, encoder.kind == .date {
        return "\(date(range.lowerBound)) to \(date(range.upperBound))"
      }
      return report.isConstant
        ? "always \(shown(range.lowerBound))" : "\(shown(range.lowerBound)) to \(shown(range.upperBound))"
    }
  }

  private static func date(_ days: Double) -> String {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = .withFullDate
    return formatter.string(from: Date(timeIntervalSince1970: days * 86_400))
  }

  private static func use(_ report: ColumnReport, _ isStandardized: Bool) -> String {
    switch report.outcome {
    case .leftOut(.empty): return "left out: it has no values"
    case .leftOut(.rowNumbers): return "left out: it numbers the rows; name it in --inputs to use it"
    case .leftOut(.identifier): return "left out: looks like an identifier; name it in --text to use it"
    case .leftOut(.dates): return "left out: --dates reads it as days"
    case .inputs(let encoder):
      let indicator = encoder.hasIndicator ? " + “is missing”" : ""
      switch encoder.kind {
      case .number:
        let filled = encoder.hasIndicator ? ", gaps filled with the median \(shown(encoder.fill))" : ""
        return "\(isStandardized ? "standardised number" : "number")\(indicator)\(filled)"
      case .date: return "days since 1970-01-01\(isStandardized ? ", standardised" : "")\(indicator)"
      case .boolean: return "0 or 1\(indicator)"
      case .category: return "\(count(encoder.categories.count, "input")) of 0 or 1\(indicator)"
      }
    }
  }
}
