/// An error in the table, the formula or the starts of a fit.
///
/// It says what is wrong and where. How to mend it depends on where the fit is set up, on the command line or in the
/// playground, so they add the remedy where `remedy` asks for one.
package struct FitMessage: Error {
  /// What the error is about.
  package enum Subject: Sendable, Equatable {
    case formula, table, sigma, weights, start
  }

  /// What helps, and is named differently by each front.
  package enum Remedy: Sendable, Equatable {
    /// The message has its remedy.
    case none
    /// Other starts.
    case otherStarts
    /// More rows, or parameters with a fixed number.
    case rowsOrFixedParameters
    /// A fixed parameter that is free.
    case freeParameter
    /// Rows with missing values are left out. `isWord` is true if the value is a word such as NA.
    case skippedRows(isWord: Bool)
  }

  package let subject: Subject
  /// What is wrong; with a remedy of its own, it ends with a full stop.
  package let message: String
  package let remedy: Remedy
  /// The line of the table.
  package var line: Int?

  package init(_ subject: Subject, _ message: String, remedy: Remedy = .none, line: Int? = nil) {
    (self.subject, self.message, self.remedy, self.line) = (subject, message, remedy, line)
  }
}
