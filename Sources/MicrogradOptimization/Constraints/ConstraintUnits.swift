import Micrograd

/// The internal units of a minimisation with constraints, which make it independent of the units of the functions.
///
/// The unit of a parameter is its size at the start. A parameter that starts at 0 is measured by its bounds, or else by
/// the change of it that brings a constraint to its level, or changes the function by its size. The unit of the function
/// and of each constraint is its largest slope, in the units of the parameters; that of the function is at least its
/// size.
internal struct ConstraintUnits {
  let parameters: [Double]
  let value: Double
  let rows: [Double]

  /// - Parameters:
  ///   - start: The initial parameters.
  ///   - derivatives: The results there, the function first, and the rows of their Jacobian.
  ///   - distances: By how much each constraint misses its level at the start.
  ///   - box: The bounds.
  ///   - hessian: Returns the Hessian of one of the results.
  init(
    at start: [Double], _ derivatives: ConstrainedFunction.Derivatives, distances: [Double], within box: Box,
    hessian: (Int) throws(OptimizationError) -> [Double]
  ) throws(OptimizationError) {
    let (results, jacobian, n) = (derivatives.results, derivatives.jacobian, start.count)
    let sizes = [abs(results[0])] + distances
    var curvatures: [[Double]] = []
    var parameters = start.map { abs($0) }
    for k in start.indices where !parameters[k].isNormal {
      var found = Self.widths(box.lower[k], box.upper[k])
      if found.isEmpty { found = sizes.indices.dropFirst().map { sizes[$0] / abs(jacobian[$0 * n + k]) }.usable }
      if found.isEmpty { found = [sizes[0] / abs(jacobian[k])].usable }
      if found.isEmpty {
        if curvatures.isEmpty { for row in results.indices { curvatures.append(try hessian(row)) } }
        found = sizes.indices.map { (sizes[$0] / abs(curvatures[$0][k * n + k])).squareRoot() }.usable
      }
      parameters[k] = found.min() ?? 1
    }
    let units = results.indices.map { row in
      parameters.indices.reduce(0) { max($0, abs(jacobian[row * n + $1]) * parameters[$1]) }
    }
    self.parameters = parameters
    value = [max(units[0], sizes[0])].usable.first ?? 1
    rows = sizes.indices.dropFirst().map { [units[$0]].usable.first ?? [sizes[$0]].usable.first ?? 1 }
  }

  private static func widths(_ lower: Double, _ upper: Double) -> [Double] {
    lower.isFinite && upper.isFinite ? [upper - lower].usable : [abs(lower), abs(upper)].usable
  }
}

extension [Double] {
  /// The numbers by which one can divide.
  fileprivate var usable: [Double] { filter { $0.isNormal } }
}
