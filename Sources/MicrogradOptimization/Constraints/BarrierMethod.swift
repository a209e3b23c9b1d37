import Micrograd

/// A primal-dual interior-point method with a filter: A. Wächter and L. T. Biegler, *On the implementation of an
/// interior-point filter line-search algorithm for large-scale nonlinear programming* (2006), with exact Hessians.
///
/// The barrier -w Σ log(distance to a bound) keeps the variables within their bounds. Its weight w falls when the
/// conditions of its minimum hold about as well as w is small.
internal struct BarrierMethod {
  let problem: ConstrainedProblem
  private(set) var point: BarrierPoint
  private(set) var iterations = 0
  private let tolerance: Double
  private let smallestBarrier: Double
  private var barrier = 0.1
  private var filter: StepFilter
  private var lastShift = 0.0
  private var restorations = 0

  private static let mostRestorations = 20

  init(_ problem: ConstrainedProblem, tolerance: Double) throws(OptimizationError) {
    self.problem = problem
    self.tolerance = tolerance
    smallestBarrier = max(tolerance, 1e-13) / 10
    point = try BarrierPoint(inside: problem, near: problem.start)
    filter = StepFilter(startingAt: problem.residuals(point.results, point.variables).magnitudeSum)
  }

  /// Iterates until there is a reason to stop. ``StoppingReason/rounding`` says that no step was found from a point that
  /// satisfies the constraints.
  mutating func run(
    _ options: MinimizationOptions, _ progress: (OptimizationProgress) -> OptimizationProgress.Decision
  ) throws(OptimizationError) -> StoppingReason {
    while true {
      if point.errors(problem, barrier: 0).largest <= tolerance { return .gradientTolerance }
      if iterations >= options.maximumIterations { return .maximumIterations }
      while barrier > smallestBarrier, point.errors(problem, barrier: barrier).largest <= 10 * barrier {
        lowerBarrier()
      }
      let hessian = try problem.hessian(point.variables, multipliers: point.multipliers)
      guard
        let system = BarrierSystem(problem, at: point, barrier: barrier, hessian: hessian, lastShift: lastShift)
      else { return .stepNotFinite }
      if system.shift > 0 { lastShift = system.shift }
      if let trial = try BarrierSearch(problem, from: point, barrier: barrier, system, filter).trial() {
        try take(trial)
      } else if let reason = try recover() {
        return reason
      } else {
        continue
      }
      iterations += 1
      let state = OptimizationProgress(
        iteration: iterations, position: problem.position(point.variables),
        value: point.results[0] * problem.units.value, gradientNorm: point.errors(problem, barrier: 0).largest)
      if progress(state) == .stop { return .stopped }
      let isFar = point.results[0] < -1e20 || point.variables.prefix(problem.parameterCount).contains { abs($0) > 1e20 }
      if isFar { return .unbounded }
    }
  }

  private mutating func lowerBarrier() {
    barrier = max(smallestBarrier, min(0.2 * barrier, Double.pow(barrier, 1.5)))
    filter = StepFilter(startingAt: problem.residuals(point.results, point.variables).magnitudeSum)
  }

  private mutating func take(_ trial: BarrierSearch.Trial) throws(OptimizationError) {
    if trial.verdict == .progress { filter.add(trial.last) }
    point.variables = trial.variables
    point.results = trial.results
    point.multipliers = zip(point.multipliers, trial.multipliers).map { $0 + $1 }
    (point.lower, point.upper) = (trial.lower, trial.upper)
    point.loosenSlacks(problem)
    point.limitMultipliers(problem, barrier: barrier)
    point.gradients = try problem.gradients(point.variables)
  }

  /// Goes on when no step was found; returns a reason to stop if that is impossible.
  private mutating func recover() throws(OptimizationError) -> StoppingReason? {
    let violation = problem.violations(point.results).largestMagnitude
    let residual = problem.residuals(point.results, point.variables).largestMagnitude
    if max(violation, residual) <= Restoration.tolerance {
      guard barrier > smallestBarrier else { return .rounding }
      lowerBarrier()
      return nil
    }
    guard restorations < Self.mostRestorations else { return .stalled }
    restorations += 1
    let position = problem.position(point.variables)
    switch try Restoration(problem: problem).search(from: position) {
    case .smaller(let position):
      point = try BarrierPoint(inside: problem, near: position, barrier: barrier)
      filter = StepFilter(startingAt: problem.residuals(point.results, point.variables).magnitudeSum)
      return nil
    case .least(let position):
      let variables = problem.variables(at: position)
      point.results = try problem.results(variables)
      point.variables = variables
      for (k, row) in problem.slackRows.enumerated() {
        point.variables[problem.parameterCount + k] = point.results[row + 1]
      }
      return .infeasible
    }
  }
}

