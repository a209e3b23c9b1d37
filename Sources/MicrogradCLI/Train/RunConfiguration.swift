import Foundation
import MicrogradNN
import MicrogradTables

/// The settings that determine the results of a run, as texts by flag. A checkpoint stores them, so that a resumed run must
/// use the same settings.
///
/// The number of epochs is included only if the learning rate depends on it.
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
      // After the flags that select the rows.
      "data": data.fingerprint,
    ]
  }

  /// The entries of a checkpoint.
  var metadata: [String: String] { Dictionary(uniqueKeysWithValues: texts.map { ($0.key, $0.value) }) }

  /// What the ranks of an MPI job must have in common: the settings, and the number of epochs, which a checkpoint does not fix.
  func facts(epochs: Int, resumes: Bool) -> [(what: String, value: String)] {
    texts.map { (what: $0.key == "data" ? "the rows of the data" : $0.key, value: $0.value) }
      + [(what: "--epochs", value: "\(epochs)"), (what: "--resume", value: "\(resumes)")]
  }

  /// Throws unless the checkpoint is from a run with the same settings.
  func check(_ checkpoint: Checkpoint, path: String) throws {
    for (key, text) in texts {
      guard let found = checkpoint.metadata[key] else {
        throw ExitMessage("\(path) is not a checkpoint of micrograd train: give another file with --checkpoint.")
      }
      if found == text { continue }
      throw ExitMessage(
        key == "data"
          ? "\(path) is from a run with other training or validation rows: give the data and the --validation of that run."
          : "\(path) is from a run with \(key) \(found.debugDescription), but here it is \(text.debugDescription): "
            + "give the flags of that run, or another --checkpoint.")
    }
  }
}
