import Micrograd

/// An explicit Runge–Kutta method: its coefficients, and one step by them.
///
/// The stages are kᵢ = f(t + cᵢ h, y + h Σⱼ aᵢⱼ kⱼ) for j < i; a step leads to y + h Σ bᵢ kᵢ.
public struct RungeKuttaTableau: Sendable, Equatable {
  /// The name of the method.
  public let name: String
  /// The order: the error of a step is in proportion to the power `order + 1` of its size.
  public let order: Int
  /// The order of the embedded method that estimates errors; `nil` if there is none.
  public let embeddedOrder: Int?
  /// The times of the stages within a step of size 1, called c: first the stages of a step, then those that only the continuous
  /// solution needs.
  public let nodes: [Double]
  /// The coefficients of earlier stages, called a. Row i has i numbers.
  public let coefficients: [[Double]]
  /// The weights of the stages of a step, called b.
  public let weights: [Double]
  /// The weights of the error estimate, b minus the weights of the embedded method; empty if there is none.
  public let errorWeights: [Double]
  /// The weights of a second, coarser error estimate; empty if there is none.
  ///
  /// With norms e and c of both estimates in units of the tolerances, the error of a step is e² / √(e² + 0.01 c²).
  public internal(set) var coarseErrorWeights: [Double] = []
  /// The weights of the continuous solution: bᵢ(θ) = Σₘ interpolant[i][m] θᵐ⁺¹ gives y(t + θ h) = y + h Σ bᵢ(θ) kᵢ.
  public let interpolant: [[Double]]
  /// The length of the negative real axis for |h λ| on which steps are stable, about.
  internal var stabilityLimit = 3.25

  /// The number of stages of a step. The last stage of a method with error estimate is the first of the next step.
  public var stageCount: Int { weights.count }
  /// The number of stages of a step and of its continuous solution.
  public var continuousStageCount: Int { nodes.count }

  /// The order of the error estimate. Two estimates together are in proportion to a power of the size, e² / c.
  internal var errorOrder: Int {
    guard let embeddedOrder else { return order }
    return coarseErrorWeights.isEmpty ? embeddedOrder : order - 1
  }

  /// Returns true if the last stage is evaluated at the end of the step, so that it is the first stage of the next step.
  public var isFirstSameAsLast: Bool { coefficients[stageCount - 1] == Array(weights.dropLast()) && weights.last == 0 }

  /// Computes one step.
  ///
  /// All arithmetic is on numbers of type T, so on Values the step has exact derivatives by the state, the time, the size, and
  /// whatever `f` uses. A solver computes the same steps on plain numbers, up to rounding: sums may be added in another order.
  ///
  /// - Parameters:
  ///   - state: The state at the start of the step.
  ///   - time: The time at the start of the step.
  ///   - size: The size of the step; negative if time runs backwards.
  ///   - f: The right-hand side at a time and a state.
  /// - Returns: The state at the end of the step, and the stages, one list for each, with those of the continuous solution.
  public func step<T: DifferentiableNumber>(
    from state: [T], at time: T, size: T, of f: (T, [T]) -> [T]
  ) -> (state: [T], stages: [[T]]) {
    step(from: state, at: time, size: size, isContinuous: true, of: f)
  }

  /// The same, without the stages that only the continuous solution needs unless it is wanted.
  internal func step<T: DifferentiableNumber>(
    from state: [T], at time: T, size: T, isContinuous: Bool, of f: (T, [T]) -> [T]
  ) -> (state: [T], stages: [[T]]) {
    var stages: [[T]] = []
    func advanced(_ weights: [Double]) -> [T] {
      let used = weights.indices.filter { weights[$0] != 0 }
      let usedWeights = used.map { weights[$0] }
      return state.indices.map { k in
        used.isEmpty ? state[k] : state[k] + size * T.dot(usedWeights, used.map { stages[$0][k] })
      }
    }
    for i in 0..<(isContinuous ? continuousStageCount : stageCount) {
      stages.append(f(time + nodes[i] * size, advanced(coefficients[i])))
    }
    return (advanced(weights), stages)
  }

  /// Returns the state within a step: at the fraction `fraction` of its size, 0 at its start and 1 at its end.
  public func interpolated<T: DifferentiableNumber>(
    at fraction: T, from state: [T], size: T, stages: [[T]]
  ) -> [T] {
    let weights = interpolant.map { interpolation($0, at: fraction) }
    return state.indices.map { k in state[k] + size * T.dot(weights, stages.map { $0[k] }) }
  }
}
