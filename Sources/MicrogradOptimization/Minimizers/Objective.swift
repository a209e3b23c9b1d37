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
}

/// The function to minimise, in scaled units. It counts its evaluations.
internal final class Objective {
  private let repeated: RepeatedFunction
  private let hessian: RepeatedHessian
  private let units: Units
  /// The bounds in the units of the function.
  private let ownBox: Box
  /// The bounds.
  let box: Box
  /// The start.
  let start: Point
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
    var units = Units(at: start, value: value, gradient: slopes)
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
    self.units = units
    ownBox = box
    self.box = box.scaled(by: units)
    self.start = Point(Point.Evaluation(position: start, value: value, gradient: slopes), in: units)
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
