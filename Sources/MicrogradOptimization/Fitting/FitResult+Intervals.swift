import Micrograd

extension FitResult {
  /// Returns an interval for each parameter that contains its true value with a given probability, if the model is right and close
  /// to linear in the range of the interval.
  ///
  /// The half width is the standard error times a quantile: of Student's t distribution with ``degreesOfFreedom``, or of the normal
  /// distribution if the standard deviations of the data are known and the loss is not robust. The interval of a parameter that a bound holds is that one
  /// number.
  ///
  /// ```swift
  /// let line = try fitCurve(x: [0, 1, 2], y: [1, 3.1, 4.9], from: [0, 0]) { p, x in p[0] + p[1] * x }
  /// try line.confidenceIntervals()  // [-0.3706...2.4706, 0.8496...3.0504]
  /// ```
  ///
  /// - Parameter level: The probability, above 0 and below 1.
  /// - Throws: ``OptimizationError`` if there are no standard errors, or the fit has not converged.
  public func confidenceIntervals(level: Double = 0.95) throws(OptimizationError) -> [ClosedRange<Double>] {
    let errors = try requiredErrors()
    let factor = intervalFactor(level: level)
    return zip(parameters, errors).map { value, error in
      let width = factor * error
      return value - width...value + width
    }
  }

  /// The quantile by which a standard error is multiplied.
  internal func intervalFactor(level: Double) -> Double {
    require(level > 0 && level < 1, "the level is \(level): give a probability above 0 and below 1")
    return StudentT.quantile(level: level, degreesOfFreedom: isScatterKnown ? nil : degreesOfFreedom)
  }

  /// The standard errors, or the reason why there are none.
  internal func requiredErrors() throws(OptimizationError) -> [Double] {
    guard isConverged else { throw .notConverged(reason) }
    guard undetermined.isEmpty else { throw .undeterminedParameters(undetermined.map { names[$0] }) }
    if let standardErrors { return standardErrors }
    guard degreesOfFreedom <= 0 else { throw .noCurvature }
    throw .noDegreesOfFreedom(points: pointCount, parameters: fittedCount)
  }
}
