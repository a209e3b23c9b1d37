import Foundation

/// An error in the arguments of a minimiser or a fit.
///
/// Parameters, constraints and rows are counted from 0.
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
  /// The levels of a constraint are not a range: one is NaN, or no number is within.
  case constraintLevel(constraint: Int, lower: Double, upper: Double)
  /// A constraint is not finite at the start.
  case constraintNotFinite(constraint: Int, found: Double)
  /// A partial derivative of a constraint is not finite at the start.
  case constraintGradientNotFinite(constraint: Int, parameter: Int, found: Double)
  /// The number of functions of a constraint changed after the start.
  case constraintCount(constraint: Int, found: Int, expected: Int)
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
}

extension OptimizationError: LocalizedError, CustomStringConvertible {
  /// A message that says what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .noParameters:
      "the start has no parameters; give at least one"
    case .startNotFinite(let parameter, let found):
      "parameter \(parameter) starts at \(found); give a finite number"
    case .boundsCount(let bounds, let parameters):
      "\(parameters) parameters have \(bounds) bounds; give one range for each, -Double.infinity ... .infinity for no bound"
    case .startOutsideBounds(let parameter, let found, let bounds):
      "parameter \(parameter) starts at \(found), outside its bounds \(bounds); start within them"
    case .valueNotFinite(let found):
      "the function is \(found) at the start; start where it is finite"
    case .gradientNotFinite(let parameter, let found):
      "the derivative with respect to parameter \(parameter) is \(found) at the start; start where it is finite"
    case .constraintLevel(let constraint, let lower, let upper):
      "constraint \(constraint) has the levels \(lower) and \(upper); give finite levels, or one that is not reached"
    case .constraintNotFinite(let constraint, let found):
      "constraint \(constraint) is \(found) at the start; start where it is finite"
    case .constraintGradientNotFinite(let constraint, let parameter, let found):
      """
      the derivative of constraint \(constraint) with respect to parameter \(parameter) is \(found) at the start; start \
      where it is finite
      """
    case .constraintCount(let constraint, let found, let expected):
      """
      constraint \(constraint) returned \(found) functions, but \(expected) at the start; always return the same number
      """
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
      the derivative of residual \(row) with respect to parameter \(parameter) is \(found) at the start; start where \
      it is finite
      """
    case .residualCount(let found, let expected):
      "the function returned \(found) residuals, but \(expected) at the start; always return the same number"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
