import Micrograd
import MicrogradNN

/// Trains a model on several ranks: each computes the gradient of some blocks of a batch, and all take the same step.
///
/// ```swift
/// let losses = try InProcessCommunicator.run(ranks: 2) { communicator in
///   var random = PythonRandom(seed: 1)
///   let model = Sequential(Linear(2, 16, using: &random), Activation.relu, Linear(16, 1, using: &random))
///   var options = TrainingOptions()
///   options.batchSize = 1024
///   var trainer = DistributedTrainer(
///     model, Adam(model, learningRate: 0.01), .binaryCrossEntropy, options, seed: 1, communicator: communicator)
///   return try trainer.fit(data).epochs.map(\.loss)
/// }
/// losses[0] == losses[1]  // true
/// ```
///
/// Every rank has, or can read, all rows; a model with the same parameters, and an optimiser of its own. The order of samples
/// comes from the same random stream on each rank. A batch is cut into ``SampleBlocks``, whose sums are added in one fixed
/// tree. So the loss, the parameters and the checkpoint have the same bits for any number of ranks and threads. A batch of
/// up to 256 samples has the bits of a `Trainer`.
///
/// Only rank 0 writes the log, the checkpoint and the progress. A signal to rank 0 ends the run on all ranks.
///
/// A model that draws random numbers, such as dropout, gets a stream of its own for each block of a batch. A model that
/// computes a row from other rows can be trained in batches of one block only. A model must have no state besides its
/// parameters.
public struct DistributedTrainer<M: Model> {
  internal var trainer: Trainer<M>
  private let communicator: any Communicator

  /// Creates a trainer. All ranks give the same arguments; the options' threads may differ.
  ///
  /// - Parameters:
  ///   - model: The model to train.
  ///   - optimizer: An optimiser for all of the model's parameters, or some of them. Traps if it is for another model.
  ///   - loss: The loss function to minimise.
  ///   - options: The options of the run.
  ///   - seed: The seed for the order of the samples and for layers such as dropout.
  ///   - communicator: The ranks.
  public init(
    _ model: M, _ optimizer: any ResumableOptimizer, _ loss: Loss, _ options: TrainingOptions = TrainingOptions(),
    seed: Int = 0, communicator: any Communicator
  ) {
    self.communicator = communicator
    trainer = Trainer(model, optimizer, loss, options, seed: seed)
    trainer.distribute(over: communicator)
  }

  /// The model.
  public var model: M { trainer.model }
  /// The optimiser.
  public var optimizer: any ResumableOptimizer { trainer.optimizer }
  /// The loss function to minimise.
  public var loss: Loss { trainer.loss }

  /// The options. They may be changed, in the same way on all ranks, between two calls of ``fit(_:validation:onEpoch:)``.
  ///
  /// On all ranks but the first, no file is written and no progress is shown.
  public var options: TrainingOptions {
    get { trainer.options }
    set {
      trainer.options = newValue
      trainer.options.keepQuiet(unlessFirst: communicator)
    }
  }

  /// Trains until all epochs are done, or until another reason of `TrainingHistory.End` ends the run.
  ///
  /// All ranks call this. It compares the data, the options and the parameters of the ranks first.
  ///
  /// - Parameters:
  ///   - data: The training data: a `Dataset`, or another source of rows, from which a rank reads the rows of its blocks.
  ///   - validation: The data to evaluate after each epoch.
  ///   - onEpoch: Called on each rank after each epoch. Return false on rank 0 to end the run.
  /// - Throws: ``CommunicationError`` if the ranks differ or another rank fails; ``DistributedTrainingError`` if the model
  ///   cannot be trained on ranks; and the errors of `Trainer`.
  public mutating func fit(
    _ data: any RowSource, validation: (any RowSource)? = nil, onEpoch: (EpochReport) throws -> Bool = { _ in true }
  ) throws -> TrainingHistory {
    try trainer.fit(data, validation: validation, onEpoch: onEpoch)
  }

  /// Returns the loss, without the penalty, and the metric on all rows. All ranks call this.
  public func evaluate(_ data: any RowSource) throws -> (loss: Double, metric: Double?) { try trainer.evaluate(data) }

  /// The current state of the run, the same on each rank.
  public var checkpoint: Checkpoint { trainer.checkpoint }

  /// Restores a checkpoint, of a run on any number of ranks. All ranks restore the same.
  ///
  /// - Throws: The errors of `Trainer`.
  public mutating func resume(from checkpoint: Checkpoint) throws { try trainer.resume(from: checkpoint) }
}

extension Trainer {
  /// Shares the work with other ranks, which do the same.
  package mutating func distribute(over communicator: any Communicator) {
    ranks = RankedTraining(communicator)
    options.keepQuiet(unlessFirst: communicator)
  }
}

extension TrainingOptions {
  /// Writes no files and shows no progress, except on rank 0.
  fileprivate mutating func keepQuiet(unlessFirst communicator: any Communicator) {
    if communicator.isFirst { return }
    (log, checkpoint, progress) = (nil, nil, .quiet)
  }
}
