/// Formulas among the arguments of a command.
enum FormulaArguments {
  /// Puts a space before a formula that begins with a minus sign, which otherwise would be read as an option.
  static func protected(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, command == "grad" || command == "fit" else { return arguments }
    return arguments.map { isFormula($0) ? " " + $0 : $0 }
  }

  /// Returns true for `-x`, `-x**2` and `-(a + b)`, false for `-h`, `-` and `--json`.
  private static func isFormula(_ argument: String) -> Bool {
    argument.hasPrefix("-") && !argument.hasPrefix("--") && argument != "-" && argument != "-h"
  }
}
