import Foundation
import Micrograd

/// An error that prevents or ends a training run.
public enum TrainingError: Error, Equatable, Sendable {
  /// The targets do not fit the loss or the model.
  case targets(String)
  /// The rows do not fit the model.
  case inputs(String)
  /// The loss, or the gradient of a parameter, is NaN or infinite. The parameters are those of the last good step.
  ///
  /// - Parameters:
  ///   - what: `the loss`, or the parameter whose gradient it is.
  ///   - origin: The first number of the step that is not finite; `nil` where only gradients are not.
  ///   - epoch: The epoch, counted from 1.
  ///   - step: The step of the run, counted from 1, that was not taken.
  case notFinite(what: String, origin: NonFiniteNumber?, epoch: Int, step: Int)
  /// The learning rate of a step is NaN or infinite. The step was not taken. Epoch and step are counted from 1.
  case learningRate(Double, epoch: Int, step: Int)
  /// A checkpoint does not fit the run.
  case checkpoint(String)
  /// The log could not be written.
  case log(path: String, reason: String)
}

extension TrainingError: LocalizedError, CustomStringConvertible {
  /// A message that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .targets(let reason), .inputs(let reason), .checkpoint(let reason): reason
    case .notFinite(let what, let origin, let epoch, let step):
      """
      \(what) is not finite in epoch \(epoch), step \(step)\(origin.map { ": \($0)" } ?? ""). The parameters \
      are those of the step before. Try a smaller learning rate, gradient clipping, or standardised inputs.
      """
    case .learningRate(let rate, let epoch, let step):
      """
      the schedule's learning rate is \(rate) in epoch \(epoch), step \(step): give a schedule with a finite rate for \
      every step. The parameters are those of the step before.
      """
    case .log(let path, let reason): "cannot write the log \(path) (\(reason)): give another path"
    }
  }

  /// The same as `description`.
  public var errorDescription: String? { description }
}
