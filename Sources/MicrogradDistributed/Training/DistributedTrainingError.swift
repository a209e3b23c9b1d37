/// An error that prevents training on ranks.
public enum DistributedTrainingError: Error, Equatable, Sendable {
  /// The model computes a row from other rows, and a batch has more than one block.
  case mixesRows(batchSize: Int)
}

extension DistributedTrainingError: CustomStringConvertible {
  /// A message that says what is wrong and what to do.
  public var description: String {
    switch self {
    case .mixesRows(let batchSize):
      """
      the model computes a row from other rows of its batch, so that a batch of \(batchSize) rows cannot be cut into blocks \
      of \(SampleBlocks.length): give a batch size of at most \(SampleBlocks.length)
      """
    }
  }
}
