import Micrograd

/// The profile likelihood interval of a parameter: where the other parameters, fitted again, keep the sum of squares low enough.
///
/// Unlike the interval from the standard error, it need not be symmetric, does not presume that the model is nearly linear, and does not
/// depend on how the parameter is defined: the interval of its logarithm is the logarithm of its interval. For a linear model both
/// intervals are the same.
public struct ProfileInterval: Sendable, Equatable {
  /// An end of the interval.
  public enum End: Sendable, Equatable {
    /// The end.
    case at(Double)
    /// There is no end before this bound of the parameter.
    case bound(Double)
    /// There is no end: however far the parameter goes, the other parameters can make up for it.
    case open
    /// There is no end up to this number, beyond which no fit of the other parameters converged.
    case unknown(beyond: Double)
  }

  /// The name of the parameter.
  public let name: String
  /// The fitted value.
  public let estimate: Double
  /// The lower end.
  public let lower: End
  /// The upper end.
  public let upper: End

  /// The interval as a range: infinite at an end that is open or unknown.
  public var range: ClosedRange<Double> {
    func number(_ end: End) -> Double? {
      switch end {
      case .at(let number), .bound(let number): number
      case .open, .unknown: nil
      }
    }
    return (number(lower) ?? -.infinity)...(number(upper) ?? .infinity)
  }
}

extension ProfileInterval: CustomStringConvertible {
  /// The name, the value and both ends.
  public var description: String {
    let numbers = [range.lowerBound, range.upperBound].filter(\.isFinite)
    let width = numbers.reduce(0) { max($0, abs($1 - estimate)) }
    let format = RoundedNumber(value: estimate, error: width / 2)
    func text(_ end: End, infinite: String) -> String {
      switch end {
      case .at(let number): format.text(number)
      case .bound(let number): "\(format.text(number)) (its bound)"
      case .open: infinite
      case .unknown(let number): "beyond \(format.text(number))"
      }
    }
    return "\(name): \(format.text(estimate)), \(text(lower, infinite: "-∞")) … \(text(upper, infinite: "∞"))"
  }
}

extension FitResult {
  // Functions of named parameters come first: the type checker tries overloads in this order, and takes long to see that a formula
  // with names does not fit a list.

  /// Returns profile likelihood intervals for a model whose parameters have names.
  ///
  /// - Parameters:
  ///   - x: The predictors of the fit.
  ///   - y: The responses of the fit.
  ///   - level: The probability, above 0 and below 1.
  ///   - wanted: The ``names`` of the parameters that are wanted; all if it is `nil`.
  ///   - model: The model of the fit. Weighting, bounds and options are those of the fit.
  /// - Returns: An interval for each wanted parameter, in the order of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, its loss is robust, the data or the model are not those of the
  ///   fit, or a lower sum of squares was found.
  public func profileIntervals(
    x: [Double], y: [Double], level: Double = 0.95, of wanted: [String]? = nil,
    model: (_ parameters: NamedValues, _ x: Double) -> Value
  ) throws(OptimizationError) -> [ProfileInterval] {
    try profileIntervals(inputs: x, y: y, level: level, of: wanted, model: model)
  }

  /// Returns profile likelihood intervals of the parameters.
  ///
  /// For each end, the parameter is held at several values and the others are fitted again, until
  /// `τ = √((S - Sₘᵢₙ) / s²)` is the quantile of ``confidenceIntervals(level:)`` (D. M. Bates and D. G. Watts, *Nonlinear Regression
  /// Analysis and Its Applications*, 1988, chapter 6). That takes about ten fits a parameter.
  ///
  /// ```swift
  /// func rate(_ p: [Value], _ x: Double) -> Value { p[0] * x / (p[1] + x) }
  /// let x = [0.02, 0.06, 0.11, 0.22, 0.56, 1.10], y = [61.5, 102, 131, 155.5, 196, 203.5]
  /// let fit = try fitCurve(x: x, y: y, from: [200, 0.1], model: rate)
  /// for interval in try fit.profileIntervals(x: x, y: y, model: rate) { print(interval) }
  /// // p[0]: 213, 193 … 234
  /// // p[1]: 0.064, 0.043 … 0.093
  /// ```
  ///
  /// - Parameters:
  ///   - x: The predictors of the fit.
  ///   - y: The responses of the fit.
  ///   - level: The probability, above 0 and below 1.
  ///   - wanted: The ``names`` of the parameters that are wanted; all if it is `nil`.
  ///   - model: The model of the fit. Weighting, bounds and options are those of the fit.
  /// - Returns: An interval for each wanted parameter, in the order of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, its loss is robust, the data or the model are not those of the
  ///   fit, or a lower sum of squares was found.
  @_disfavoredOverload
  public func profileIntervals(
    x: [Double], y: [Double], level: Double = 0.95, of wanted: [String]? = nil,
    model: (_ parameters: [Value], _ x: Double) -> Value
  ) throws(OptimizationError) -> [ProfileInterval] {
    try profileIntervals(inputs: x, y: y, level: level, of: wanted, model: model)
  }

