import Micrograd

/// The way in which a reverse sweep takes adjoints back through a solution.
public enum AdjointMethod: Sendable, Hashable {
  /// Through the steps that were taken. The gradient is that of the numbers computed, to rounding.
  case discrete
  /// By solving the adjoint equation λ' = -(∂f/∂y)ᵀ λ backwards, with the same method and tolerances, along the continuous solution.
  /// (L. S. Pontryagin et al., *The Mathematical Theory of Optimal Processes*, 1962.) The gradient is that of the equation, to the
  /// tolerance, and so not quite that of the numbers computed. It takes steps of its own, which may be fewer. Not with events.
  case continuous
}

/// The adjoint equation of a solution.
internal struct ContinuousAdjoint {
  let twin: EquationTwin
  let solution: Trajectory
  /// The times of the results up to the end of the solution.
  let times: [Double]
  let method: IntegrationMethod
  let options: SolverOptions

  /// Returns Σ weights[i] ∇outputs[i] by the first time, the requested times, which may be more, the states and the parameters.
  func pullback(_ weights: [Double], timeCount: Int) throws(DynamicsError) -> [Double] {
    let equation = twin.equation
    let (n, parameters) = (equation.stateCount, solution.parameters)
    // The adjoints of the states, then those of the parameters.
    var adjoint = [Double](repeating: 0, count: n + parameters.count)
    let product = product
    let backwards = DifferentialEquation.inPlace(states: adjoint.count) { t, adjoint, _, slopes in
      let products = product(t, Array(adjoint[..<n]))
      for k in slopes.indices { slopes[k] = -products[1 + k] }
    }
    var byTimes = [Double](repeating: 0, count: timeCount)
    let start = solution.times[0]
    for k in times.indices.reversed() {
      let weight = Array(weights[(k * n)..<((k + 1) * n)])
      byTimes[k] = weight.dot(slopes(times[k]))
      for i in 0..<n { adjoint[i] += weight[i] }
      let earlier = k == 0 ? start : times[k - 1]
      guard earlier != times[k], adjoint.contains(where: { $0 != 0 }) else { continue }
      let steps = try backwards.solve(from: adjoint, at: times[k], to: earlier, method: method, options: options)
      adjoint = steps.states[steps.states.count - 1]
    }
    return [-Array(adjoint[..<n]).dot(slopes(start))] + byTimes + adjoint
  }

  private func sample(_ time: Double) -> [Double] { [time] + solution(at: time) + solution.parameters }

  private func slopes(_ time: Double) -> [Double] {
    var result = [Double](repeating: .nan, count: twin.equation.stateCount)
    do throws(DynamicsError.Reason) {
      try twin.equation.rightHandSide.evaluate(time, solution(at: time), into: &result)
    } catch {
      trap("\(error)")
    }
    return result
  }

  /// Returns Σ weights[i] ∇fᵢ by the time, the states and the parameters.
  private func product(_ time: Double, _ weights: [Double]) -> [Double] {
    let function = twin.equation.rightHandSide, sample = sample(time)
    if let found = try? function.compiled?.vectorJacobianProduct(at: sample, along: weights) { return found }
    guard let flat = function.flat else { return sample.map { _ in .nan } }
    return vectorJacobianProduct(at: sample, along: weights, of: flat)
  }
}
