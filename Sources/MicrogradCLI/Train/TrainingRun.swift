import Foundation
import Micrograd
import MicrogradDistributed
import MicrogradNN

/// A run of `micrograd train`, from new weights or from a checkpoint.
struct TrainingRun {
  let data: TrainingData
  let layers: [LayerDescription]
  let model: Sequential
  private let training: any RowSource
  private let validation: (any RowSource)?
  private(set) var trainer: Trainer<Sequential>

  init(
    _ command: TrainCommand, _ data: TrainingData, on communicator: (any Communicator)? = nil,
    using random: inout PythonRandom
  ) throws {
    self.data = data
    let (network, how) = (command.network, command.optimization)
    let sizes = [data.encoder.inputCount] + network.hidden.sizes + [data.outputCount]
    layers = LayerDescription.network(sizes, network.activation, dropout: network.dropout)
    model = Sequential(layers, network.initializer, using: &random)
    training = try data.scaling(data.training)
    validation = try data.validation.map { try data.scaling($0) }

    let epochSteps = how.batch.steps(over: training.count)
    let schedule = how.schedule(
      rate: how.rate, steps: how.epochs * epochSteps, warmUp: how.warmUp * epochSteps)
    var options = TrainingOptions()
    options.epochs = how.epochs
    options.batchSize = how.batch.count
    options.shuffles = how.batch != .all
    options.shuffleBlock = data.shuffleBlock
    options.l2Penalty = how.l2
    options.clipping = how.clipNorm.map { .norm($0) }
    options.earlyStopping = how.patience.map { EarlyStopping(patience: $0) }
    options.metric = data.scaling.metric(for: data.loss)
    options.progress = command.output.quiet ? .quiet : .automatic
    options.log = command.output.log.map { URL(fileURLWithPath: $0) }
    options.checkpoint = command.output.checkpoint.map { URL(fileURLWithPath: $0) }
    options.checkpointInterval = max(1, how.epochs / 100)
    options.endsOnInterrupt = true
    let configuration = RunConfiguration(command, data)
    options.metadata = configuration.metadata
    try communicator?.requireSame(configuration.facts(epochs: how.epochs, resumes: command.output.resume))
    let optimizer = how.optimizer(model, schedule, momentum: how.momentum ?? 0, weightDecay: how.weightDecay)
    trainer = Trainer(model, optimizer, data.loss, options, seed: Int(how.seed))
    if let communicator { trainer.distribute(over: communicator) }

    if command.output.resume, let path = command.output.checkpoint {
      do {
        let checkpoint = try Checkpoint(contentsOf: URL(fileURLWithPath: path))
        try configuration.check(checkpoint, path: path)
        try trainer.resume(from: checkpoint)
      } catch let error as ExitMessage {
        throw error
      } catch {
        throw ExitMessage("\(error): to start a new run, leave --resume out.")
      }
    }
  }

  mutating func fit() throws -> TrainingHistory { try trainer.fit(training, validation: validation) }

  /// Returns the current loss and metric on the training rows and on the validation rows.
  func results() throws -> [(part: String, loss: Double, metric: Double)] {
    let parts: [(String, (any RowSource)?)] = [("training", training), ("validation", validation)]
    return try parts.compactMap { part, data in
      try data.map { try trainer.evaluate($0) }.map { (part, $0.loss, $0.metric ?? .nan) }
    }
  }

  /// Returns the scores on the validation rows, or on the training rows if none are held out; of a table that is not in
  /// memory, on the first of them.
  func scores() throws -> (part: String, rows: Int, scores: ScoreText) {
    let data = try self.data.sample(of: self.data.validation ?? self.data.training)
    let model = trainedModel
    let part = self.data.validation == nil ? "training" : "validation"
    return (part, data.count, ScoreText(model, try model.outputs(data.inputs), data.targets))
  }

  /// The model with everything needed for predictions.
  var trainedModel: TrainedModel {
    TrainedModel(
      ModelDescription(
        layers: layers, inputs: data.inputNames, preparation: data.encoder, target: data.target,
        classes: data.classNames, loss: data.loss.name,
        scaling: data.scaling),
      data.loss, model)
  }
}
