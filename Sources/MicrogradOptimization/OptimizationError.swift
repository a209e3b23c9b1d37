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
  /// At the start, residuals or their derivatives by a parameter have a norm below 1e-100 or above 1e100, in a fit on
  /// several ranks.
  case effectsOutOfRange
  /// The number of residuals changed after the start.
  case residualCount(found: Int, expected: Int)
  /// The number of equations differs from the number of unknowns.
  case equationCount(equations: Int, unknowns: Int)
  /// No root was found: after so many iterations, or because no step from this position comes closer to one.
  case rootNotFound(position: [Double], iterations: Int?)
  /// The Jacobian of the equations is singular at a position, so there is no Newton step, or no derivative of the root.
  case singularJacobian(position: [Double])
  /// Several roots coincide, so the root has no derivatives.
  case multipleRoot(position: [Double])
  /// The function has the same sign at both ends of a range.
  case noSignChange(range: ClosedRange<Double>, lower: Double, upper: Double)
  /// An end of a range is not finite.
  case rangeNotFinite(ClosedRange<Double>)
  /// The function is not a number where its root is searched.
  case functionNotFinite(position: Double, found: Double)
  /// The function changes its sign at a pole, not at a root.
  case pole(position: Double)
  /// A minimiser ended at a position that is not a minimum.
  case minimumNotFound(position: [Double], reason: StoppingReason)
  /// The Hessian is not positive definite at a position where the gradient is zero, so there is no minimum that depends
  /// smoothly on anything.
  case minimumNotStrict(position: [Double])
  /// The integrand is not finite at a position.
  case integrandNotFinite(position: Double, found: Double)
  /// A limit of an integral is not a number, or an infinite limit is a Value.
  case invalidLimit(found: Double)
  /// An integral did not reach its tolerance. The worst interval has the largest part of the error.
  case integralNotConverged(
    errorEstimate: Double, tolerance: Double, worst: ClosedRange<Double>, worstError: Double, intervals: Int)
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
      the derivative of residual \(row) with respect to parameter \(name(parameter)) is \(found) at the start; start where \
      it is finite
      """
    case .effectsOutOfRange:
      """
      the residuals, or their derivatives by a parameter, have a norm below 1e-100 or above 1e100 at the start: measure \
      the responses or the parameter in another unit
      """
    case .residualCount(let found, let expected):
      "the function returned \(found) residuals, but \(expected) at the start; always return the same number"
    case .equationCount(let equations, let unknowns):
      "\(unknowns) unknowns have \(equations) equations; give one equation for each unknown"
    case .rootNotFound(let position, let iterations?):
      "no root was found in \(iterations) iterations, which ended at \(position); start closer to a root, or give a range"
    case .rootNotFound(let position, nil):
      "no step from \(position) comes closer to a root; start elsewhere, or check that there is a root"
    case .singularJacobian(let position):
      """
      the Jacobian is singular at \(position); start elsewhere, or remove equations that follow from others and unknowns \
      that have no effect
      """
    case .multipleRoot(let position):
      """
      several roots coincide near \(position), so the root has no derivatives; divide the function by its multiple factor, \
      or search the root of its derivative
      """
    case .noSignChange(let range, let lower, let upper):
      """
      the function is \(lower) and \(upper) at the ends of the range \(range), of the same sign; give a range at whose ends \
      its signs differ
      """
    case .rangeNotFinite(let range):
      "the range \(range) has an infinite end; give finite ends"
    case .functionNotFinite(let position, let found):
      "the function is \(found) at \(position); give a range in which it is a number"
    case .pole(let position):
      "the function changes its sign at a pole near \(position), not at a root; give a range without the pole"
    case .minimumNotFound(let position, let reason):
      "no minimum was found; at \(position), \(reason). Start closer to a minimum, or allow more iterations."
    case .minimumNotStrict(let position):
      """
      the gradient is zero at \(position), but the Hessian is not positive definite there; add a term that determines all \
      unknowns, such as a small multiple of their squares
      """
    case .integrandNotFinite(let position, let found):
      "the integrand is \(found) at \(position); end the range there, or define its value"
    case .invalidLimit(let found):
      "a limit of the integral is \(found); give a number, and an infinite limit as a Double"
    case .integralNotConverged(let errorEstimate, let tolerance, let worst, let worstError, let intervals):
      """
      the integral has an error of about \(errorEstimate) after \(intervals) intervals, above the tolerance of \(tolerance). \
      The interval \(worst) alone has \(worstError): end a range at its singularity or jump, allow more intervals, or a larger \
      tolerance.
      """
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
