import Foundation

/// What the scripts of Tests/Fixtures wrote.
enum Fixture {
  /// Values and derivatives of every operation, by PyTorch.
  static let operations: [OperationCase] = try! read("ops.json")
  /// The functions of one number among them, rounded from a thousand digits, where the result is a real number.
  static let exactOperations: [OperationCase] = try! read("ops_exact.json")

  /// The cases of one fixture.
  static func read<Case: Decodable>(_ name: String) throws -> [Case] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let file = tests.appendingPathComponent("Fixtures").appendingPathComponent(name)
    return try decoder.decode(FixtureFile<Case>.self, from: Data(contentsOf: file)).cases
  }
}

private struct FixtureFile<Case: Decodable>: Decodable { let cases: [Case] }

/// One operation at one point. In the form, V is an operand that is differentiated and C a plain number.
struct OperationCase: Decodable, CustomStringConvertible {
  let op: String
  let form: String
  let x: Double
  let y: Double?
  let value: Double
  let dx: Double?
  let dy: Double?

  var description: String { "\(op) \(form) of \(x)" + (y.map { ", \($0)" } ?? "") }
}
