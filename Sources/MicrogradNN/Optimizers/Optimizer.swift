import Micrograd

/// An algorithm that updates the parameters of a model from their gradients, to minimise a loss.
///
/// ```swift
/// var optimizer = Adam(model, learningRate: 0.01)
/// for _ in 0..<100 {
///   Tape.scope {
///     let loss = …
///     optimizer.zeroGradients()
///     loss.backward()
///     optimizer.step()
///   }
/// }
/// ```
///
/// Optimisers are values. A copy has its own state, but updates the same parameters.
public protocol Optimizer: ResumableOptimizer {
  /// Updates every parameter once. Gradients do not change.
  ///
  /// The optimisers of this library stop the program, and say why, if the learning rate or a gradient is not finite: the
  /// step would carry it into all that follows. ``Trainer`` throws in this case.
  mutating func step()

  /// Changes every parameter once and sets the gradients to zero in the same pass, for the next `backward()`.
  ///
  /// Unless given, `step()` and then `zeroGradients()`.
  mutating func stepAndZeroGradients()
}

extension Optimizer {
  /// `step()`, then `zeroGradients()`.
  public mutating func stepAndZeroGradients() {
    step()
    zeroGradients()
  }
}

/// An optimiser that evaluates the loss as often as it needs to within a step.
public protocol ClosureOptimizer: ResumableOptimizer {
  /// Takes one step.
  ///
  /// - Parameter evaluate: Sets the gradients to zero, computes the loss, calls `backward()` on it and returns its data.
  /// - Returns: The loss before the step.
  mutating func step(_ evaluate: () -> Double) -> Double
}

/// What all optimisers have: a learning rate a step, and a state that can be saved and restored.
public protocol ResumableOptimizer {
  /// The learning rate of each step, counted from 0.
  var schedule: LearningRateSchedule { get set }

  /// How many steps were taken.
  var stepCount: Int { get }

  /// What the optimiser remembers.
  var state: OptimizerState { get }

  /// Goes on from a saved state: the next steps are those that the saved optimiser would have taken, bit for bit, where
  /// the parameters and hyper-parameters are the same. Where it throws, nothing has changed.
  mutating func restore(_ state: OptimizerState) throws(OptimizerStateError)

  /// Sets the gradients of all parameters to zero.
  func zeroGradients()
}

extension ResumableOptimizer {
  /// The learning rate of the next step.
  public var learningRate: Double { schedule(stepCount) }
}
