import Foundation
import MicrogradNN

/// What decides the numbers of a run, as texts under the names of the flags: a checkpoint keeps it, so that a run goes on
/// as it began.
///
/// How many epochs there are is part of it only where the learning rate depends on that.
struct RunConfiguration {
  let texts: KeyValuePairs<String, String>

  init(_ command: TrainCommand, _ data: TrainingData) {
    let (network, how) = (command.network, command.optimization)
    texts = [
      "--target": data.target,
      "--inputs": CSVText.fields(data.inputNames),
      "--classes": data.classNames.map(CSVText.fields) ?? "none",
      "--standardize": "\(command.data.standardize)",
      "--hidden": network.hidden.description,
      "--activation": network.activation.name,
      "--dropout": "\(network.dropout)",
      "--initializer": network.initializer.name,
      "--loss": data.loss.name,
      "--optimizer": how.optimizer.rawValue,
      "--learning-rate": "\(how.rate)",
      "--momentum": "\(how.momentum ?? 0)",
      "--weight-decay": "\(how.weightDecay ?? how.optimizer.weightDecay)",
      "--schedule": how.schedule.rawValue,
      "--warm-up": "\(how.warmUp)",
      "--epochs": how.schedule == .constant ? "any" : "\(how.epochs)",
      "--l2": "\(how.l2)",
      "--clip-norm": how.clipNorm.map { "\($0)" } ?? "none",
      "--batch-size": how.batch.description,
      "--patience": how.patience.map { "\($0)" } ?? "none",
      "--seed": "\(how.seed)",
      // After the flags that decide which rows there are.
      "data": data.fingerprint,
    ]
  }

  /// What goes into a checkpoint.
  var metadata: [String: String] { Dictionary(uniqueKeysWithValues: texts.map { ($0.key, $0.value) }) }

  /// Throws unless the checkpoint is of a run as this one.
  func check(_ checkpoint: Checkpoint, path: String) throws {
    for (key, text) in texts {
      guard let found = checkpoint.metadata[key] else {
        throw ExitMessage("\(path) is no checkpoint of micrograd train: give another file with --checkpoint.")
      }
      if found == text { continue }
      throw ExitMessage(
        key == "data"
          ? "\(path) is of a run with other rows to train on or to validate by: give the data and the --validation of that run."
          : "\(path) is of a run with \(key) \(found.debugDescription), which is \(text.debugDescription) here: "
            + "give the flags of that run, or another --checkpoint.")
    }
  }
}
