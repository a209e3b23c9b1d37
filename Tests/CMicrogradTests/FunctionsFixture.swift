import CMicrograd
import Foundation

/// What make_functions.py wrote: functions at points of their whole domains, with first and second derivatives, all
/// rounded to the nearest double from exact results.
enum FunctionsFixture {
  static let cases: [FunctionCase] = try! read()

  static func cases(of op: String) -> [FunctionCase] { cases.filter { $0.op == op } }

  private static func read() throws -> [FunctionCase] {
    struct File: Decodable { let cases: [FunctionCase] }
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let file = tests.appendingPathComponent("Fixtures/functions.json")
    return try decoder.decode(File.self, from: Data(contentsOf: file)).cases
  }
}

/// A function at one point; y is its second argument, of polygamma the order. At kinks, at the ends of a domain and at
/// infinity there are no derivatives.
struct FunctionCase: Decodable, CustomStringConvertible {
  let op: String
  let x: Double
  let y: Double?
  let value: Double
  let dx: Double?
  let dy: Double?
  let dxx: Double?
  let dxy: Double?
  let dyy: Double?

  var description: String { "\(op) of \(x)" + (y.map { ", \($0)" } ?? "") }
}

/// How far a result is from what it should be, in units of the last place of the latter: 0 where both are NaN, or the
/// same infinity, and infinite where only one of them is. Zeros are the same whatever their sign.
func ulps(_ result: Double, _ expected: Double) -> Double {
  if result == expected || (result.isNaN && expected.isNaN) { return 0 }
  guard result.isFinite, expected.isFinite else { return .infinity }
  return abs(result - expected) / expected.ulp
}
