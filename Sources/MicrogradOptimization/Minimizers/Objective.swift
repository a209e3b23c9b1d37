import Micrograd

/// A position with the function's value and gradient there, in the units of an objective.
internal struct Point {
  let position: [Double]
  let value: Double
  let gradient: [Double]
  /// Returns the point in the units of the function.
  let own: Evaluation

  /// A position with a value and a gradient.
  struct Evaluation {
    let position: [Double]
    let value: Double
    let gradient: [Double]
  }

  init(_ own: Evaluation, in units: Units, position: [Double]? = nil) {
    self.own = own
    self.position = position ?? units.scaled(own.position)
    value = own.value / units.value
    gradient = units.scaledGradient(own.gradient)
  }

  /// True if the value and the gradient are finite.
  var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }

  /// Returns which parameters are not held at a bound, nor close to one with a value that falls beyond it.
  func free(within box: Box) -> [Bool] {
    guard box.isBounded else { return position.map { _ in true } }
    let criticality = box.criticality(position, gradient: gradient)
    return position.indices.map {
      !box.isHeld($0, position, gradient: gradient, margin: min(criticality, 1e-8 * max(1, abs(position[$0]))))
    }
  }

  /// Returns true if a step changes no parameter by more than a tolerance times its size. Values do not show steps of the
  /// square root of the machine epsilon, so that is the least tolerance.
  func isShort(_ step: [Double], within box: Box, tolerance: Double = 0) -> Bool {
    let tolerance = max(tolerance, Double.ulpOfOne.squareRoot())
    let next = box.point(position, step: 1, along: step)
    return zip(next, position).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }
}

/// The function to minimise, in units that can be measured anew. It counts its evaluations.
internal final class Objective {
  private let repeated: RepeatedFunction
  private let hessian: RepeatedHessian
  private var units: Units
  /// The units that were measured at the start.
  private let startUnits: Units
  /// The bounds in the units of the function.
  private let ownBox: Box
  /// The bounds.
  let box: Box
  /// The position where the unit of the value was measured: the start, until the function is rescaled.
  private(set) var start: Point
  private(set) var counts = EvaluationCounts()

  init(
    _ function: @escaping ([Value]) -> Value, from start: [Double], within box: Box, compiles: Bool
  ) throws(OptimizationError) {
    let repeated = RepeatedFunction(function, compiles: compiles)
    self.repeated = repeated
    hessian = RepeatedHessian(of: function, repeated)
    let (value, slopes) = repeated.valueWithGradient(at: start)
    guard value.isFinite else { throw .valueNotFinite(found: value) }
    for (k, derivative) in slopes.enumerated() where !derivative.isFinite {
      throw .gradientNotFinite(parameter: k, found: derivative)
    }
    counts.values = 1
    counts.derivatives = 1
    let own = Point.Evaluation(position: start, value: value, gradient: slopes)
    let units = Self.measuredUnits(at: own, repeated, hessian, within: box, &counts)
    (self.units, startUnits, ownBox) = (units, units, box)
    self.box = box.scaled(by: units)
    self.start = Point(own, in: units)
  }

  /// Measures the unit of the value anew, at a point. Points in the old units must not be used any more.
  func rescale(at point: Point) {
    units.measureValue(at: point.own)
    start = Point(point.own, in: units, position: point.position)
  }

  private static func measuredUnits(
    at own: Point.Evaluation, _ repeated: RepeatedFunction, _ hessian: RepeatedHessian, within box: Box,
    _ counts: inout EvaluationCounts
  ) -> Units {
    let (start, value, slopes) = (own.position, own.value, own.gradient)
    var units = Units(at: own)
    for k in start.indices where units.isBySlope(k, of: start) {
      var next = start
      next[k] *= 1 + Units.trialStep
      let slope = repeated.valueWithGradient(at: box.projected(next)).gradient[k]
      counts.values += 1
      counts.derivatives += 1
      units.limit(k, at: start[k], from: slopes[k], to: slope)
    }
    if start.contains(0), slopes.contains(where: { $0 != 0 }) {
      let further = box.projected(zip(start, units.step(down: slopes)).map { $0 + $1 })
      let (end, next) = repeated.valueWithGradient(at: further)
      counts.values += 1
      counts.derivatives += 1
      for k in start.indices where start[k] == 0 { units.learn(k, from: slopes[k], to: next[k], step: further[k]) }
      // A slope that is only rounding gives a unit that is far too large, and the value there is not lower.
      if !(end <= value) {
        let zeros = start.indices.filter { start[$0] == 0 }
        counts.values += 1
        counts.hessianVectorProducts += zeros.count
        hessian.multiply(at: start) { product in
          for k in zeros { units.limit(k, byCurvature: product(vector(start.count) { $0 == k ? 1 : 0 })[k]) }
        }
      }
    }
    return units
  }

  /// Returns the largest derivative that matters; see ``Box/criticality(_:gradient:)``.
  func criticality(_ point: Point) -> Double { box.criticality(point.position, gradient: point.gradient) }

  /// Returns the same in the units of the start.
  func startCriticality(_ point: Point) -> Double {
    box.criticality(point.position, gradient: startUnits.scaledGradient(point.own.gradient))
  }

  /// How the function and its gradient are evaluated.
  var evaluation: FunctionEvaluation { repeated.evaluation }

  /// How products with the Hessian are computed; `nil` if there were none.
  var hessianEvaluation: FunctionEvaluation? { hessian.evaluation }

  func point(at position: [Double]) -> Point {
    counts.values += 1
    counts.derivatives += 1
    let own = unscaled(position)
    let (value, gradient) = repeated.valueWithGradient(at: own)
    return Point(Point.Evaluation(position: own, value: value, gradient: gradient), in: units, position: position)
  }

  /// Lets `body` multiply the Hessian at a position by vectors.
  func withHessian<Result>(
    at position: [Double], _ body: (_ product: @escaping ([Double]) -> [Double]) -> Result
  ) -> Result {
    counts.values += 1
    return hessian.multiply(at: unscaled(position)) { product in
      body { direction in
        self.counts.hessianVectorProducts += 1
        return self.units.scaledGradient(product(self.units.unscaled(direction)))
      }
    }
  }

  /// Returns a position in the units of the function. A parameter at a bound is exactly at the bound.
  private func unscaled(_ position: [Double]) -> [Double] {
    let own = units.unscaled(position)
    guard box.isBounded else { return own }
    return own.indices.map { k in
      if position[k] <= box.lower[k] { return ownBox.lower[k] }
      if position[k] >= box.upper[k] { return ownBox.upper[k] }
      return min(max(own[k], ownBox.lower[k]), ownBox.upper[k])
    }
  }
}
