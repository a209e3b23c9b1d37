/// A picture of a training: the loss, and below it the accuracy, by step.
///
/// ```swift
/// let picture = TrainingCurve(loss: [0.9, 0.4, 0.2], accuracy: [0.5, 0.75, 1], title: "Three steps")
/// picture.svg()  // <svg xmlns="http://www.w3.org/2000/svg" width="720" height="480" …
/// ```
///
/// The loss axis is logarithmic when all losses are above zero and the largest is more than a hundred times
/// the smallest. Values that are not finite make gaps, and the picture says how many there are. Of more
/// values than there are pixels the extremes are drawn.
public struct TrainingCurve: Sendable {
  /// The heading, which is also the picture's name for screen readers.
  public var title: String
  /// The loss after each step, in whatever unit the loss has.
  public let loss: [Double]
  /// The accuracy after each step as a fraction, 0 to 1; drawn as a percentage.
  public let accuracy: [Double]
  /// The number of the first step.
  public let firstStep: Int
  /// What the horizontal axis counts.
  public var stepName = "step"

  /// Makes a picture of what was recorded while training.
  ///
  /// - Parameters:
  ///   - loss: The loss after each step; there may be none.
  ///   - accuracy: The accuracy after each step, 0 to 1. Without any, the loss has the picture to itself.
  ///   - title: The heading.
  ///   - firstStep: What the horizontal axis calls the first value.
  public init(loss: [Double], accuracy: [Double] = [], title: String = "Training", firstStep: Int = 0) {
    self.loss = loss
    self.accuracy = accuracy
    self.title = title
    self.firstStep = firstStep
  }

  static let size = (width: 720.0, height: 480.0)
}
