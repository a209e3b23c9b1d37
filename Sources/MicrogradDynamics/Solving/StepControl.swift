import Micrograd

/// Chooses the size of steps from their errors.
///
/// Explicit methods have a proportional and an integral part: E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary
/// Differential Equations I, section II.4. Stiff methods predict the change of the error from the last two steps: K.
/// Gustafsson, Control-theoretic techniques for stepsize selection in implicit Runge–Kutta methods, ACM TOMS 20 (1994).
internal struct StepControl {
  private let exponent: Double
  private let integral: Double
  private let largestFactor: Double
  private let predicts: Bool
  /// The size of the last step that was accepted, and the logarithm of its error.
  private var last: (size: Double, logError: Double)?
  private var wasRejected = false

  private static let safety = 0.9
  private static let smallestFactor = 0.2
  /// The logarithms of the smallest errors that count as the last one.
  private static let (smallestLog, smallestPredictedLog) = (Double.log(1e-4), Double.log(1e-2))

  /// - Parameter order: The order of the error estimate.
  init(order: Int) {
    integral = 0.2 / Double(order + 1)
    exponent = 1 / Double(order + 1) - 0.75 * integral
    (largestFactor, predicts) = (10, false)
  }

  /// - Parameter order: The order of the error estimate.
  init(predicting order: Int) {
    (exponent, integral, largestFactor, predicts) = (1 / Double(order + 1), 0, 6, true)
  }

  /// The factor by which the size changes after a step that was accepted.
  mutating func accepted(_ error: Double, size: Double) -> Double {
    // Powers of errors by one logarithm: a power takes longer than the rest of a small step's control.
    let logError = Double.log(max(error, 1e-10))
    var wanted: Double
    if predicts {
      wanted = Self.safety * Double.exp(-exponent * logError)
      if let last {
        wanted = min(
          wanted, wanted * abs(size / last.size) * Double.exp(exponent * (last.logError - logError)))
      }
    } else {
      wanted = Self.safety * Double.exp(integral * (last?.logError ?? Self.smallestLog) - exponent * logError)
    }
    let factor = min(max(wanted, Self.smallestFactor), wasRejected ? 1 : largestFactor)
    (last, wasRejected) = ((size, max(logError, predicts ? Self.smallestPredictedLog : Self.smallestLog)), false)
    return factor
  }

  /// The factor by which the size changes after a step that was rejected. The error may be infinite or NaN.
  mutating func rejected(_ error: Double) -> Double {
    wasRejected = true
    guard error.isFinite else { return Self.smallestFactor }
    return max(Self.smallestFactor, Self.safety / Double.pow(max(error, 1), exponent))
  }
}
