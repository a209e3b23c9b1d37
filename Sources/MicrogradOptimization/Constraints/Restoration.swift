import Micrograd

/// The search for a point that satisfies the constraints, when steps towards the minimum fail: the minimum of the squares
/// of the violations within the bounds.
internal struct Restoration {
  let problem: ConstrainedProblem

  enum End {
    /// A position with a smaller violation.
    case smaller([Double])
    /// A position whose violation cannot be made smaller.
    case least([Double])
  }

  /// The largest violation, in scaled units, that counts as none.
  static let tolerance = 1e-8

  /// Searches from a position, in the units of the parameters.
  func search(from position: [Double]) throws(OptimizationError) -> End {
    let (constraints, levels, units) = (problem.constraints, problem.levels, problem.units.rows)
    func violations(_ x: [Value]) -> Value {
      let values = constraints.flatMap { $0.functions(x) }
      return values.indices.map { row in
        let (value, level) = (values[row] / units[row], levels[row])
        if level.lowerBound == level.upperBound { return (value - level.lowerBound).squared() }
        let below = level.lowerBound.isFinite ? (level.lowerBound - value).relu().squared() : 0 * value
        return level.upperBound.isFinite ? below + (value - level.upperBound).relu().squared() : below
      }.sum()
    }
    let objective = try Objective(violations, from: position, within: problem.box, compiles: false)
    var descent = TrustRegionDescent(around: objective.start)
    let enough = objective.start.own.value / 100
    let found = descent.run(on: objective, MinimizationOptions(gradientTolerance: 1e-15)) { state in
      state.value <= enough ? .stop : .goOn
    }
    problem.function.add(objective.counts)
    let isSmaller = found.value <= enough || found.value.squareRoot() <= Self.tolerance
    return isSmaller ? .smaller(found.position) : .least(found.position)
  }
}
