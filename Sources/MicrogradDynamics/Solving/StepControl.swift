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
  private var last: (size: Double, error: Double)?
  private var wasRejected = false

  private static let safety = 0.9
  private static let smallestFactor = 0.2

  /// - Parameters:
  ///   - order: The order of the error estimate.
  ///   - integral: The exponent of the error of the step before.
  init(order: Int, integral: Double = 0.04) {
    (exponent, self.integral) = (1 / Double(order + 1) - 0.75 * integral, integral)
    (largestFactor, predicts) = (10, false)
  }

  /// - Parameter order: The order of the error estimate.
  init(predicting order: Int) {
    (exponent, integral, largestFactor, predicts) = (1 / Double(order + 1), 0, 6, true)
  }

  /// The factor by which the size changes after a step that was accepted.
  mutating func accepted(_ error: Double, size: Double) -> Double {
    let found = max(error, 1e-10)
    var wanted = Self.safety / Double.pow(found, exponent)
    if let last {
      if predicts {
        wanted = min(wanted, wanted * abs(size / last.size) * Double.pow(last.error / found, exponent))
      } else {
        wanted *= Double.pow(last.error, integral)
      }
    } else if !predicts {
      wanted *= Double.pow(1e-4, integral)
    }
    let factor = min(max(wanted, Self.smallestFactor), wasRejected ? 1 : largestFactor)
    (last, wasRejected) = ((size, max(error, predicts ? 1e-2 : 1e-4)), false)
    return factor
  }

  /// The factor by which the size changes after a step that was rejected. The error may be infinite or NaN.
  mutating func rejected(_ error: Double) -> Double {
    wasRejected = true
    guard error.isFinite else { return Self.smallestFactor }
    return max(Self.smallestFactor, Self.safety / Double.pow(max(error, 1), exponent))
  }
}
