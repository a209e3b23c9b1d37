import Foundation
import MicrogradTables

extension CSVTable {
  /// Reads a file, or standard input for `-`; errors say which, and name the flags that help.
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

  /// A notice that the first line was read as data, unless a flag said so; nil if there is nothing to report.
  func headerNotice(_ arguments: TableArguments, of path: String) -> String? {
    guard !hasHeader, arguments.kindOfHeader == .automatic else { return nil }
    return "\(InputFile(path).shown): the first line is all numbers, so it is read as data and the columns are named "
      + "\(columns.prefix(3).joined(separator: ", "))\(columns.count > 3 ? ", …" : ""); if it names the columns, give --header"
  }
}

extension CSVError {
  /// The same with the flags that help against it.
  var namingFlags: ExitMessage {
    let hint: String? =
      switch problem {
      case .missingWord:
        "if it is a value like others, give --missing none, or the words that stand for missing values"
      case .mostlyNumbers: "to treat all values as class names, give --classes"
      case .unclearHeader: "give --header if it names the columns, --no-header if it is data"
      case .fieldCount, .strayQuote: "if another character separates fields, give --separator"
      case .noInputs: "if fields are separated by other than commas, semicolons, tabs or bars, give --separator"
      case .unknownColumn: "a name with a comma in it goes into double quotes, as in --inputs '\"a, b\",c'"
      default: nil
      }
    return ExitMessage(description + (hint.map { ". " + $0.prefix(1).uppercased() + $0.dropFirst() } ?? ""))
  }
}

/// Runs `body`; errors in a table name the flags that help.
func namingFlags<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as CSVError {
    throw error.namingFlags
  }
}
