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
  /// The optimisers of this library trap if the learning rate or a gradient is not finite, because the step would make the
  /// parameters not finite. ``Trainer`` throws an error instead.
  mutating func step()

  /// Updates every parameter once and sets the gradients to zero in the same pass.
  ///
  /// By default, it calls `step()` and then `zeroGradients()`.
  mutating func stepAndZeroGradients()
}

extension Optimizer {
  /// Calls `step()`, then `zeroGradients()`.
  public mutating func stepAndZeroGradients() {
    step()
    zeroGradients()
  }
}

/// An optimiser that evaluates the loss several times in a step, such as ``LBFGS``.
public protocol ClosureOptimizer: ResumableOptimizer {
  /// Takes one step.
  ///
  /// - Parameter evaluate: Sets the gradients to zero, computes the loss, calls `backward()` on it and returns its data.
  /// - Returns: The loss before the step.
  mutating func step(_ evaluate: () -> Double) -> Double
}

/// An optimiser with a learning rate schedule, and with a state that can be saved and restored.
public protocol ResumableOptimizer {
  /// The learning rate of each step, counted from 0.
  var schedule: LearningRateSchedule { get set }

  /// The number of steps taken.
  var stepCount: Int { get }

  /// The state of the optimiser, to be saved.
  var state: OptimizerState { get }

  /// Restores a saved state. With the same parameters and hyper-parameters, the next steps are bit for bit those that the
  /// saved optimiser would have taken. If it throws, nothing has changed.
  mutating func restore(_ state: OptimizerState) throws(OptimizerStateError)

  /// Sets the gradients of all parameters to zero.
  func zeroGradients()
}

extension ResumableOptimizer {
  /// The learning rate of the next step.
  public var learningRate: Double { schedule(stepCount) }
}
