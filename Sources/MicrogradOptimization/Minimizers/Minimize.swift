import Micrograd

/// Finds a minimum of a function of any number of parameters, near where it starts.
///
///     func rosenbrock(_ x: [Value]) -> Value { (1 - x[0]).squared() + 100 * (x[1] - x[0] * x[0]).squared() }
///     let minimum = try minimize(rosenbrock, from: [-1.2, 1])
///     minimum.position  // [1.0, 1.0] to ten digits
///
/// All derivatives are exact. Where the function is not finite, steps are shortened until it is. Units do not matter: a
/// minimiser measures parameters and values by their sizes at the start. So start at numbers of the size that the parameters
/// have, not at ones that are nearly zero.
///
/// - Parameters:
///   - f: The function; smooth, or smooth where it leads.
///   - start: The parameters at the start, where the function and its gradient are finite.
///   - method: How the minimum is searched.
///   - bounds: Between what the parameters stay, one range each, `-Double.infinity ... .infinity` where there is none;
///     the function is not evaluated outside.
///   - options: When to stop.
///   - progress: Called after every iteration; may stop it.
/// - Returns: The minimum, or how far it came; see ``MinimizationResult/isConverged``.
/// - Throws: What is wrong with the start or the bounds.
public func minimize(
  _ f: ([Value]) -> Value, from start: [Double], method: MinimizationMethod = .lbfgs,
  bounds: [ClosedRange<Double>]? = nil, options: MinimizationOptions = MinimizationOptions(),
  progress: (OptimizationProgress) -> OptimizationProgress.Decision = { _ in .goOn }
) throws(OptimizationError) -> MinimizationResult {
  options.check()
  let box = try Box(bounds, around: start)
  return try withoutActuallyEscaping(f) { (f) throws(OptimizationError) in
    let objective = try Objective(f, from: start, within: box)
    var descent: any Descent =
      switch method {
      case .lbfgs: LBFGSDescent(historySize: options.historySize)
      case .newtonCG: NewtonDescent()
      case .trustRegion: TrustRegionDescent(around: objective.start.position)
      }
    return descent.run(on: objective, options, progress)
  }
}
