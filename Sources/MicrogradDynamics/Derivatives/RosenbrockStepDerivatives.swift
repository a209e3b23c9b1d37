import Micrograd

/// The derivatives of a step of a Rosenbrock method without events, by compiled derivatives of the right-hand side.
///
/// With the notation of ``RosenbrockTableau`` and W = 1 / (γ h) - J, the stages solve W uᵢ = rᵢ. So adjoints solve Wᵀ λᵢ = ūᵢ, and the
/// Jacobian contributes the derivatives of λᵢᵀ J uᵢ, a product with the Hessian of λᵢᵀ f. The end of the step is fixed, so h falls as t
/// grows.
internal struct RosenbrockStepDerivatives {
  private let tableau: RosenbrockTableau
  private let functions: EquationTwin.StiffFunctions
  private let step: TrajectoryStep
  private let states: Int
  private let results: StepResults
  private let start: [Double]
  private let factors: BandedFactors
  private let places: [Int]
  private var arguments: [[Double]] = []
  private var stages: StageRows

  /// Computes the stages of a step; `nil` if the right-hand side takes a path that is not compiled.
  init?(_ tableau: RosenbrockTableau, _ twin: EquationTwin, _ step: TrajectoryStep, _ x: [Double], results: Int) {
    guard let functions = twin.stiffFunctions else { return nil }
    (self.tableau, self.functions, self.step, states) = (tableau, functions, step, step.state.count)
    self.results = StepResults(x.suffix(results), of: step, tableau.interpolant)
    let parameters = x[(1 + states)..<(x.count - results)]
    start = [step.time] + step.state + parameters
    let jacobian = twin.equation.stateJacobian
    guard let slopes = try? functions.slopes.results(at: start) else { return nil }
    jacobian.prepare(time: step.time, state: step.state)
    var factors = jacobian.emptyFactors
    guard (try? jacobian.evaluate(step.time, step.state, slope: slopes, reach: step.size)) != nil,
      jacobian.factor(&factors, shift: 1 / (tableau.gamma * step.size))
    else { return nil }
    (self.factors, places) = (factors, jacobian.order.places)
    stages = StageRows(width: states)
    for i in tableau.nodes.indices {
      let argument =
        [step.time + tableau.nodes[i] * step.size]
        + vector(states) { step.state[$0] + stages.sum(tableau.coefficients[i], $0) } + parameters
      guard let slopes = try? functions.slopes.results(at: argument) else { return nil }
      arguments.append(argument)
      let ofTime = tableau.timeWeights[i] * step.size
      stages.append(
        solved(
          vector(states) { k in
            slopes[k] + ofTime * jacobian.byTime[k] + stages.sum(tableau.couplings[i], k) / step.size
          }))
    }
  }

  private func solved(_ side: [Double], transposed: Bool = false) -> [Double] {
    var ordered = side
    for k in side.indices { ordered[places[k]] = side[k] }
    if transposed { factors.solveTransposed(&ordered) } else { factors.solve(&ordered) }
    return side.indices.map { ordered[places[$0]] }
  }

  /// Returns Σ weights[i] ∇results[i] of ``ReplayedStep/results(of:)``; `nil` if a stage takes a path that is not compiled.
  func pullback(_ adjoints: [Double]) -> [Double]? {
    let (n, h) = (states, step.size)
    let end = Array(adjoints[1...n])
    var byStages = StageRows(tableau.weights, times: end)
    var by = StepAdjoint(state: end, parameters: start.count - 1 - n)
    results.pullback(Array(adjoints[(1 + n)...]), stages: stages, isBySize: false, byStages: &byStages, &by)
    var gradient = [Double](repeating: 0, count: start.count + n)
    var product = gradient
    var byStage = end
    for i in tableau.nodes.indices.reversed() where byStages.copy(i, into: &byStage) {
      let weights = solved(byStage, transposed: true)
      let along =
        [tableau.timeWeights[i] * h] + vector(n) { stages[i, $0] } + [Double](repeating: 0, count: start.count - 1)
      guard let byArgument = try? functions.slopes.vectorJacobianProduct(at: arguments[i], along: weights),
        (try? functions.weighted.valueWithGradient(
          at: start + weights, along: along, into: &gradient, hessianProduct: &product)) != nil
      else { return nil }
      by.size += stages.dot(i, weights) / (tableau.gamma * h * h) + tableau.timeWeights[i] * gradient[0]
      by.add(product, states: n)
      by.add(byArgument, states: n)
      by.size += tableau.nodes[i] * byArgument[0]
      for j in 0..<i {
        let (a, g) = (tableau.coefficients[i][j], tableau.couplings[i][j])
        by.size -= g * stages.dot(j, weights) / (h * h)
        for k in 0..<n { byStages[j, k] += a * byArgument[1 + k] + g * weights[k] / h }
      }
    }
    return by.list
  }

  /// Returns the derivatives of ``ReplayedStep/results(of:)`` along a direction; `nil` if a stage takes a path that is not compiled.
  func pushforward(_ direction: [Double]) -> [Double]? {
    let (n, h) = (states, step.size)
    let size = -direction[0]
    let place = Array(direction[..<start.count])
    let zeros = [Double](repeating: 0, count: start.count - 1)
    var tangents = StageRows(width: n)
    for i in tableau.nodes.indices {
      let along =
        [place[0] + tableau.nodes[i] * size]
        + vector(n) { place[1 + $0] + tangents.sum(tableau.coefficients[i], $0) } + place[(1 + n)...]
      let multiplied =
        start + [tableau.timeWeights[i] * h] + vector(n) { stages[i, $0] }
        + [Double](repeating: 0, count: start.count - 1 - n)
      guard let slopes = try? functions.slopes.jacobianVectorProduct(at: arguments[i], along: along),
        let ofJacobian = try? functions.products.jacobianVectorProduct(
          at: multiplied, along: place + [tableau.timeWeights[i] * size] + zeros)
      else { return nil }
      let couplings = tableau.couplings[i]
      let side = vector(n) { k in
        let ofShift = size * stages[i, k] / (tableau.gamma * h * h)
        let ofCouplings = tangents.sum(couplings, k) / h - size * stages.sum(couplings, k) / (h * h)
        return slopes[k] + ofJacobian[k] + ofShift + ofCouplings
      }
      tangents.append(solved(side))
    }
    let end = vector(n) { place[1 + $0] + tangents.sum(tableau.weights, $0) }
    return [0] + end
      + results.pushforward(direction, states: n) { weights, k in
        place[1 + k] + tangents.sum(weights, k)
      } slope: {
        stages.sum($0, $1)
      }
  }
}
