import Foundation
import MicrogradTables

extension CSVTable {
  /// Reads a file, or standard input for `-`. Errors name the file and the flags that help.
  init(path: String, _ arguments: TableArguments? = nil) throws {
    let file = InputFile(path)
    do {
      try self.init(
        bytes: [UInt8](file.data()), file: file.name, separator: arguments?.separator?.character,
        missing: arguments?.missing?.words ?? CSVTable.missingWords, header: arguments?.kindOfHeader ?? .automatic)
    } catch let error as CSVError {
      throw error.namingFlags
    } catch let error as GzipError {
      throw ExitMessage("\(path): \(error)")
    } catch {
      throw ExitMessage("cannot read \(path) (\(systemReason(error))): give the path of a CSV file.")
    }
  }

  /// Returns a notice that the first line was read as data, unless a flag asked for it; nil if there is nothing to report.
  func headerNotice(_ arguments: TableArguments, of path: String) -> String? {
    guard !hasHeader, arguments.kindOfHeader == .automatic else { return nil }
    return "\(InputFile(path).shown): the first line is all numbers, so it is read as data and the columns are named "
      + "\(columns.prefix(3).joined(separator: ", "))\(columns.count > 3 ? ", …" : ""); if it is a header, give --header"
  }
}

extension CSVError {
  /// Returns the error as a message with the flags that help.
  var namingFlags: ExitMessage {
    let hint: String? =
      switch problem {
      case .missingWord:
        "if it is an ordinary value, give --missing none, or the words that stand for missing values"
      case .mostlyNumbers: "to treat all values as class names, give --classes"
      case .unclearHeader: "give --header if it is a header, --no-header if it is data"
      case .fieldCount, .strayQuote: "if another character separates fields, give --separator"
      case .noInputs: "if another character than comma, semicolon, tab or bar separates fields, give --separator"
      case .unknownColumn: "put a name with a comma in double quotes, as in --inputs '\"a, b\",c'"
      default: nil
      }
    return ExitMessage(description + (hint.map { ". " + $0.prefix(1).uppercased() + $0.dropFirst() } ?? ""))
  }
}

/// Runs `body`. Errors in a table name the flags that help.
func namingFlags<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as CSVError {
    throw error.namingFlags
  }
}
