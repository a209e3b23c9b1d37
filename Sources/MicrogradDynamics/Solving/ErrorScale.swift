/// The tolerance of each state, and the norm of errors in units of it.
internal struct ErrorScale {
  private let relative: Double
  private var absolute: [Double]
  private let isAutomatic: Bool
  /// States that started at 0, whose unit is not known.
  private let startedAtZero: [Bool]
  private var largest: Double

  /// - Parameter reach: The largest change of a state over the interval, by the derivatives at the start. It stands for the
  ///   size of the states if all start at 0.
  init(_ options: SolverOptions, state: [Double], reach: Double) {
    relative = options.relativeTolerance
    startedAtZero = state.map { $0 == 0 }
    largest = state.reduce(0) { max($0, abs($1)) }
    if largest == 0 { largest = reach > 0 ? reach : 1 }
    switch options.absoluteTolerance {
    case .automatic: (absolute, isAutomatic) = ([Double](repeating: 0, count: state.count), true)
    case .same(let tolerance): (absolute, isAutomatic) = ([Double](repeating: tolerance, count: state.count), false)
    case .each(let tolerances): (absolute, isAutomatic) = (tolerances, false)
    }
    include(state)
  }

  /// Lets the automatic tolerances grow with an accepted state.
  @inline(__always)
  mutating func include(_ state: [Double]) {
    if isAutomatic { grow(state) }
  }

  private mutating func grow(_ state: [Double]) {
    for k in state.indices {
      largest = max(largest, abs(state[k]))
      absolute[k] = max(absolute[k], 1e-3 * relative * abs(state[k]))
      if startedAtZero[k] { absolute[k] = max(absolute[k], 4 * .ulpOfOne * largest) }
    }
  }

  /// The tolerance of a state that changes from one number to another in a step.
  func tolerance(_ k: Int, _ old: Double, _ new: Double) -> Double {
    absolute[k] + relative * max(abs(old), abs(new))
  }

  /// Returns the root mean square of errors in units of their tolerances, and whether the new states are finite. A step is
  /// accepted if the former is at most 1.
  ///
  /// - Parameter coarse: The errors by a second estimate (``RungeKuttaTableau/coarseErrorWeights``); empty if there is none.
  @inline(__always)
  func assessed(
    _ errors: [Double], coarse: [Double] = [], from old: [Double], to new: [Double]
  ) -> (error: Double, isFinite: Bool) {
    let found = squares(errors, from: old, to: new)
    var sum = found.sum
    if !coarse.isEmpty, sum > 0 { sum *= sum / (sum + 0.01 * squares(coarse, from: old, to: new).sum) }
    return ((sum / Double(errors.count)).squareRoot(), found.rest == 0)
  }

  /// Returns the sum of the squares of errors in units of their tolerances, and a number that is 0 if the new states are finite.
  private func squares(_ errors: [Double], from old: [Double], to new: [Double]) -> (sum: Double, rest: Double) {
    var (sum, rest) = (0.0, 0.0)
    let relative = relative
    absolute.withUnsafeBufferPointer { absolute in
      errors.withUnsafeBufferPointer { errors in
        old.withUnsafeBufferPointer { old in
          new.withUnsafeBufferPointer { new in
            for k in errors.indices where errors[k] != 0 {
              let ratio = errors[k] / (absolute[k] + relative * max(abs(old[k]), abs(new[k])))
              sum += ratio * ratio
            }
            for k in new.indices { rest += new[k] - new[k] }  // 0, or NaN if a state is not finite
          }
        }
      }
    }
    return (sum, rest)
  }

  /// The state with the largest error in units of its tolerance.
  func worst(_ errors: [Double], from old: [Double], to new: [Double]) -> Int {
    errors.indices.max {
      abs(errors[$0]) / tolerance($0, old[$0], new[$0]) < abs(errors[$1]) / tolerance($1, old[$1], new[$1])
    } ?? 0
  }
}
