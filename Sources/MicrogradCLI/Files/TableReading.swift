import Foundation
import MicrogradTables

extension CSVTable {
  /// Reads a file, or standard input for `-`. Errors name the file and the flags that help.
  init(path: String, _ arguments: TableArguments? = nil) throws {
    let file = InputFile(path)
    do {
      try self.init(
        bytes: [UInt8](file.data()), file: file.name, separator: arguments?.separator?.character,
        missing: arguments?.missing?.words ?? CSVTable.commonMissingWords,
        header: arguments?.kindOfHeader ?? .automatic,
        decimal: arguments?.decimal?.mark ?? .automatic)
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
    return Self.headerNotice(columns, of: path)
  }

  static func headerNotice(_ columns: [String], of path: String) -> String {
    "\(InputFile(path).shown): the first line is all numbers, so it is read as data and the columns are named "
      + "\(columns.prefix(3).joined(separator: ", "))\(columns.count > 3 ? ", …" : ""); if it is a header, give --header"
  }
}

extension CSVTable {
  /// Returns a notice that numbers were read with a decimal comma, unless a flag asked for it; nil if they were not.
  func decimalNotice(_ arguments: TableArguments) -> String? {
    guard hasDecimalComma, arguments.decimal == nil else { return nil }
    return Self.commaNotice
  }

  static var commaNotice: String {
    "numbers are read with a decimal comma; if the comma separates thousands, remove it and give --decimal point"
  }
}

extension CSVError {
  /// Returns the error as a message with the flags that help.
  var namingFlags: ExitMessage { message(choosingInputs: false) }

  /// - Parameter choosingInputs: True if the command has flags that choose input columns and how they are read.
  fileprivate func message(choosingInputs: Bool) -> ExitMessage {
    let name = CSVText.fields([column ?? ""])
    // As a word of a shell.
    let column = name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) } ? name : "'\(name)'"
    let hint: String? =
      switch problem {
      case .missingWord:
        "if it is an ordinary value, give --missing none, or the words that stand for missing values"
      case .mixedColumn, .notANumber:
        choosingInputs ? "to read the column as text, give --text \(column); to leave it out, --without \(column)" : nil
      case .tooManyCategories: "to leave it out, give --without \(column)"
      case .noUsefulInputs: "name them with --inputs; dates also need --dates"
      case .mostlyNumbers: "to treat all values as class names, give --classes"
      case .unclearHeader: "give --header if it is a header, --no-header if it is data"
      case .fieldCount, .strayQuote: "if another character separates fields, give --separator"
      case .noInputs: "if another character than comma, semicolon, tab or bar separates fields, give --separator"
      case .unknownColumn:
        choosingInputs ? "put a name with a comma in double quotes, as in --inputs '\"a, b\",c'" : nil
      default: nil
      }
    return ExitMessage(description + (hint.map { ". " + $0.prefix(1).uppercased() + $0.dropFirst() } ?? ""))
  }
}

/// Runs `body`. Errors in a table name the flags that help.
///
/// - Parameter choosingInputs: True if the command has flags that choose input columns and how they are read.
func namingFlags<Result>(choosingInputs: Bool = false, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as CSVError {
    throw error.message(choosingInputs: choosingInputs)
  }
}
