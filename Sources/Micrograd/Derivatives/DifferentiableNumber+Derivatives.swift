// The derivatives at numbers of any type, as the free functions of Derivatives+AnyNumber.swift and Derivatives+Value.swift
// ask for them.
extension DifferentiableNumber {
  internal typealias Derivatives = any RecordedDerivatives<Self>

  /// Records a function with one result.
  internal static func withResult<Result, Failure: Error>(
    at x: [Self], of f: ([Recorded]) throws(Failure) -> Recorded, do body: (Derivatives) -> Result
  ) throws(Failure) -> Result {
    try withRecording(
      at: x, of: { (x: [Recorded]) throws(Failure) in [try f(x)] },
      do: { (f: Derivatives) throws(Failure) in body(f) })
  }

  /// Records a function with any number of results.
  internal static func withResults<Result, Failure: Error>(
    at x: [Self], of f: ([Recorded]) throws(Failure) -> [Recorded], do body: (Derivatives) -> Result
  ) throws(Failure) -> Result {
    try withRecording(at: x, of: f, do: { (f: Derivatives) throws(Failure) in body(f) })
  }

  /// The value and the gradient of a function at `x`.
  public static func valueWithRecordedGradient<Failure: Error>(
    at x: [Self], of f: ([Recorded]) throws(Failure) -> Recorded
  ) throws(Failure) -> (value: Self, gradient: [Self]) {
    try withResult(at: x, of: f) { ($0.values[0], $0.gradient) }
  }

  @inlinable
  internal static func valueWithGradient<Failure: Error>(
    at x: Self, of f: (Recorded) throws(Failure) -> Recorded
  ) throws(Failure) -> (value: Self, gradient: Self) {
    let (value, gradient) = try valueWithRecordedGradient(at: [x]) { (x: [Recorded]) throws(Failure) in try f(x[0]) }
    return (value, gradient[0])
  }

  /// The n-th derivative. All orders except for the last two are derivatives of a function that is recorded inside of
  /// another.
  internal static func derivative<Failure: Error>(
    at x: Self, order: Int, of f: (Recorded) throws(Failure) -> Recorded
  ) throws(Failure) -> Self {
    require(order >= 0, "the derivative of order \(order): the order is 0 or more")
    return try withResult(
      at: [x],
      of: { (x: [Recorded]) throws(Failure) in
        order > 2 ? try Recorded.derivative(at: x[0], order: order - 2, of: f) : try f(x[0])
      },
      do: { f in
        switch order {
        case 0: f.values[0]
        case 1: f.gradient[0]
        default: f.hessianVectorProduct(along: [Self(constant: 1)])[0]
        }
      })
  }
}
