import Micrograd

/// A line search along a step of an interior-point method, with second-order corrections: steps that also correct the
/// constraints for their curvature.
internal struct BarrierSearch {
  private let problem: ConstrainedProblem
  private let point: BarrierPoint
  private let barrier: Double
  private let system: BarrierSystem
  private let filter: StepFilter
  private let below, above: [Double]
  private let last: StepFilter.Entry

  /// A point that the filter accepts, with the changes of the rows' multipliers and the new multipliers of the bounds.
  struct Trial {
    var variables, results, multipliers, lower, upper: [Double]
    var verdict: StepFilter.Verdict
    var last: StepFilter.Entry
  }

  private static let mostCorrections = 4

  init(
    _ problem: ConstrainedProblem, from point: BarrierPoint, barrier: Double, _ system: BarrierSystem,
    _ filter: StepFilter
  ) {
    (self.problem, self.point, self.barrier, self.system, self.filter) = (problem, point, barrier, system, filter)
    below = zip(point.variables, problem.lower).map { $0 - $1 }
    above = zip(problem.upper, point.variables).map { $0 - $1 }
    last = Self.entry(point.results, point.variables, problem, barrier)
  }

  /// The part of the way to a bound that a step may take.
  private var reach: Double { max(0.99, 1 - barrier) }

  /// Returns a point that the filter accepts; `nil` if there is none.
  func trial() throws(OptimizationError) -> Trial? {
    let residuals = problem.residuals(point.results, point.variables)
    let (step, multipliers) = system.step(residuals)
    guard step.isFinite, multipliers.isFinite else { return nil }
    let slope = system.slopes.dot(step)
    let longest = length(step)
    var fraction = longest
    let isTiny = zip(step, point.variables).allSatisfy { abs($0) < 10 * Double.ulpOfOne * (1 + abs($1)) }
    while fraction > 1e-12 {
      let variables = moved(by: fraction, along: step)
      let results = try problem.results(variables)
      if results.isFinite {
        let found = Self.entry(results, variables, problem, barrier)
        let verdict = filter.verdict(of: found, after: last, step: fraction, slope: slope)
        if verdict != .refused { return accepted(variables, results, fraction, step, multipliers, verdict) }
        if fraction == longest, found.violation >= last.violation, problem.rowCount > 0,
          let corrected = try corrected(
            zip(residuals, problem.residuals(results, variables)).map { fraction * $0 + $1 }, found.violation,
            fraction, slope)
        {
          return corrected
        }
      }
      if isTiny { break }
      fraction /= 2
    }
    return nil
  }

  private func corrected(
    _ residuals: [Double], _ violation: Double, _ fraction: Double, _ slope: Double
  ) throws(OptimizationError) -> Trial? {
    var (residuals, violation) = (residuals, violation)
    for _ in 0..<Self.mostCorrections {
      let (step, multipliers) = system.step(residuals)
      guard step.isFinite, multipliers.isFinite else { return nil }
      let part = length(step)
      let variables = moved(by: part, along: step)
      let results = try problem.results(variables)
      guard results.isFinite else { return nil }
      let found = Self.entry(results, variables, problem, barrier)
      let verdict = filter.verdict(of: found, after: last, step: fraction, slope: slope)
      if verdict != .refused { return accepted(variables, results, part, step, multipliers, verdict) }
      if found.violation > 0.99 * violation { return nil }
      residuals = zip(residuals, problem.residuals(results, variables)).map { part * $0 + $1 }
      violation = found.violation
    }
    return nil
  }

  private func accepted(
    _ variables: [Double], _ results: [Double], _ fraction: Double, _ step: [Double], _ multipliers: [Double],
    _ verdict: StepFilter.Verdict
  ) -> Trial {
    let lower = step.indices.map { k in
      below[k] < .infinity ? (barrier - point.lower[k] * step[k]) / below[k] - point.lower[k] : 0
    }
    let upper = step.indices.map { k in
      above[k] < .infinity ? (barrier + point.upper[k] * step[k]) / above[k] - point.upper[k] : 0
    }
    let part = min(Self.length(point.lower, lower, reach), Self.length(point.upper, upper, reach))
    return Trial(
      variables: variables, results: results, multipliers: multipliers.map { fraction * $0 },
      lower: zip(point.lower, lower).map { $0 + part * $1 }, upper: zip(point.upper, upper).map { $0 + part * $1 },
      verdict: verdict, last: last)
  }

  private func moved(by fraction: Double, along step: [Double]) -> [Double] {
    zip(point.variables, step).map { $0 + fraction * $1 }
  }

  private func length(_ step: [Double]) -> Double {
    min(Self.length(below, step, reach), Self.length(above, step.map { -$0 }, reach))
  }

  /// Returns the part of a step, at most 1, after which numbers keep a part of their sizes.
  private static func length(_ numbers: [Double], _ step: [Double], _ reach: Double) -> Double {
    numbers.indices.reduce(1) { length, k in
      step[k] < 0 && numbers[k] < .infinity && numbers[k] > 0 ? min(length, -reach * numbers[k] / step[k]) : length
    }
  }

  private static func entry(
    _ results: [Double], _ variables: [Double], _ problem: ConstrainedProblem, _ barrier: Double
  ) -> StepFilter.Entry {
    var logarithms = 0.0
    for k in variables.indices {
      for distance in [variables[k] - problem.lower[k], problem.upper[k] - variables[k]] where distance < .infinity {
        logarithms += Double.log(distance)
      }
    }
    return StepFilter.Entry(
      violation: problem.residuals(results, variables).magnitudeSum, value: results[0] - barrier * logarithms)
  }
}
