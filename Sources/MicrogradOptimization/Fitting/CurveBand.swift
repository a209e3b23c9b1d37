import Micrograd

/// A fitted curve at some points, with its confidence band and its prediction band.
///
/// At each point, the confidence band contains the true curve with the probability of the level, the prediction band a new response,
/// if the model is right and close to linear within the uncertainty of its parameters. Both are for one point at a time: they do not
/// contain the whole curve with this probability.
public struct CurveBand: Sendable, Equatable {
  /// The curve.
  public let mean: [Double]
  /// The standard errors of the curve, √(gᵀCg): g is the gradient of the model by its parameters, C their covariance.
  public let standardErrors: [Double]
  /// The half widths of the confidence band.
  public let confidence: [Double]
  /// The half widths of the prediction band; `nil` if the scatter of a new response is unknown.
  public let prediction: [Double]?
  /// The probability of the bands.
  public let level: Double
}

extension FitResult {
  // Functions of named parameters come first: the type checker tries overloads in this order, and takes long to see that a formula
  // with names does not fit a list.

  /// Returns the fitted curve at some points, with its bands, for a model whose parameters have names.
  ///
  /// - Parameters:
  ///   - x: The points, which may lie beyond the data.
  ///   - level: The probability, above 0 and below 1.
  ///   - noise: The standard deviation of a new response, if it is not the residual standard deviation.
  ///   - model: The model of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, or a point or the curve there is not finite.
  public func band(
    at x: [Double], level: Double = 0.95, noise: Double? = nil, model: (_ parameters: NamedValues, _ x: Double) -> Value
  ) throws(OptimizationError) -> CurveBand {
    try band(inputs: x, level: level, noise: noise, model: model)
  }

  /// Returns the fitted curve at some points, with its confidence and prediction bands.
  ///
  /// The gradients of the model are exact. The half widths are standard errors times the quantile of
  /// ``confidenceIntervals(level:)``; for the prediction band, the variance of a new response is added to that of the curve.
  ///
  /// ```swift
  /// func line(_ p: [Value], _ x: Double) -> Value { p[0] + p[1] * x }
  /// let fit = try fitCurve(x: [0, 1, 2, 3], y: [1, 3.1, 4.9, 7.2], from: [0, 0], model: line)
  /// let band = try fit.band(at: [1.5], model: line)
  /// band.mean  // [4.05]
  /// band.confidence  // [0.3118]
  /// band.prediction  // [0.6971]
  /// ```
  ///
  /// - Parameters:
  ///   - x: The points, which may lie beyond the data.
  ///   - level: The probability, above 0 and below 1.
  ///   - noise: The standard deviation of a new response. Without it, ``residualStandardDeviation`` is used, which is that of a
  ///     response of weight 1. There is no prediction band without it if standard deviations were
  ///     given to the fit, or its loss is robust and its residuals may contain outliers.
  ///   - model: The model of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, or a point or the curve there is not finite.
  @_disfavoredOverload
  public func band(
    at x: [Double], level: Double = 0.95, noise: Double? = nil, model: (_ parameters: [Value], _ x: Double) -> Value
  ) throws(OptimizationError) -> CurveBand {
    try band(inputs: x, level: level, noise: noise, model: model)
  }

  /// Returns the fitted model for some inputs, with its bands.
  ///
  /// - Parameters:
  ///   - inputs: The predictors of each point.
  ///   - level: The probability, above 0 and below 1.
  ///   - noise: The standard deviation of a new response, if it is not the residual standard deviation.
  ///   - model: The model of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, or an input or the model there is not finite.
  public func band<Input>(
    inputs: [Input], level: Double = 0.95, noise: Double? = nil,
    model: (_ parameters: NamedValues, _ input: Input) -> Value
  ) throws(OptimizationError) -> CurveBand {
    let names = try ParameterNames(names)
    return try names.naming { () throws(OptimizationError) in
      try band(inputs: inputs, level: level, noise: noise) { p, input in model(NamedValues(p, names), input) }
    }
  }

  /// Returns the fitted model for some inputs, with its bands.
  ///
  /// - Parameters:
  ///   - inputs: The predictors of each point.
  ///   - level: The probability, above 0 and below 1.
  ///   - noise: The standard deviation of a new response, if it is not the residual standard deviation.
  ///   - model: The model of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, or an input or the model there is not finite.
  @_disfavoredOverload
  public func band<Input>(
    inputs: [Input], level: Double = 0.95, noise: Double? = nil,
    model: (_ parameters: [Value], _ input: Input) -> Value
  ) throws(OptimizationError) -> CurveBand {
    require((noise ?? 0) >= 0, "the noise is \(noise ?? 0): give a standard deviation of at least 0")
    _ = try requiredErrors()
    let factor = intervalFactor(level: level)
    let (mean, errors) = try curve(inputs, model)
    let isScatterEstimated = loss == .squares && !isScatterKnown
    let scatter = noise ?? (isScatterEstimated ? residualStandardDeviation : nil)
    return CurveBand(
      mean: mean, standardErrors: errors, confidence: errors.map { factor * $0 },
      prediction: scatter.map { scatter in errors.map { factor * [$0, scatter].norm } }, level: level)
  }

  /// Returns the model for some inputs, and its standard errors.
  private func curve<Input>(
    _ inputs: [Input], _ model: ([Value], Input) -> Value
  ) throws(OptimizationError) -> (mean: [Double], errors: [Double]) {
    guard let factor = covarianceFactor, !inputs.isEmpty else { return ([], []) }
    try requireFinite(inputs)
    return try withoutActuallyEscaping(model) { (model) throws(OptimizationError) in
      let rows = RowResiduals(count: inputs.count, compiles: true) { p, k in model(p, inputs[k]) }
      rows.prepare(at: parameters)
      let (mean, gradients) = (rows.numbers(at: parameters), rows.jacobian(at: parameters))
      var errors: [Double] = []
      for (k, value) in mean.enumerated() {
        guard value.isFinite else { throw .bandNotFinite(point: k, found: value) }
        // |Lᵀg|, column by column of L.
        let part = (0..<(factor.first?.count ?? 0)).map { column in
          parameters.indices.reduce(0) { $0 + gradients[k, $1] * factor[$1][column] }
        }
        guard part.isFinite else { throw .bandNotFinite(point: k, found: part.norm) }
        errors.append(part.norm)
      }
      return (mean, errors)
    }
  }
}
