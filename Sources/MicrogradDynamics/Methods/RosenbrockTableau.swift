import Micrograd

/// A Rosenbrock method for stiff equations: its coefficients, and one step by them.
///
/// With the Jacobian J = ∂f/∂y and ∂f/∂t at the start of the step, the stages are the solutions of
///
///     (1 / (γ h) - J) uᵢ = f(t + cᵢ h, y + Σⱼ aᵢⱼ uⱼ) + Σⱼ gᵢⱼ uⱼ / h + dᵢ h ∂f/∂t    for j < i,
///
/// and a step leads to y + Σ bᵢ uᵢ. (E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, section IV.7.)
public struct RosenbrockTableau: Sendable, Equatable {
  /// The name of the method.
  public let name: String
  /// The order: the error of a step is in proportion to the power `order + 1` of its size.
  public let order: Int
  /// The order of the embedded method that estimates errors.
  public let embeddedOrder: Int
  /// The coefficient γ of the linear systems.
  public let gamma: Double
  /// The times of the stages within a step of size 1, called c.
  public let nodes: [Double]
  /// The weights of ∂f/∂t, called d.
  public let timeWeights: [Double]
  /// The coefficients of earlier stages in the argument of f, called a. Row i has i numbers.
  public let coefficients: [[Double]]
  /// The coefficients of earlier stages in the linear systems, called g. Row i has i numbers.
  public let couplings: [[Double]]
  /// The weights of the stages, called b.
  public let weights: [Double]
  /// The weights of the error estimate.
  public let errorWeights: [Double]
  /// The weights of the continuous solution: y(t + θ h) = y + Σᵢ uᵢ Σₘ interpolant[i][m] θᵐ⁺¹.
  public let interpolant: [[Double]]

  /// The number of stages.
  public var stageCount: Int { nodes.count }

  /// Computes one step.
  ///
  /// All arithmetic is on numbers of type T, so on Values the step has exact derivatives by the state, the time, the size, and
  /// whatever `f` and its Jacobian use. A solver computes the same steps on plain numbers, up to rounding.
  ///
  /// - Parameters:
  ///   - state: The state at the start of the step.
  ///   - time: The time at the start of the step.
  ///   - size: The size of the step; negative if time runs backwards.
  ///   - f: The right-hand side at a time and a state.
  ///   - jacobian: Its derivatives by the states, a row for each result, and by the time.
  /// - Returns: The state at the end of the step, and the stages; `nil` if the linear systems are singular.
  public func step<T: DifferentiableNumber>(
    from state: [T], at time: T, size: T, of f: (T, [T]) -> [T],
    jacobian: (T, [T]) -> (byState: [[T]], byTime: [T])
  ) -> (state: [T], stages: [[T]])? {
    let derivatives = jacobian(time, state)
    let shift = 1 / (gamma * size)
    let matrix = state.indices.map { row in
      state.indices.map { column in
        row == column ? shift - derivatives.byState[row][column] : -derivatives.byState[row][column]
      }
    }
    guard let factors = DenseFactors(matrix) else { return nil }
    var stages: [[T]] = []
    func combined(_ weights: [Double], _ k: Int) -> T { T.dot(weights, stages.map { $0[k] }) }
    for i in 0..<stageCount {
      let argument = state.indices.map { i == 0 ? state[$0] : state[$0] + combined(coefficients[i], $0) }
      let slopes = f(time + nodes[i] * size, argument)
      stages.append(
        factors.solve(
          state.indices.map { k in
            var side = slopes[k] + timeWeights[i] * size * derivatives.byTime[k]
            if i > 0 { side = side + combined(couplings[i], k) / size }
            return side
          }))
    }
    return (state.indices.map { state[$0] + combined(weights, $0) }, stages)
  }

  /// Returns the state within a step: at the fraction `fraction` of its size, 0 at its start and 1 at its end.
  public func interpolated<T: DifferentiableNumber>(at fraction: T, from state: [T], stages: [[T]]) -> [T] {
    let weights = interpolant.map { interpolation($0, at: fraction) }
    return state.indices.map { k in state[k] + T.dot(weights, stages.map { $0[k] }) }
  }
}
