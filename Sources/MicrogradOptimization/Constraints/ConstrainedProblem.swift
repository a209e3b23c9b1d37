import Micrograd

/// A minimisation with constraints in scaled units, with a slack for each constraint that is not an equality:
///
///     minimise f(x) subject to c(x) - s = target and lower ≤ (x, s) ≤ upper.
///
/// The variables are the parameters that can change, then the slacks. A slack is the value of its constraint, and its
/// target is 0; an equality has no slack, and its target is its level.
internal struct ConstrainedProblem {
  let function: ConstrainedFunction
  let units: ConstraintUnits
  let constraints: [Constraint]
  /// The bounds of all parameters, in their own units.
  let box: Box
  let start: [Double]
  /// The parameters that can change.
  let free: [Int]
  /// The rows with a slack.
  let slackRows: [Int]
  /// The number of constraint functions.
  let rowCount: Int
  let targets: [Double]
  /// The bounds of the variables.
  let lower, upper: [Double]
  /// The levels of all rows, in scaled units.
  let levels: [ClosedRange<Double>]

  init(
    _ f: @escaping ([Value]) -> Value, _ constraints: [Constraint], from start: [Double], within box: Box,
    compiles: Bool
  ) throws(OptimizationError) {
    for (k, constraint) in constraints.enumerated() {
      let (lower, upper) = (constraint.lower, constraint.upper)
      guard lower <= upper, lower < .infinity, upper > -.infinity else {
        throw .constraintLevel(constraint: k, lower: lower, upper: upper)
      }
    }
    let function = ConstrainedFunction(f, constraints, at: start, compiles: compiles)
    let owners = function.owners
    let derivatives = try function.derivatives(at: start)
    try Self.check(derivatives, owners, start)
    let ownLevels = owners.map { constraints[$0].lower...constraints[$0].upper }
    let distances = ownLevels.indices.map { row in
      let (level, found) = (ownLevels[row], derivatives.results[row + 1])
      return abs(found - (level.lowerBound.isFinite ? level.lowerBound : level.upperBound))
    }
    let units = try ConstraintUnits(at: start, derivatives, distances: distances, within: box) {
      (row: Int) throws(OptimizationError) in
      try function.hessian(
        at: start, weights: (0..<derivatives.results.count).map { $0 == row ? 1 : 0 })
    }
    let levels = ownLevels.indices.map { row in
      ownLevels[row].lowerBound / units.rows[row]...ownLevels[row].upperBound / units.rows[row]
    }
    let free = start.indices.filter { box.lower[$0] < box.upper[$0] }
    let slackRows = levels.indices.filter { levels[$0].lowerBound < levels[$0].upperBound }
    (self.function, self.units, self.constraints, self.box, self.start) = (function, units, constraints, box, start)
    (self.free, self.slackRows, self.levels, rowCount) = (free, slackRows, levels, levels.count)
    targets = levels.map { $0.lowerBound < $0.upperBound ? 0 : $0.lowerBound }
    lower = free.map { box.lower[$0] / units.parameters[$0] } + slackRows.map { levels[$0].lowerBound }
    upper = free.map { box.upper[$0] / units.parameters[$0] } + slackRows.map { levels[$0].upperBound }
  }

  private static func check(
    _ derivatives: ConstrainedFunction.Derivatives, _ owners: [Int], _ start: [Double]
  ) throws(OptimizationError) {
    let n = start.count
    for (row, found) in derivatives.results.enumerated() {
      guard found.isFinite else {
        throw row == 0 ? .valueNotFinite(found: found) : .constraintNotFinite(constraint: owners[row - 1], found: found)
      }
      for k in 0..<n where !derivatives.jacobian[row * n + k].isFinite {
        let found = derivatives.jacobian[row * n + k]
        throw row == 0
          ? .gradientNotFinite(parameter: k, found: found)
          : .constraintGradientNotFinite(constraint: owners[row - 1], parameter: k, found: found)
      }
    }
  }

  /// The number of variables that are parameters.
  var parameterCount: Int { free.count }

  /// The number of variables.
  var variableCount: Int { free.count + slackRows.count }

  /// Returns the parameters in their own units. A variable at a bound is exactly at the bound.
  func position(_ variables: [Double]) -> [Double] {
    var position = start
    for (k, parameter) in free.enumerated() {
      if variables[k] <= lower[k] {
        position[parameter] = box.lower[parameter]
      } else if variables[k] >= upper[k] {
        position[parameter] = box.upper[parameter]
      } else {
        let own = variables[k] * units.parameters[parameter]
        position[parameter] = min(max(own, box.lower[parameter]), box.upper[parameter])
      }
    }
    return position
  }

  /// Returns the variables at a position, with slacks of 0.
  func variables(at position: [Double]) -> [Double] {
    free.map { position[$0] / units.parameters[$0] } + [Double](repeating: 0, count: slackRows.count)
  }

  // MARK: - Values and derivatives in scaled units

  /// Returns the function and the constraints.
  func results(_ variables: [Double]) throws(OptimizationError) -> [Double] {
    scaled(try function.results(at: position(variables)))
  }

  func scaled(_ results: [Double]) -> [Double] {
    results.indices.map { results[$0] / ($0 == 0 ? units.value : units.rows[$0 - 1]) }
  }

  /// Returns the gradient of the function, and those of the constraints, by the parameters that can change.
  func gradients(_ variables: [Double]) throws(OptimizationError) -> [[Double]] {
    let (_, jacobian) = try function.derivatives(at: position(variables))
    return (0...rowCount).map { row in
      let unit = row == 0 ? units.value : units.rows[row - 1]
      return free.map { product(jacobian[row * start.count + $0], units.parameters[$0], over: unit) }
    }
  }

  /// Returns the columns of the Hessian of f + Σ multipliers · c.
  func hessian(_ variables: [Double], multipliers: [Double]) throws(OptimizationError) -> [[Double]] {
    let weights = [1 / units.value] + multipliers.indices.map { multipliers[$0] / units.rows[$0] }
    let hessian = try function.hessian(at: position(variables), weights: weights)
    return free.map { column in
      free.map { row in
        hessian[column * start.count + row] * units.parameters[row] * units.parameters[column]
      }
    }
  }

  /// Returns c(x) - s - target.
  func residuals(_ results: [Double], _ variables: [Double]) -> [Double] {
    var residuals = (0..<rowCount).map { results[$0 + 1] - targets[$0] }
    for (k, row) in slackRows.enumerated() { residuals[row] -= variables[free.count + k] }
    return residuals
  }

  /// Returns by how much each row misses its levels.
  func violations(_ results: [Double]) -> [Double] {
    levels.indices.map { row in
      max(levels[row].lowerBound - results[row + 1], results[row + 1] - levels[row].upperBound, 0)
    }
  }
}
