import CMicrograd

/// Returns a list of `count` numbers.
package func vector(_ count: Int, _ number: (Int) -> Double) -> [Double] { (0..<count).map(number) }

// Vector operations for L-BFGS and line searches, as C loops.
extension [Double] {
  /// Returns Σ x·y. The order of summation is unspecified.
  package func dot(_ other: [Double]) -> Double {
    require(count == other.count, "a dot product of \(count) and \(other.count) numbers")
    return mg_vector_dot(self, other, Int64(count))
  }

  /// Σ |x|.
  package var magnitudeSum: Double { mg_vector_magnitude_sum(self, Int64(count)) }

  /// The largest |x|; 0 for an empty list, NaN if an element is NaN.
  package var largestMagnitude: Double { mg_vector_largest(self, Int64(count)) }

  /// True if no number is infinite or NaN.
  package var isFinite: Bool { mg_vector_is_finite(self, Int64(count)) }

  /// √Σx², without overflow; infinite or NaN where an x is.
  package var norm: Double { mg_vector_norm(self, Int64(count)) }

  /// Returns Σ (x / unit)² - (y / unit)², with the rounding errors of differences, not of squares. The order of summation is
  /// unspecified.
  package func squareDifference(_ other: [Double], unit: Double) -> Double {
    require(count == other.count, "a difference of \(count) and \(other.count) numbers")
    return mg_vector_square_difference(self, other, unit, Int64(count))
  }

  /// The direction of L-BFGS, -H g, for this gradient g.
  ///
  /// H approximates the inverse Hessian from the initial diagonal `scale` and pairs of steps and changes of the gradient:
  /// Nocedal & Wright, *Numerical Optimization*, algorithm 7.4. Pairs are stored one after the other, oldest first;
  /// `inverseProducts` are 1 / stepᵀchange of each.
  package func quasiNewtonDirection(
    steps: [Double], changes: [Double], inverseProducts: [Double], scale: Double
  ) -> [Double] {
    let pairs = inverseProducts.count
    require(
      steps.count == pairs * count && changes.count == pairs * count,
      "a history of \(pairs) pairs of \(count) numbers is given \(steps.count) and \(changes.count)")
    var coefficients = [Double](repeating: 0, count: pairs)
    var direction = self
    mg_lbfgs_direction(
      self, Int64(count), Int64(pairs), steps, changes, inverseProducts, scale, &coefficients, &direction)
    return direction
  }
}

/// Loops over numbers that follow one another in memory, as the columns of a matrix do.
extension UnsafePointer<Double> {
  /// √Σx² of the first `count`, without overflow.
  package func norm(_ count: Int) -> Double { mg_vector_norm(self, Int64(count)) }

  /// Σ x·y of the first `count`.
  package func dot(_ other: UnsafePointer<Double>, _ count: Int) -> Double { mg_vector_dot(self, other, Int64(count)) }
}

extension UnsafeMutablePointer<Double> {
  /// Adds a multiple of other numbers, which do not overlap these.
  package func add(_ factor: Double, times other: UnsafePointer<Double>, _ count: Int) {
    mg_vector_add_scaled(self, factor, other, Int64(count))
  }

  /// Adds a multiple of the magnitudes of other numbers, which do not overlap these.
  package func add(_ factor: Double, timesMagnitudesOf other: UnsafePointer<Double>, _ count: Int) {
    mg_vector_add_magnitudes(self, factor, other, Int64(count))
  }

  /// Divides the first `count` by a number.
  package func divide(by divisor: Double, _ count: Int) { mg_vector_divide(self, divisor, Int64(count)) }
}
