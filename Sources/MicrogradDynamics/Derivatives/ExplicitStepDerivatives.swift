import Micrograd

/// The derivatives of steps of an explicit method without events, by compiled products of the right-hand side.
///
/// The stages are kᵢ = f(t + cᵢ h, Yᵢ) with Yᵢ = y + h Σⱼ aᵢⱼ kⱼ. A result at the fraction θ of the step is y + h Σ bᵢ(θ) kᵢ, and the
/// state at its end y + h Σ bᵢ kᵢ. The end of the step is fixed, so h falls as t grows. The memory serves all steps.
internal struct ExplicitStepDerivatives {
  private let tableau: RungeKuttaTableau
  private let function: CompiledFunction
  private let states: Int
  /// The stages of the last step, computed as the solver does.
  private let memory: ExplicitMemory
  private let byStages: StageRows
  /// The argument of the right-hand side at each stage: the time, the states and the parameters.
  private var arguments: [[Double]]
  private var results: StepResults
  /// The number of stages that the state at the end of a step depends on.
  private let neededCount: Int
  private var slopes: [Double]
  private var product: [Double]

  init(_ tableau: RungeKuttaTableau, _ function: CompiledFunction, states: Int, parameters: [Double]) {
    (self.tableau, self.function, self.states) = (tableau, function, states)
    memory = ExplicitMemory(tableau, states: states)
    byStages = StageRows(count: tableau.continuousStageCount, width: states)
    slopes = [Double](repeating: 0, count: states)
    product = [0] + slopes + parameters
    arguments = [[Double]](repeating: product, count: tableau.continuousStageCount)
    results = StepResults(tableau.interpolant, isBySize: true)
    neededCount = tableau.isFirstSameAsLast ? tableau.stageCount - 1 : tableau.stageCount
  }

  /// Computes the stages of a step; the last ones only if a result needs them.
  ///
  /// - Returns: False if a stage takes a path that is not compiled.
  private mutating func computeStages(_ step: SolvedStep, _ count: Int) -> Bool {
    for i in 0..<count {
      memory.writeArgument(i, step, into: &arguments[i])
      do { try function.results(at: arguments[i], into: &slopes) } catch { return false }
      memory.keep(slopes, i)
    }
    return true
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
    let count = times.isEmpty ? neededCount : tableau.continuousStageCount
    guard computeStages(step, count) else { return false }
    let (n, h, stages) = (states, step.size, memory.rows)
    by.begin()
    byStages.set(tableau.weights, times: h, by.state)
    for k in 0..<n { by.size += by.state[k] * stages.sum(tableau.weights, k) }
    if !times.isEmpty {
      results.pullback(adjoints, at: times, of: step, stages: stages, byStages: byStages, &by)
    }
    for i in (0..<count).reversed() where byStages.copy(i, into: &slopes) {
      do { try function.vectorJacobianProduct(at: arguments[i], along: slopes, into: &product) } catch {
        by.restore()
        return false
      }
      by.add(product)
      by.size += memory.nodes[i] * product[0]
      product.withUnsafeBufferPointer { product in
        for j in 0..<i {
          let coefficient = memory.coefficient(i, j)
          if coefficient == 0 { continue }
          let (factor, stage, byStage) = (h * coefficient, stages[j], byStages[j])
          var bySize = 0.0
          for k in 0..<n {
            bySize += product[1 + k] * stage[k]
            byStage[k] += factor * product[1 + k]
          }
          by.size += coefficient * bySize
        }
      }
    }
    by.finish()
    return true
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
    let count = times.isEmpty ? neededCount : tableau.continuousStageCount
    guard computeStages(step, count) else { return nil }
    let (n, h, stages, tangents) = (states, step.size, memory.rows, byStages)
    let size = -direction[0]
    func moved(_ weights: [Double], _ k: Int) -> Double {
      direction[1 + k] + size * stages.sum(weights, k) + h * tangents.sum(weights, k)
    }
    var along = direction
    for i in 0..<count {
      along[0] = direction[0] + tableau.nodes[i] * size
      for k in 0..<n { along[1 + k] = moved(tableau.coefficients[i], k) }
      do { try function.jacobianVectorProduct(at: arguments[i], along: along, into: &slopes) } catch { return nil }
      tangents.set(i, slopes)
    }
    return vector(n) { moved(tableau.weights, $0) }
      + results.pushforward(changes, start: direction[0], at: times, of: step, stages: stages, moved: moved)
  }
}
