import Micrograd
import TestSupport

/// The cases of functions.json, and the functions themselves.
enum FunctionsFixture {
  static let byOperation: [String: [FunctionCase]] = Dictionary(grouping: file.cases, by: \.op)

  /// Up to which magnitude of x a recorded derivative is a sum of terms near 1, which cancel beside its zeros.
  static let cancels = Dictionary(uniqueKeysWithValues: file.functions.map { ($0.op, $0.cancels) })

  private static let file = try! FunctionFile.read()

  /// The function of an operation; y is of polygamma the order, elsewhere the second argument.
  static func function(_ op: String) -> ((_ x: Value, _ y: Value?) -> Value)? {
    if op == "polygamma" { return { x, y in polygamma(Int(y!.data), x) } }
    return OperationWays.function(op)
  }
}

extension FunctionCase {
  /// The arguments that are differentiated by.
  var point: [Double] { op == "polygamma" ? [x] : [x] + (y.map { [$0] } ?? []) }
  var first: [Double?] { point.count == 1 ? [dx] : [dx, dy] }
  var second: [[Double?]] { point.count == 1 ? [[dxx]] : [[dxx, dxy], [dxy, dyy]] }

  func evaluate(_ arguments: [Value]) -> Value {
    FunctionsFixture.function(op)!(arguments[0], arguments.count > 1 ? arguments[1] : y.map { .constant($0) })
  }
}
