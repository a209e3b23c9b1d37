import Micrograd

/// The search for the ends of profile likelihood intervals.
internal struct Profile {
  private let residuals: Residuals
  private let fit: FitResult
  private let box: Box
  /// The τ of both ends.
  private let quantile: Double
  private let errors: [Double]
  private let covariance: [[Double]]

  /// A fit of the other parameters.
  private struct Refit {
    /// The distance from the estimate.
    let distance: Double
    let tau: Double
    let parameters: [Double]
  }

  /// More steps outwards are not tried: each is at least half as long again as the way so far.
  private static let (outwards, inwards) = (60, 60)

  init(_ residuals: Residuals, of fit: FitResult, quantile: Double) throws(OptimizationError) {
    self.residuals = residuals
    self.fit = fit
    self.quantile = quantile
    box = try Box(fit.bounds, around: fit.parameters)
    errors = try fit.requiredErrors()
    covariance = fit.covariance ?? []
    residuals.prepare(at: fit.parameters)
    let found = residuals.evaluate(at: fit.parameters, wantsPoint: false).residuals
    guard found.count == fit.residuals.count, let point = residuals.point(at: fit.parameters, found),
      zip(found, fit.residuals).map({ $0 - $1 }).norm <= (1e-6 + 100 * point.relativeRounding) * fit.residualNorm
    else { throw .otherData }
  }

  func interval(_ k: Int) throws(OptimizationError) -> ProfileInterval {
    ProfileInterval(
      name: fit.names[k], estimate: fit.parameters[k], lower: try end(k, sign: -1), upper: try end(k, sign: 1))
  }

  private func end(_ k: Int, sign: Double) throws(OptimizationError) -> ProfileInterval.End {
    let estimate = fit.parameters[k]
    let bound = sign < 0 ? box.lower[k] : box.upper[k]
    let room = sign * (bound - estimate)
    if room <= 0 { return .bound(bound) }
    if errors[k] == 0, !fit.heldByBounds.contains(k) { return .at(estimate) }
    var inner = Refit(distance: 0, tau: 0, parameters: fit.parameters)
    var distance = firstDistance(k)
    var passed = [inner]
    var failed: Double?
    for _ in 0..<Self.outwards {
      let next = min(distance, room)
      guard next.isFinite, (estimate + sign * next).isFinite else { return .open }
      guard let found = try refit(k, at: estimate + sign * next, next, near: inner) else {
        // Too far for one step, or for good.
        failed = next
        distance = (inner.distance + next) / 2
        if next - inner.distance <= 1e-3 * next { return .unknown(beyond: estimate + sign * inner.distance) }
        continue
      }
      if found.tau >= quantile { return .at(estimate + sign * (try root(k, sign, inner, found))) }
      if next == room { return .bound(bound) }
      inner = found
      passed.append(found)
      // If τ hardly grows while the distance grows a hundredfold, it never gets there.
      if let before = passed.last(where: { $0.distance > 0 && $0.distance <= found.distance / 100 }),
        found.tau - before.tau < 0.01 * quantile
      {
        return .open
      }
      let straight = found.tau > 0 ? 1.1 * found.distance * quantile / found.tau : .infinity
      distance = min(max(straight, 1.5 * found.distance), 4 * found.distance)
      if let failed { distance = min(distance, (found.distance + failed) / 2) }
    }
    return failed == nil ? .open : .unknown(beyond: estimate + sign * inner.distance)
  }

  /// The distance of the end if the model were linear; a guess for a parameter that a bound holds.
  private func firstDistance(_ k: Int) -> Double {
    if errors[k] > 0 { return quantile * errors[k] }
    return fit.parameters[k] != 0 ? 1e-3 * abs(fit.parameters[k]) : 1e-3
  }

  /// Returns the distance between two where τ is the quantile: regula falsi, after Illinois.
  private func root(_ k: Int, _ sign: Double, _ inner: Refit, _ outer: Refit) throws(OptimizationError) -> Double {
    var (lower, upper) = (inner, outer)
    var (below, above) = (inner.tau - quantile, outer.tau - quantile)
    var side = 0
    for _ in 0..<Self.inwards {
      if upper.distance - lower.distance <= 4 * Double.ulpOfOne * (abs(fit.parameters[k]) + upper.distance) { break }
      var middle = (lower.distance * above - upper.distance * below) / (above - below)
      if !(middle > lower.distance && middle < upper.distance) { middle = (lower.distance + upper.distance) / 2 }
      guard let found = try refit(k, at: fit.parameters[k] + sign * middle, middle, near: lower) else { break }
      let miss = found.tau - quantile
      if abs(miss) <= 1e-12 * quantile { return middle }
      if miss < 0 {
        (lower, below) = (found, miss)
        if side == -1 { above /= 2 }
        side = -1
      } else {
        (upper, above) = (found, miss)
        if side == 1 { below /= 2 }
        side = 1
      }
    }
    return abs(below) < abs(above) ? lower.distance : upper.distance
  }

  /// Fits the other parameters with one held at a value; `nil` if that does not converge.
  private func refit(
    _ k: Int, at value: Double, _ distance: Double, near: Refit
  ) throws(OptimizationError) -> Refit? {
    var start = near.parameters
    if near.distance == 0, covariance.indices.contains(k), covariance[k][k] > 0 {
      // The others follow the one that is held, as the linear model says.
      for i in start.indices where i != k {
        start[i] += product(covariance[i][k], value - fit.parameters[k], over: covariance[k][k])
      }
    }
    start[k] = value
    guard start.isFinite else { return nil }
    let free = zip(box.lower, box.upper).map { $0...$1 }
    let held = free.indices.map { $0 == k ? value...value : free[$0] }
    for start in [box.projected(start), replaced(fit.parameters, k, value)] {
      var method: LevenbergMarquardt
      do throws(OptimizationError) {
        method = try LevenbergMarquardt(residuals, within: Box(held, around: start), from: start, fit.options)
      } catch .residualNotFinite, .jacobianNotFinite {
        continue
      }
      guard try method.run({ _ in .goOn }).isConvergence else { continue }
      let point = method.point
      return Refit(distance: distance, tau: try tau(point), parameters: point.parameters)
    }
    return nil
  }

  private func replaced(_ parameters: [Double], _ k: Int, _ value: Double) -> [Double] {
    var parameters = parameters
    parameters[k] = value
    return parameters
  }

  /// √((S - Sₘᵢₙ) / s²), by a difference in which less cancels.
  private func tau(_ point: FitPoint) throws(OptimizationError) -> Double {
    let unit = point.unit
    let rise = point.residuals.squareDifference(fit.residuals, unit: unit)
    let total = fit.residualNorm / unit
    if rise < -1e-6 * total * total { throw .lowerMinimum(parameters: point.parameters) }
    let deviation = fit.isScatterKnown ? 1 : fit.residualStandardDeviation ?? 1
    return max(rise, 0).squareRoot() * unit / deviation
  }
}
