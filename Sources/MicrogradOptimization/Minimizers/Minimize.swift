import Micrograd

/// Finds a local minimum of a function of any number of parameters.
///
/// ```swift
/// func rosenbrock(_ x: [Value]) -> Value { (1 - x[0]).squared() + 100 * (x[1] - x[0] * x[0]).squared() }
/// let minimum = try minimize(rosenbrock, from: [-1.2, 1])
/// minimum.position  // [1.0, 1.0] to ten digits
/// ```
///
/// All derivatives are exact. If the function is not finite after a step, the step is shortened. The result does not depend
/// on units: a minimiser measures parameters and values by their sizes at the start. So start at numbers of the size that the
/// parameters have, not at numbers close to zero.
///
/// - Parameters:
///   - f: The function to minimise. It should be smooth near the minimum.
///   - start: The initial parameters. The function and its gradient must be finite there.
///   - method: The method.
///   - bounds: The range of each parameter, `-Double.infinity ... .infinity` for no bound. The function is never evaluated
///     outside.
///   - options: The stopping criteria.
///   - progress: Called after every iteration; it may stop the iteration.
/// - Returns: The result. It may not have converged; see ``MinimizationResult/isConverged``.
/// - Throws: ``OptimizationError`` for an invalid start or bounds.
public func minimize(
  _ f: ([Value]) -> Value, from start: [Double], method: MinimizationMethod = .lbfgs,
  bounds: [ClosedRange<Double>]? = nil, options: MinimizationOptions = MinimizationOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn }
) throws(OptimizationError) -> MinimizationResult {
  options.check()
  let box = try Box(bounds, around: start)
  return try withoutActuallyEscaping(f) { (f) throws(OptimizationError) in
    let objective = try Objective(f, from: start, within: box, compiles: options.compiles)
    var descent: any Descent =
      switch method {
      case .lbfgs: LBFGSDescent(historySize: options.historySize)
      case .newtonCG: NewtonDescent()
      case .trustRegion: TrustRegionDescent(around: objective.start)
      }
    return descent.run(on: objective, options, progress)
  }
}
