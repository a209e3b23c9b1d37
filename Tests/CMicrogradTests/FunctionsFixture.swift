import TestSupport

/// The cases of functions.json.
enum FunctionsFixture {
  static let cases: [FunctionCase] = try! FunctionCase.all()

  static func cases(of op: String) -> [FunctionCase] { cases.filter { $0.op == op } }
}
