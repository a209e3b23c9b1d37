import Micrograd

/// Chooses the size of steps from their errors, with a proportional and an integral part.
///
/// E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I, section II.4; K. Gustafsson, Control
/// theoretic techniques for stepsize selection in explicit Runge–Kutta methods, ACM TOMS 17 (1991).
internal struct StepControl {
  private let exponent: Double
  private let integral: Double
  private var lastError = 1e-4
  private var wasRejected = false

  private static let safety = 0.9
  private static let factors = (smallest: 0.2, largest: 10.0)

  /// - Parameters:
  ///   - order: The order of the error estimate.
  ///   - integral: The exponent of the error of the step before.
  init(order: Int, integral: Double = 0.04) {
    exponent = 1 / Double(order + 1) - 0.75 * integral
    self.integral = integral
  }

  /// The factor by which the size changes after a step that was accepted.
  mutating func accepted(_ error: Double) -> Double {
    let wanted = Self.safety * Double.pow(lastError, integral) / Double.pow(max(error, 1e-10), exponent)
    let factor = min(max(wanted, Self.factors.smallest), wasRejected ? 1 : Self.factors.largest)
    (lastError, wasRejected) = (max(error, 1e-4), false)
    return factor
  }

  /// The factor by which the size changes after a step that was rejected. The error may be infinite or NaN.
  mutating func rejected(_ error: Double) -> Double {
    wasRejected = true
    guard error.isFinite else { return Self.factors.smallest }
    return max(Self.factors.smallest, Self.safety / Double.pow(error, exponent))
  }
}
