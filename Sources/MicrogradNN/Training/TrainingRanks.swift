/// The ranks that share the work of a ``Trainer``: processes or threads that run the same code on the same data. Each has a
/// trainer of its own.
///
/// All ranks call these functions in the same order.
package protocol TrainingRanks: AnyObject {
  /// Called at the start of a run. Throws if the ranks differ, or if the model cannot be trained on ranks.
  func begin<M>(_ trainer: inout Trainer<M>, _ data: any RowSource, validation: (any RowSource)?) throws

  /// Computes the mean loss of a batch and its gradient, as ``Trainer`` does alone. All ranks get the same numbers.
  func evaluate<M>(
    _ trainer: inout Trainer<M>, _ data: any RowSource, _ rows: [Int], isFirst: Bool
  ) throws -> StepOutcome

  /// Returns the loss and the metric on a data set. All ranks get the same numbers.
  func evaluate<M>(_ trainer: Trainer<M>, _ data: Dataset) throws -> (loss: Double, metric: Double?)

  /// Takes the signal that this rank received, and returns the one that all ranks know of.
  func signal(_ own: Int32?) -> Int32?

  /// Returns what rank 0 decides.
  func agreed(on isWanted: Bool) throws -> Bool
}