  /// Returns profile likelihood intervals for a model with named parameters and predictors of any type.
  ///
  /// - Parameters:
  ///   - inputs: The predictors of the fit.
  ///   - y: The responses of the fit.
  ///   - level: The probability, above 0 and below 1.
  ///   - wanted: The ``names`` of the parameters that are wanted; all if it is `nil`.
  ///   - model: The model of the fit. Weighting, bounds and options are those of the fit.
  /// - Returns: An interval for each wanted parameter, in the order of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, its loss is robust, the data or the model are not those of the
  ///   fit, or a lower sum of squares was found.
  public func profileIntervals<Input>(
    inputs: [Input], y: [Double], level: Double = 0.95, of wanted: [String]? = nil,
    model: (_ parameters: NamedValues, _ input: Input) -> Value
  ) throws(OptimizationError) -> [ProfileInterval] {
    let names = try ParameterNames(names)
    return try names.naming { () throws(OptimizationError) in
      try profileIntervals(inputs: inputs, y: y, level: level, of: wanted) { p, input in
        model(NamedValues(p, names), input)
      }
    }
  }

  /// Returns profile likelihood intervals for a model with predictors of any type.
  ///
  /// - Parameters:
  ///   - inputs: The predictors of the fit.
  ///   - y: The responses of the fit.
  ///   - level: The probability, above 0 and below 1.
  ///   - wanted: The ``names`` of the parameters that are wanted; all if it is `nil`.
  ///   - model: The model of the fit. Weighting, bounds and options are those of the fit.
  /// - Returns: An interval for each wanted parameter, in the order of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, its loss is robust, the data or the model are not those of the
  ///   fit, or a lower sum of squares was found.
  @_disfavoredOverload
  public func profileIntervals<Input>(
    inputs: [Input], y: [Double], level: Double = 0.95, of wanted: [String]? = nil,
    model: (_ parameters: [Value], _ input: Input) -> Value
  ) throws(OptimizationError) -> [ProfileInterval] {
    let rows = try FitRows(inputs: inputs, y: y, weighting: data.weighting)
    return try withoutActuallyEscaping(model) { (model) throws(OptimizationError) in
      let residuals = rows.residuals(inputs, compiles: options.compiles, model)
      return try rows.namingRows { () throws(OptimizationError) in
        try profile(residuals, level: level, wanted)
      }
    }
  }

  /// Returns profile likelihood intervals for a fit by ``leastSquares(_:from:bounds:loss:options:progress:)``.
  ///
  /// - Parameters:
  ///   - residuals: The residuals of the fit.
  ///   - level: The probability, above 0 and below 1.
  ///   - wanted: The ``names`` of the parameters that are wanted, such as `p[0]`; all if it is `nil`.
  /// - Returns: An interval for each wanted parameter, in the order of the fit.
  /// - Throws: ``OptimizationError`` if the fit has no standard errors, its loss is robust, the residuals are not those of the fit, or a
  ///   lower sum of squares was found.
  public func profileIntervals(
    residuals: ([Value]) -> [Value], level: Double = 0.95, of wanted: [String]? = nil
  ) throws(OptimizationError) -> [ProfileInterval] {
    try withoutActuallyEscaping(residuals) { (residuals) throws(OptimizationError) in
      try profile(RepeatedResiduals(residuals, compiles: options.compiles), level: level, wanted)
    }
  }

  private func profile(
    _ residuals: Residuals, level: Double, _ wanted: [String]?
  ) throws(OptimizationError) -> [ProfileInterval] {
    guard loss == .squares else { throw .robustProfile }
    _ = try requiredErrors()
    for name in wanted ?? [] where !names.contains(name) { throw .unknownName(name, known: names) }
    let profile = try Profile(residuals, of: self, quantile: intervalFactor(level: level))
    var intervals: [ProfileInterval] = []
    for k in parameters.indices where wanted?.contains(names[k]) ?? true {
      intervals.append(try profile.interval(k))
    }
    return intervals
  }
}
