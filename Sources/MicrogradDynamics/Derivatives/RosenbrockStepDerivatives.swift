import Micrograd

/// The derivatives of steps of a Rosenbrock method without events, by compiled derivatives of the right-hand side.
///
/// With the notation of ``RosenbrockTableau`` and W = 1 / (γ h) - J, the stages solve W uᵢ = rᵢ. So adjoints solve Wᵀ λᵢ = ūᵢ, and the
/// Jacobian contributes the derivatives of λᵢᵀ J uᵢ, a product with the Hessian of λᵢᵀ f. The end of the step is fixed, so h falls as t
/// grows. The memory serves all steps.
internal struct RosenbrockStepDerivatives {
  private let tableau: RosenbrockTableau
  private let functions: EquationTwin.StiffFunctions
  private let states: Int
  private let jacobian: StateJacobian
  private var factors: BandedFactors
  private var order: BandOrder
  private let stages: StageRows
  private let byStages: StageRows
  /// The argument of the right-hand side at each stage: the time, the states and the parameters.
  private var arguments: [[Double]]
  /// The time, the states and the parameters at the start of the step, then weights of the results.
  private var weighted: [Double]
  /// A direction of these.
  private var along: [Double]
  private var results: StepResults
  private var slopes: [Double]
  private var side: [Double]
  private var gradient: [Double]
  private var product: [Double]
  private var hessianProduct: [Double]

  /// - Returns: `nil` if the right-hand side or its derivatives cannot be compiled.
  init?(_ tableau: RosenbrockTableau, _ twin: EquationTwin, from step: SolvedStep, parameters: [Double]) {
    guard let functions = twin.stiffFunctions else { return nil }
    (self.tableau, self.functions, states) = (tableau, functions, step.state.count)
    jacobian = twin.equation.stateJacobian
    jacobian.prepare(time: step.time, state: step.state)
    (factors, order) = (jacobian.emptyFactors, jacobian.order)
    stages = StageRows(count: tableau.stageCount, width: states)
    byStages = StageRows(count: tableau.stageCount, width: states)
    slopes = [Double](repeating: 0, count: states)
    side = slopes
    let start = [step.time] + step.state + parameters
    arguments = [[Double]](repeating: start, count: tableau.stageCount)
    weighted = start + slopes
    along = [Double](repeating: 0, count: weighted.count)
    (gradient, hessianProduct) = (along, along)
    product = [Double](repeating: 0, count: start.count)
    results = StepResults(tableau.interpolant, isBySize: false)
  }

  /// Factors the matrix of a step and computes its stages.
  ///
  /// - Returns: False if a stage takes a path that is not compiled.
  private mutating func computeStages(_ step: SolvedStep) -> Bool {
    let h = step.size
    weighted[0] = step.time
    for k in 0..<states { weighted[1 + k] = step.state[k] }
    for i in arguments.indices {
      arguments[i][0] = step.time + tableau.nodes[i] * h
      for k in 0..<states { arguments[i][1 + k] = step.state[k] }
    }
    do {
      try functions.slopes.results(at: arguments[0], into: &slopes)
      try jacobian.evaluate(step.time, step.state, slope: slopes, reach: h)
    } catch { return false }
    if order != jacobian.order { (factors, order) = (jacobian.emptyFactors, jacobian.order) }
    guard jacobian.factor(&factors, shift: 1 / (tableau.gamma * h)) else { return false }
    for i in 0..<tableau.stageCount {
      if i > 0 {
        for k in 0..<states { arguments[i][1 + k] += stages.sum(tableau.coefficients[i], k) }
        do { try functions.slopes.results(at: arguments[i], into: &slopes) } catch { return false }
      }
      let ofTime = tableau.timeWeights[i] * h
      for k in 0..<states {
        slopes[k] += ofTime * jacobian.byTime[k] + stages.sum(tableau.couplings[i], k) / h
      }
      solveSlopes(transposed: false)
      stages.set(i, slopes)
    }
    return true
  }

  /// Replaces `slopes` by the solution of the linear system with that side.
  private mutating func solveSlopes(transposed: Bool) {
    let places = order.places
    for k in 0..<states { side[places[k]] = slopes[k] }
    if transposed { factors.solveTransposed(&side) } else { factors.solve(&side) }
    for k in 0..<states { slopes[k] = side[places[k]] }
  }

