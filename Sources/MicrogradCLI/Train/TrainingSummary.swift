import Foundation
import Micrograd
import MicrogradNN

/// What `train` says before and after.
enum TrainingSummary {
  static func before(_ command: TrainCommand, _ run: TrainingRun) -> String {
    let (data, how) = (run.data, command.optimization)
    let scaled = data.scaling == Scaling() ? "as they are" : "standardised"
    let sizes = run.layers.compactMap { layer -> Int? in
      if case .linear(let inputs, _) = layer { inputs } else { nil }
    }
    let outputs = data.loss.outputCount(for: data.training.targets)
    let shape = (sizes + [outputs]).map(String.init).joined(separator: "-")
    let activation = command.network.hidden.sizes.isEmpty ? "" : ", \(command.network.activation.name)"
    let batches = how.batch.count.map { "batches of \($0)" } ?? "steps on all rows"
    return """
      \(command.data.file): \(count(data.inputNames.count, "input")) (\(listed(data.inputNames))), \(target(data))
      rows: \(data.training.count) to train on, \(data.validation?.count ?? 0) to validate by, \(scaled)
      network: \(shape)\(activation), \(count(run.model.parameterCount, "parameter"))
      training: \(data.loss.name) by \(how.optimizer), learning rate \(shown(how.rate)), \
      \(count(how.epochs, "epoch")) in \(batches)
      """
  }

  static func after(_ history: TrainingHistory, _ run: TrainingRun) throws -> String {
    let name = run.data.scaling.metric(for: run.data.loss).name
    var lines = ["\(end(history, run.trainer))"]
    for (part, loss, metric) in try run.results() {
      lines.append("\(part): loss \(shown(loss)), \(name) \(shown(metric))")
    }
    return lines.joined(separator: "\n")
  }

  private static func end(_ history: TrainingHistory, _ trainer: Trainer<Sequential>) -> String {
    let checkpoint = trainer.checkpoint
    let done = "\(count(checkpoint.epoch, "epoch")) (\(count(checkpoint.step, "step")))"
    switch history.end {
    case .finished, .stopped:
      let isBest = trainer.options.earlyStopping != nil && history.bestEpoch != checkpoint.epoch
      return "trained for \(done)" + (isBest ? "; back to epoch \(history.bestEpoch ?? 0), the best" : "")
    case .stoppedEarly: return "stopped early after \(done); back to epoch \(history.bestEpoch ?? 0), the best"
    case .interrupted: return "interrupted after \(done)"
    }
  }

  private static func target(_ data: TrainingData) -> String {
    guard let names = data.classNames else { return "target \(data.target), a number" }
    return "target \(data.target) of \(names.count) classes (\(listed(names)))"
  }

  /// The first few.
  private static func listed(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " …" : "")
  }
}

func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

/// Four significant digits.
func shown(_ x: Double) -> String { String(format: "%.4g", x) }
