/// A picture of a training run: the loss, and below it the accuracy, by step.
///
/// ```swift
/// let picture = TrainingCurve(loss: [0.9, 0.4, 0.2], accuracy: [0.5, 0.75, 1], title: "Three steps")
/// picture.svg()  // <svg xmlns="http://www.w3.org/2000/svg" width="720" height="480" …
/// ```
///
/// The loss axis is logarithmic if all losses are above zero and the largest is more than a hundred times the smallest.
/// Values that are not finite make gaps, and the picture states their number. If there are more values than pixels, the
/// extremes are drawn.
public struct TrainingCurve: Sendable {
  /// The title, which screen readers also read.
  public var title: String
  /// The loss after each step.
  public let loss: [Double]
  /// The accuracy after each step as a fraction, 0 to 1; drawn as a percentage.
  public let accuracy: [Double]
  /// The number of the first step.
  public let firstStep: Int
  /// The label of the horizontal axis.
  public var stepName = "step"

  /// Creates a picture of a training run.
  ///
  /// - Parameters:
  ///   - loss: The loss after each step; may be empty.
  ///   - accuracy: The accuracy after each step, 0 to 1. If empty, the picture shows only the loss.
  ///   - title: The title.
  ///   - firstStep: The number of the first step on the horizontal axis.
  public init(loss: [Double], accuracy: [Double] = [], title: String = "Training", firstStep: Int = 0) {
    self.loss = loss
    self.accuracy = accuracy
    self.title = title
    self.firstStep = firstStep
  }

  static let size = (width: 720.0, height: 480.0)
}
