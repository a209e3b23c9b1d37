import Micrograd

/// A step of the linear model within a radius and within bounds.
///
/// Parameters that a bound holds do not change. Those that the step carries to a bound are left there, and the rest is solved
/// anew. A step that lowers the model less than the projected gradient does is replaced by that, so that the fit cannot stop
/// but where the conditions of Karush, Kuhn and Tucker hold.
internal struct BoundedStep {
  let parameters: [Double]
  let values: [Double]
  let jacobian: Columns
  let scale: [Double]
  let box: Box

  func step(within radius: Double, damping: inout Double) -> [Double] {
    let gradient = jacobian.transposedTimes(values)
    var free = parameters.indices.filter { !box.isHeld($0, parameters, gradient: gradient) }
    var step = [Double](repeating: 0, count: parameters.count)
    guard box.isBounded else {
      (step, damping) = DampedStep(jacobian: jacobian, residuals: values, scale: scale)
        .step(within: radius, guess: damping)
      return step
    }
    while !free.isEmpty {
      let fixed = jacobian.times(step)
      let part = DampedStep(
        jacobian: jacobian.selecting(free), residuals: zip(values, fixed).map { $0 + $1 }, scale: free.map { scale[$0] }
      )
      let spent = euclideanNorm(zip(step, scale).map { $0 * $1 })
      let left = max(radius * radius - spent * spent, 0).squareRoot()
      guard left > 0 else { break }
      let found = part.step(within: left, guess: damping)
      damping = found.damping
      var reached: [Int] = []
      for (k, index) in free.enumerated() {
        let target = parameters[index] + found.step[k]
        step[index] = found.step[k]
        if target < box.lower[index] || target > box.upper[index] {
          step[index] = min(max(target, box.lower[index]), box.upper[index]) - parameters[index]
          reached.append(index)
        }
      }
      if reached.isEmpty { break }
      free.removeAll { reached.contains($0) }
      for index in free { step[index] = 0 }
    }
    let downhill = cauchyStep(within: radius, gradient)
    return change(step) <= change(downhill) ? step : downhill
  }

  /// By how much the sum of squares of the linear model changes.
  private func change(_ step: [Double]) -> Double {
    let product = jacobian.times(step)
    return zip(values, product).reduce(0) { $0 + (2 * $1.0 + $1.1) * $1.1 }
  }

  /// The first point along the projected scaled gradient at which the model falls enough.
  private func cauchyStep(within radius: Double, _ gradient: [Double]) -> [Double] {
    let direction = vector(gradient.count) { k in
      box.isHeld(k, parameters, gradient: gradient) ? 0 : -gradient[k] / scale[k] / scale[k]
    }
    let length = euclideanNorm(zip(direction, scale).map { $0 * $1 })
    guard length > 0 else { return direction }
    let product = jacobian.times(direction)
    let curvature = product.dot(product)
    var factor = radius / length
    if curvature > 0 { factor = min(factor, -gradient.dot(direction) / curvature) }
    for _ in 0..<60 {
      let step = zip(box.point(parameters, step: factor, along: direction), parameters).map { $0 - $1 }
      if change(step) <= 0.02 * gradient.dot(step) { return step }
      factor /= 4
    }
    return [Double](repeating: 0, count: gradient.count)
  }
}
