import Micrograd

/// Newton's method for systems, with steps that are shortened until they come closer to a root.
///
/// A step is accepted if the next correction, with the same Jacobian, is shorter (the natural monotonicity test of
/// Deuflhard, Newton Methods for Nonlinear Problems, 2004, section 3.3). Corrections are measured relative to the unknowns, so
/// neither the units of the unknowns nor those of the equations matter.
internal struct NewtonSolver {
  /// A root, with what is needed for its derivatives.
  struct Solution {
    let position: [Double]
    let factors: JacobianFactors
  }

  let system: EquationSystem
  let maximumIterations: Int

  /// A step is a full one or shortened by halves, at most so many times.
  private static let mostHalvings = 40
  /// A step of this size, relative to the unknowns, is rounding.
  private static let roundingStep = 4 * Double.ulpOfOne
  /// A step of this size, relative to the unknowns, that comes no closer to a root after fast steps is due to rounding errors.
  private static let shortStep = 1e-10
  private static let fastReduction = 0.01
  /// The relative distance from a root at which it is tested for being simple, and a second one.
  private static let testDistances = [1e-5, 1e-7]

  /// - Throws: ``OptimizationError`` if no root is found, or if it is a multiple root; what the function throws.
  func solve(from start: [Double]) throws -> Solution {
    var point = try system.evaluate(at: start)
    try requireFinite(point)
    var factors = try self.factors(point)
    var step = factors.step(point.values)
    var approach = [Double](repeating: 0, count: start.count)
    // The larger reduction of the last two steps. Newton's method reduces a distance from a simple root more and more; near a
    // multiple root, one reduction may be small by rounding.
    var (reduction, lastReduction) = (1.0, 1.0)
    var slowSteps = 0

    for _ in 0..<maximumIterations {
      if point.isSolved || Self.isRounding(step, at: point.position) {
        return try simple(point, factors, reduction, approach, scales: start)
      }
      let scales = zip(point.position, step).map { max(abs($0), abs($1)) }
      guard let next = try accepted(point, step, factors, scales) else {
        let hasConverged = lastReduction < Self.fastReduction && Self.norm(step, scales) < Self.shortStep
        guard try hasConverged || isRounding(point) else {
          throw OptimizationError.rootNotFound(position: point.position, iterations: nil)
        }
        return try simple(point, factors, reduction, approach, scales: start)
      }
      approach = step
      reduction = max(lastReduction, next.isFull ? next.reduction : 1)
      lastReduction = next.isFull ? next.reduction : 1
      point = next.point
      if point.isSolved, let last = JacobianFactors(point.jacobian) {
        return try simple(point, last, reduction, approach, scales: start)
      }
      factors = try self.factors(point)
      let following = factors.step(point.values)
      let ratio = Self.norm(following, scales) / Self.norm(step, scales)
      slowSteps = next.isFull && ratio > 0.4 && ratio < 0.92 ? slowSteps + 1 : 0
      step = following
      // Near an m-fold root, each step is 1 - 1/m of the step before.
      if slowSteps >= 30 { throw OptimizationError.multipleRoot(position: point.position) }
    }
    throw OptimizationError.rootNotFound(position: point.position, iterations: maximumIterations)
  }

  // MARK: - Steps

  private struct Accepted {
    let point: EquationSystem.Evaluation
    /// True if the step was not shortened.
    let isFull: Bool
    /// The length of the next correction, relative to the step.
    let reduction: Double
  }

  /// Returns the point after a step that comes closer to a root; `nil` if no step does.
  private func accepted(
    _ point: EquationSystem.Evaluation, _ step: [Double], _ factors: JacobianFactors, _ scales: [Double]
  ) throws -> Accepted? {
    let length = Self.norm(step, scales)
    var factor = 1.0
    for halvings in 0..<Self.mostHalvings {
      let position = zip(point.position, step).map { $0 + factor * $1 }
      if position == point.position { return nil }
      let next = try system.evaluate(at: position)
      if next.isFinite {
        let reduction = Self.norm(factors.step(next.values), scales) / length
        if reduction <= 1 - factor / 4 { return Accepted(point: next, isFull: halvings == 0, reduction: reduction) }
      }
      factor /= 2
      // A short step that does not help in full is due to rounding errors, and does not help in part.
      if length < Self.shortStep { return nil }
    }
    return nil
  }

  /// Returns true if the values of the equations are no larger than their rounding errors.
  private func isRounding(_ point: EquationSystem.Evaluation) throws -> Bool {
    zip(point.values, try system.rounding(at: point.position)).allSatisfy { abs($0) <= 4 * $1 }
  }

  private func factors(_ point: EquationSystem.Evaluation) throws -> JacobianFactors {
    guard let factors = JacobianFactors(point.jacobian) else {
      throw OptimizationError.singularJacobian(position: point.position)
    }
    return factors
  }

  private func requireFinite(_ point: EquationSystem.Evaluation) throws {
    for (row, value) in point.values.enumerated() where !value.isFinite {
      throw OptimizationError.residualNotFinite(row: row, found: value)
    }
    for (row, slopes) in point.jacobian.enumerated() {
      for (k, slope) in slopes.enumerated() where !slope.isFinite {
        throw OptimizationError.jacobianNotFinite(row: row, parameter: k, found: slope)
      }
    }
  }

  /// The largest element of a vector, each in units of its scale.
  private static func norm(_ vector: [Double], _ scales: [Double]) -> Double {
    zip(vector, scales).reduce(0) { largest, pair in
      pair.0 == 0 ? largest : max(largest, pair.1 == 0 ? 1 : abs(pair.0 / pair.1))
    }
  }

  private static func isRounding(_ step: [Double], at position: [Double]) -> Bool {
    zip(step, position).allSatisfy { abs($0) <= roundingStep * abs($1) }
  }

  // MARK: - Simple roots

  /// Returns a root, after testing that it is a simple one.
  private func simple(
    _ point: EquationSystem.Evaluation, _ factors: JacobianFactors, _ reduction: Double, _ approach: [Double],
    scales: [Double]
  ) throws -> Solution {
    let solution = Solution(position: point.position, factors: factors)
    if reduction > 0.1 {
      let sizes = zip(point.position, scales).map { $0 == 0 ? abs($1) : abs($0) }
      try requireSimple(solution, along: approach, sizes: sizes)
    }
    return solution
  }

  /// Throws if Newton's method, started at a short distance from a root, does not come back to it. Close to a multiple root
  /// it comes back by a part of the distance only, at most by half.
  ///
  /// - Parameters:
  ///   - direction: Where to start, seen from the root; zero if it is not known.
  ///   - sizes: The sizes of the unknowns, to which distances are relative.
  func requireSimple(_ solution: Solution, along direction: [Double], sizes: [Double]) throws {
    let root = solution.position
    let length = Self.norm(direction, sizes)
    if length == 0 { return }
    for distance in Self.testDistances {
      let shift = direction.map { -$0 * distance / length }
      let near = try system.evaluate(at: zip(root, shift).map { $0 + $1 })
      guard near.isFinite else { return }
      guard let factors = JacobianFactors(near.jacobian) else { continue }
      let rest = zip(shift, factors.step(near.values)).map { $0 + $1 }
      if Self.norm(rest, sizes) <= distance / 4 { return }
    }
    throw OptimizationError.multipleRoot(position: root)
  }
}
