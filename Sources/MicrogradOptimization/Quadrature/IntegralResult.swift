/// An integral of a function of plain numbers.
public struct IntegralResult: Sendable, Equatable {
  /// The integral.
  public let value: Double
  /// An estimate of its absolute error, which is usually too large.
  public let errorEstimate: Double
  /// The number of evaluations of the integrand.
  public let evaluationCount: Int
  /// The number of intervals at the end, each with 21 points.
  public let intervalCount: Int
}
