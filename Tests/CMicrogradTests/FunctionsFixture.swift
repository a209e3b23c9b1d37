import TestSupport

/// The cases of functions.json.
enum FunctionsFixture {
  static let cases = file.cases

  /// The engine's name of each operation.
  static let names = Dictionary(uniqueKeysWithValues: file.functions.map { ($0.op, $0.name) })

  private static let file = try! FunctionFile.read()

  static func cases(of op: String) -> [FunctionCase] { cases.filter { $0.op == op } }
}
