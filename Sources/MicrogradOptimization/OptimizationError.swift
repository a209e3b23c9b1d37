import Foundation

/// An error in the arguments of a minimiser or a fit.
///
/// Parameters and rows are counted from 0.
public enum OptimizationError: Error, Equatable, Sendable {
  /// The start has no parameters.
  case noParameters
  /// A parameter of the start is not finite.
  case startNotFinite(parameter: Int, found: Double)
  /// The number of bounds differs from the number of parameters.
  case boundsCount(bounds: Int, parameters: Int)
  /// A parameter of the start is not within its bounds.
  case startOutsideBounds(parameter: Int, found: Double, bounds: ClosedRange<Double>)
  /// The function is not finite at the start.
  case valueNotFinite(found: Double)
  /// A partial derivative is not finite at the start.
  case gradientNotFinite(parameter: Int, found: Double)
  /// There are no data, or no residuals.
  case noData
  /// The number of responses differs from the number of predictors.
  case dataCounts(x: Int, y: Int)
  /// The number of weights or standard deviations differs from the number of responses.
  case weightCount(weights: Int, rows: Int)
  /// A predictor or a response is not finite.
  case dataNotFinite(row: Int)
  /// A weight is negative or not finite, or a standard deviation not positive or not finite.
  case invalidWeight(row: Int, found: Double)
  /// There are fewer residuals, or rows with a weight, than parameters.
  case tooFewResiduals(residuals: Int, parameters: Int)
  /// A residual is not finite at the start.
  case residualNotFinite(row: Int, found: Double)
  /// The derivative of a residual is not finite at the start.
  case jacobianNotFinite(row: Int, parameter: Int, found: Double)
  /// The number of residuals changed after the start.
  case residualCount(found: Int, expected: Int)
  /// Standard errors were asked of a fit that did not end at a minimum.
  case notConverged(StoppingReason)
  /// Standard errors were asked of a fit whose data do not determine these parameters.
  case undeterminedParameters([String])
  /// Standard errors were asked of a fit without degrees of freedom.
  case noDegreesOfFreedom(points: Int, parameters: Int)
  /// Two parameters, or two bounds, have the same name.
  case duplicateName(String)
  /// A model, bounds or a call asked for a parameter that the fit does not have.
  case unknownName(String, known: [String])
  /// An error of a fit with named parameters. The error counts parameters from 0; these are their names.
  indirect case inNamedFit(OptimizationError, names: [String])
  /// Standard errors were asked of a robust fit whose losses have no curvature, because almost all residuals are far beyond the scale.
  case noCurvature
  /// The scale of a robust loss is not a positive finite number.
  case invalidLossScale(Double)
  /// Profile intervals were asked of a fit with a robust loss.
  case robustProfile
  /// Data or a model give other residuals than the fit has.
  case otherData
  /// A model returned another number of responses than the data have in a row.
  case outputCount(row: Int, found: Int, expected: Int)
  /// A row of data has another number of responses than the first.
  case rowWidth(row: Int, found: Int, expected: Int)
  /// Another fit of the same data has a lower sum of squares.
  case lowerMinimum(parameters: [Double])
  /// The model is not finite at a point of a band.
  case bandNotFinite(point: Int, found: Double)
}

extension OptimizationError: LocalizedError, CustomStringConvertible {
  /// A message that says what is wrong, where, and what to do.
  public var description: String { text { "\($0)" } }

  private func text(name: (Int) -> String) -> String {
    switch self {
    case .noParameters:
      "the start has no parameters; give at least one"
    case .startNotFinite(let parameter, let found):
      "parameter \(name(parameter)) starts at \(found); give a finite number"
    case .boundsCount(let bounds, let parameters):
      "\(parameters) parameters have \(bounds) bounds; give one range for each, -Double.infinity ... .infinity for no bound"
    case .startOutsideBounds(let parameter, let found, let bounds):
      "parameter \(name(parameter)) starts at \(found), outside its bounds \(bounds); start within them"
    case .valueNotFinite(let found):
      "the function is \(found) at the start; start where it is finite"
    case .gradientNotFinite(let parameter, let found):
      "the derivative with respect to parameter \(parameter) is \(found) at the start; start where it is finite"
    case .noData:
      "the data are empty; give at least as many rows as parameters"
    case .dataCounts(let x, let y):
      "\(x) predictors have \(y) responses; give one response for each predictor"
    case .weightCount(let weights, let rows):
      "\(rows) rows have \(weights) weights; give one weight for each row"
    case .dataNotFinite(let row):
      "row \(row) has a number that is not finite; remove the row"
    case .invalidWeight(let row, let found):
      "row \(row) has the weight or standard deviation \(found); weights must be finite and at least 0, standard deviations finite and above 0"
    case .tooFewResiduals(let residuals, let parameters):
      "\(residuals) rows do not determine \(parameters) parameters; give at least as many rows"
    case .residualNotFinite(let row, let found):
      "the residual of row \(row) is \(found) at the start; start where the model is finite"
    case .jacobianNotFinite(let row, let parameter, let found):
      """
      the derivative of residual \(row) with respect to parameter \(name(parameter)) is \(found) at the start; start where \
      it is finite
      """
    case .residualCount(let found, let expected):
      "the function returned \(found) residuals, but \(expected) at the start; always return the same number"
    case .notConverged(let reason):
      "the fit has not converged (\(reason)); continue from its parameters, or start elsewhere"
    case .undeterminedParameters(let names):
      "the data do not determine \(names.joined(separator: ", ")); fix one by its bounds, or give other data"
    case .noDegreesOfFreedom(let points, let parameters):
      "\(points) points leave no degree of freedom for \(parameters) parameters; give more points, or their standard deviations"
    case .duplicateName(let name):
      "two parameters are called \(name); give each a name of its own"
    case .unknownName(let name, let known):
      "there is no parameter \(name); the parameters are \(known.joined(separator: ", "))"
    case .inNamedFit(let error, let names):
      error.text { names.indices.contains($0) ? names[$0] : "\($0)" }
    case .noCurvature:
      "almost all residuals are beyond the scale of the loss; give a larger scale"
    case .invalidLossScale(let scale):
      "the scale of the loss is \(scale); give a finite number above 0"
    case .robustProfile:
      "a robust loss has no profile intervals; use confidenceIntervals(level:), or fit by squares"
    case .otherData:
      "the data or the model give other residuals than the fit has; give those of the fit"
    case .outputCount(let row, let found, let expected):
      "the model returned \(found) responses for row \(row), which has \(expected); return one for each"
    case .rowWidth(let row, let found, let expected):
      "row \(row) has \(found) responses, but row 0 has \(expected); give each row as many, at least one"
    case .lowerMinimum(let parameters):
      "the fit is not the lowest minimum; fit again from \(parameters)"
    case .bandNotFinite(let point, let found):
      "the curve is \(found) at point \(point) of the band; leave the point out"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
