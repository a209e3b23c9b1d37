import Micrograd

/// The derivatives of a step of an explicit method without events, by compiled products of the right-hand side.
///
/// The stages are kᵢ = f(t + cᵢ h, Yᵢ) with Yᵢ = y + h Σⱼ aᵢⱼ kⱼ. A result at the fraction θ of the step is y + h Σ bᵢ(θ) kᵢ, and the
/// state at its end y + h Σ bᵢ kᵢ. The end of the step is fixed, so h falls as t grows.
internal struct ExplicitStepDerivatives {
  private let tableau: RungeKuttaTableau
  private let step: TrajectoryStep
  private let states: Int
  private let parameters: [Double]
  /// The argument of the right-hand side at each stage: the time, the states and the parameters.
  private var arguments: [[Double]] = []
  private var stages: [[Double]] = []
  /// The fraction of each result.
  private let fractions: [Double]
  private let function: CompiledFunction

  /// Computes the stages of a step; `nil` if a stage takes a path that is not compiled.
  init?(_ tableau: RungeKuttaTableau, _ function: CompiledFunction, _ step: TrajectoryStep, _ x: [Double], results: Int)
  {
    (self.tableau, self.function, self.step) = (tableau, function, step)
    states = step.state.count
    parameters = Array(x[(1 + states)..<(x.count - results)])
    fractions = x.suffix(results).map { ($0 - step.time) / step.size }
    for i in tableau.nodes.indices {
      let argument = [step.time + tableau.nodes[i] * step.size] + advanced(tableau.coefficients[i]) + parameters
      guard let slopes = try? function.results(at: argument) else { return nil }
      arguments.append(argument)
      stages.append(slopes)
    }
  }

  /// Returns the states y + h Σ weights[i] kᵢ.
  private func advanced(_ weights: [Double]) -> [Double] {
    vector(states) { k in step.state[k] + step.size * sum(weights, stages, k) }
  }

  private func sum(_ weights: [Double], _ vectors: [[Double]], _ k: Int) -> Double {
    weights.indices.reduce(0) { weights[$1] == 0 ? $0 : $0 + weights[$1] * vectors[$1][k] }
  }

  /// Returns the weights bᵢ(θ), and their derivatives by θ.
  private func weights(_ fraction: Double) -> (values: [Double], slopes: [Double]) {
    let values = tableau.interpolant.map { row in row.reversed().reduce(0) { ($0 + $1) * fraction } }
    let slopes = tableau.interpolant.map { row in
      row.indices.reversed().reduce(0) { $0 * fraction + Double($1 + 1) * row[$1] }
    }
    return (values, slopes)
  }

  /// Returns Σ weights[i] ∇results[i] of ``ReplayedStep/results(of:)``; `nil` if a stage takes a path that is not compiled.
  func pullback(_ adjoints: [Double]) -> [Double]? {
    let (n, h) = (states, step.size)
    // The time at the end is constant, so its adjoint does not count.
    let end = Array(adjoints[1...n])
    var byState = end
    var (byTime, bySize) = (0.0, 0.0)
    var byParameters = [Double](repeating: 0, count: parameters.count)
    var byResultTimes: [Double] = []
    var byStages = tableau.weights.map { weight in vector(n) { h * weight * end[$0] } }
    bySize += vector(n) { end[$0] * sum(tableau.weights, stages, $0) }.reduce(0, +)
    for (r, fraction) in fractions.enumerated() {
      let adjoint = Array(adjoints[(1 + n + r * n)..<(1 + n + (r + 1) * n)])
      let (values, slopes) = weights(fraction)
      var byFraction = 0.0
      for k in 0..<n {
        byState[k] += adjoint[k]
        bySize += adjoint[k] * sum(values, stages, k)
        byFraction += adjoint[k] * h * sum(slopes, stages, k)
        for i in values.indices { byStages[i][k] += h * values[i] * adjoint[k] }
      }
      // θ = (τ - t) / h.
      byResultTimes.append(byFraction / h)
      byTime -= byFraction / h
      bySize -= byFraction * fraction / h
    }
    for i in tableau.nodes.indices.reversed() where byStages[i].contains(where: { $0 != 0 }) {
      guard let product = try? function.vectorJacobianProduct(at: arguments[i], along: byStages[i]) else { return nil }
      byTime += product[0]
      bySize += tableau.nodes[i] * product[0]
      for k in parameters.indices { byParameters[k] += product[1 + n + k] }
      let coefficients = tableau.coefficients[i]
      for k in 0..<n {
        let byArgument = product[1 + k]
        byState[k] += byArgument
        bySize += byArgument * sum(coefficients, stages, k)
        for j in coefficients.indices { byStages[j][k] += h * coefficients[j] * byArgument }
      }
    }
    return [byTime - bySize] + byState + byParameters + byResultTimes
  }

  /// Returns the derivatives of ``ReplayedStep/results(of:)`` along a direction; `nil` if a stage takes a path that is not compiled.
  func pushforward(_ direction: [Double]) -> [Double]? {
    let (n, h) = (states, step.size)
    let time = direction[0], size = -direction[0]
    var tangents: [[Double]] = []
    func advanced(_ weights: [Double]) -> [Double] {
      vector(n) { k in direction[1 + k] + size * sum(weights, stages, k) + h * sum(weights, tangents, k) }
    }
    for i in tableau.nodes.indices {
      let along =
        [time + tableau.nodes[i] * size] + advanced(tableau.coefficients[i])
        + direction[(1 + n)..<(1 + n + parameters.count)]
      guard let product = try? function.jacobianVectorProduct(at: arguments[i], along: along) else { return nil }
      tangents.append(product)
    }
    var found = [0] + advanced(tableau.weights)
    for (fraction, resultTime) in zip(fractions, direction.suffix(fractions.count)) {
      let (values, slopes) = weights(fraction)
      let moved = (resultTime - time - fraction * size) / h
      let states = advanced(values)
      found += vector(n) { k in states[k] + h * sum(slopes, stages, k) * moved }
    }
    return found
  }
}

/// Returns a list of `count` numbers.
private func vector(_ count: Int, _ number: (Int) -> Double) -> [Double] { (0..<count).map(number) }
