/// The value and the derivatives of a function at one point, rounded to the nearest double from exact results.
/// At kinks, at the ends of a domain and at infinity there are no derivatives.
public struct FunctionCase: Decodable, Sendable, CustomStringConvertible {
  /// The name of the function in make_functions.py.
  public let op: String
  /// The first argument.
  public let x: Double
  /// The second argument; the order of polygamma.
  public let y: Double?
  /// The value.
  public let value: Double
  /// The first derivatives.
  public let dx, dy: Double?
  /// The second derivatives.
  public let dxx, dxy, dyy: Double?

  /// The function and its arguments, as in `sin of 2.0`.
  public var description: String { "\(op) of \(x)" + (y.map { ", \($0)" } ?? "") }

}

/// What make_functions.py wrote.
public struct FunctionFile: Decodable, Sendable {
  /// A function and what is known of it.
  public struct Function: Decodable, Sendable {
    /// The name of the function in make_functions.py.
    public let op: String
    /// The engine's name of the operation.
    public let name: String
    /// The magnitude of x up to which a recorded derivative is a sum of terms near 1, which cancel beside its zeros.
    public let cancels: Double
  }

  /// The functions.
  public let functions: [Function]
  /// Their cases, at points of their whole domains.
  public let cases: [FunctionCase]

  /// Reads the file.
  public static func read() throws -> FunctionFile { try readFixture("functions.json") }
}

/// Returns the error of a result in units in the last place of the expected number.
///
/// The error is 0 if both are NaN, or both are the same infinity, or both are zeros of any sign. It is infinite if only one
/// of them is NaN or infinite.
public func ulps(_ result: Double, _ expected: Double) -> Double {
  if result == expected || (result.isNaN && expected.isNaN) { return 0 }
  guard result.isFinite, expected.isFinite else { return .infinity }
  return abs(result - expected) / expected.ulp
}