  /// Takes adjoints back through a step: `by.state` from its end to its start.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - adjoints: Those of the states of the results, one result after the other.
  ///   - times: The times of the results.
  /// - Returns: False if a stage takes a path that is not compiled; the adjoints are unchanged then.
  mutating func pullback(
    _ step: SolvedStep, _ adjoints: ArraySlice<Double>, at times: ArraySlice<Double>, _ by: inout StepAdjoint
  ) -> Bool {
    guard computeStages(step) else { return false }
    let (n, h) = (states, step.size)
    by.begin()
    byStages.set(tableau.weights, times: 1, by.state)
    if !times.isEmpty {
      results.pullback(adjoints, at: times, of: step, stages: stages, byStages: byStages, &by)
    }
    for i in (0..<tableau.stageCount).reversed() where byStages.copy(i, into: &slopes) {
      solveSlopes(transposed: true)
      setDirection(i, step)
      do {
        try functions.slopes.vectorJacobianProduct(at: arguments[i], along: slopes, into: &product)
        try functions.weighted.valueWithGradient(
          at: weighted, along: along, into: &gradient, hessianProduct: &hessianProduct)
      } catch {
        by.restore()
        return false
      }
      by.size += stages.dot(i, slopes) / (tableau.gamma * h * h) + tableau.timeWeights[i] * gradient[0]
      by.add(hessianProduct)
      by.add(product)
      by.size += tableau.nodes[i] * product[0]
      for j in 0..<i {
        let (a, g, byStage) = (tableau.coefficients[i][j], tableau.couplings[i][j], byStages[j])
        by.size -= g * stages.dot(j, slopes) / (h * h)
        for k in 0..<n { byStage[k] += a * product[1 + k] + g * slopes[k] / h }
      }
    }
    by.finish()
    return true
  }

  /// Sets the weights λᵢ = `slopes` of the right-hand side, and the direction in which the gradient of its weighted sum is
  /// differentiated: dᵢ h of the time and uᵢ of the states.
  private mutating func setDirection(_ i: Int, _ step: SolvedStep) {
    along[0] = tableau.timeWeights[i] * step.size
    let first = arguments[i].count
    for k in 0..<states {
      along[1 + k] = stages[i, k]
      weighted[first + k] = slopes[k]
    }
  }

  /// Returns the derivatives of the states at the end of a step and of its results.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - direction: That of the time, the states and the parameters at the start of the step.
  ///   - changes: Those of the times of the results.
  ///   - times: The times of the results.
  /// - Returns: `nil` if a stage takes a path that is not compiled.
  mutating func pushforward(
    _ step: SolvedStep, _ direction: [Double], _ changes: ArraySlice<Double>, at times: ArraySlice<Double>
  ) -> [Double]? {
    guard computeStages(step) else { return nil }
    let (n, h, tangents) = (states, step.size, byStages)
    let size = -direction[0]
    let start = Array(weighted[..<direction.count])
    let zeros = [Double](repeating: 0, count: direction.count - 1)
    var along = direction
    for i in 0..<tableau.stageCount {
      along[0] = direction[0] + tableau.nodes[i] * size
      for k in 0..<n { along[1 + k] = direction[1 + k] + tangents.sum(tableau.coefficients[i], k) }
      let ofTime = tableau.timeWeights[i]
      let multiplied =
        start + [ofTime * h] + vector(n) { stages[i, $0] } + [Double](repeating: 0, count: direction.count - 1 - n)
      do {
        try functions.slopes.jacobianVectorProduct(at: arguments[i], along: along, into: &slopes)
        try functions.products.jacobianVectorProduct(
          at: multiplied, along: direction + [ofTime * size] + zeros, into: &side)
      } catch { return nil }
      let couplings = tableau.couplings[i]
      for k in 0..<n {
        let ofShift = size * stages[i, k] / (tableau.gamma * h * h)
        let ofCouplings = tangents.sum(couplings, k) / h - size * stages.sum(couplings, k) / (h * h)
        slopes[k] += side[k] + ofShift + ofCouplings
      }
      solveSlopes(transposed: false)
      tangents.set(i, slopes)
    }
    return vector(n) { direction[1 + $0] + tangents.sum(tableau.weights, $0) }
      + results.pushforward(changes, start: direction[0], at: times, of: step, stages: stages) { weights, k in
        direction[1 + k] + tangents.sum(weights, k)
      }
  }
}