extension BarrierPoint {
  /// A point near a position, but away from the bounds.
  init(inside problem: ConstrainedProblem, near position: [Double], barrier: Double? = nil) throws(OptimizationError) {
    let part = barrier.map { min($0, 1e-2) } ?? 1e-2
    let start = problem.variables(at: position)
    var (variables, results, margin) = (start, [Double](), part)
    repeat {
      variables = Self.inside(start, problem, margin: margin)
      results = try problem.results(variables)
      margin /= 100
    } while !results.isFinite && margin > 1e-12
    for (k, row) in problem.slackRows.enumerated() { variables[problem.parameterCount + k] = results[row + 1] }
    variables = Self.inside(variables, problem, margin: part)
    self.variables = variables
    self.results = results
    gradients = try problem.gradients(variables)
    guard let value = results.first, value.isFinite else { throw .valueNotFinite(found: results[0]) }
    let bounded = variables.indices
    lower = bounded.map { k in
      problem.lower[k] == -.infinity ? 0 : barrier.map { min(1e3, $0 / (variables[k] - problem.lower[k])) } ?? 1
    }
    upper = bounded.map { k in
      problem.upper[k] == .infinity ? 0 : barrier.map { min(1e3, $0 / (problem.upper[k] - variables[k])) } ?? 1
    }
    multipliers = [Double](repeating: 0, count: problem.rowCount)
    multipliers = leastSquaresMultipliers(problem)
  }

  /// Returns variables moved away from the bounds by at least a part of their size, or of the distance of their bounds.
  private static func inside(_ variables: [Double], _ problem: ConstrainedProblem, margin: Double) -> [Double] {
    variables.indices.map { k in
      let (lower, upper) = (problem.lower[k], problem.upper[k])
      let width = margin * (upper - lower)
      let lowest = lower.isFinite ? lower + min(margin * max(1, abs(lower)), width) : lower
      let highest = upper.isFinite ? upper - min(margin * max(1, abs(upper)), width) : upper
      return min(max(variables[k], lowest), highest)
    }
  }

  /// Returns the multipliers of the rows for which the derivatives of the Lagrangian are smallest, or zeros if they are
  /// very large.
  private func leastSquaresMultipliers(_ problem: ConstrainedProblem) -> [Double] {
    let (n, rows) = (variables.count, problem.rowCount)
    guard rows > 0 else { return [] }
    let size = n + rows, count = problem.parameterCount
    var matrix = [Double](repeating: 0, count: size * size)
    for k in 0..<n { matrix[k * size + k] = 1 }
    for row in 0..<rows {
      for k in 0..<count { matrix[k * size + n + row] = gradients[row + 1][k] }
      matrix[(n + row) * size + n + row] = -1e-12
    }
    for (k, row) in problem.slackRows.enumerated() { matrix[(count + k) * size + n + row] = -1 }
    guard matrix.isFinite else { return multipliers }
    let slopes = slopes(problem)
    var side: [Double] = (0..<n).map { lower[$0] - upper[$0] - slopes[$0] }
    side += [Double](repeating: 0, count: rows)
    let found = Array(SymmetricFactors(matrix, count: size).solve(side)[n...])
    return found.isFinite && found.largestMagnitude < 1e3 ? found : multipliers
  }

  /// Sets slacks of constraints that hold by a wider margin to that margin: it lowers the barrier and the residual.
  fileprivate mutating func loosenSlacks(_ problem: ConstrainedProblem) {
    for (slack, row) in problem.slackRows.enumerated() {
      let (k, found) = (problem.parameterCount + slack, results[row + 1])
      if problem.upper[k] == .infinity { variables[k] = max(variables[k], found) }
      if problem.lower[k] == -.infinity { variables[k] = min(variables[k], found) }
    }
  }

  /// Keeps the multipliers of bounds within a factor of 10¹⁰ of those at the minimum with the barrier.
  fileprivate mutating func limitMultipliers(_ problem: ConstrainedProblem, barrier: Double) {
    func limited(_ multiplier: Double, _ distance: Double) -> Double {
      distance < .infinity ? min(max(multiplier, 1e-10 * barrier / distance), 1e10 * barrier / distance) : 0
    }
    for k in variables.indices {
      lower[k] = limited(lower[k], variables[k] - problem.lower[k])
      upper[k] = limited(upper[k], problem.upper[k] - variables[k])
    }
  }
}
