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
  private let results: StepResults
  /// The argument of the right-hand side at each stage: the time, the states and the parameters.
  private var arguments: [[Double]] = []
  private var stages: StageRows
  private let function: CompiledFunction

  /// Computes the stages of a step; `nil` if a stage takes a path that is not compiled.
  init?(_ tableau: RungeKuttaTableau, _ function: CompiledFunction, _ step: TrajectoryStep, _ x: [Double], results: Int)
  {
    (self.tableau, self.function, self.step) = (tableau, function, step)
    states = step.state.count
    parameters = Array(x[(1 + states)..<(x.count - results)])
    self.results = StepResults(x.suffix(results), of: step, tableau.interpolant)
    let start = [step.time] + step.state + parameters
    arguments.reserveCapacity(tableau.stageCount)
    stages = StageRows(width: states)
    var slopes = step.state
    for i in tableau.nodes.indices {
      var argument = start
      argument[0] += tableau.nodes[i] * step.size
      for (j, coefficient) in tableau.coefficients[i].enumerated() where coefficient != 0 {
        let factor = step.size * coefficient
        for k in 0..<states { argument[1 + k] += factor * stages[j, k] }
      }
      do { try function.results(at: argument, into: &slopes) } catch { return nil }
      arguments.append(argument)
      stages.append(slopes)
    }
  }

  /// Returns Σ weights[i] ∇results[i] of ``ReplayedStep/results(of:)``; `nil` if a stage takes a path that is not compiled.
  func pullback(_ adjoints: [Double]) -> [Double]? {
    let (n, h) = (states, step.size)
    // The time at the end is constant, so its adjoint does not count.
    let end = Array(adjoints[1...n])
    var byStages = StageRows(tableau.weights.map { h * $0 }, times: end)
    var by = StepAdjoint(state: end, parameters: parameters.count)
    for k in 0..<n { by.size += end[k] * stages.sum(tableau.weights, k) }
    results.pullback(Array(adjoints[(1 + n)...]), stages: stages, isBySize: true, byStages: &byStages, &by)
    var product = arguments[0]
    var weights = end
    for i in tableau.nodes.indices.reversed() where byStages.copy(i, into: &weights) {
      do { try function.vectorJacobianProduct(at: arguments[i], along: weights, into: &product) } catch {
        return nil
      }
      by.add(product, states: n)
      by.size += tableau.nodes[i] * product[0]
      for (j, coefficient) in tableau.coefficients[i].enumerated() where coefficient != 0 {
        let factor = h * coefficient
        var bySize = 0.0
        for k in 0..<n {
          bySize += product[1 + k] * stages[j, k]
          byStages[j, k] += factor * product[1 + k]
        }
        by.size += coefficient * bySize
      }
    }
    return by.list
  }

  /// Returns the derivatives of ``ReplayedStep/results(of:)`` along a direction; `nil` if a stage takes a path that is not compiled.
  func pushforward(_ direction: [Double]) -> [Double]? {
    let (n, h) = (states, step.size)
    let size = -direction[0]
    var tangents = StageRows(width: n)
    func moved(_ weights: [Double], _ k: Int) -> Double {
      direction[1 + k] + size * stages.sum(weights, k) + h * tangents.sum(weights, k)
    }
    for i in tableau.nodes.indices {
      let along =
        [direction[0] + tableau.nodes[i] * size] + vector(n) { moved(tableau.coefficients[i], $0) }
        + direction[(1 + n)..<(1 + n + parameters.count)]
      guard let product = try? function.jacobianVectorProduct(at: arguments[i], along: along) else { return nil }
      tangents.append(product)
    }
    return [0] + vector(n) { moved(tableau.weights, $0) }
      + results.pushforward(direction, states: n, moved: moved) { h * stages.sum($0, $1) }
  }
}
