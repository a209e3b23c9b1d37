import Foundation
import Micrograd
import MicrogradFormulaFits
import MicrogradNN
import MicrogradTables

/// The messages that `train` prints before and after training.
enum TrainingSummary {
  static func before(_ command: TrainCommand, _ run: TrainingRun) throws -> String {
    let (data, how) = (run.data, command.optimization)
    let scaled = data.scaling == Scaling() ? "not standardised" : "standardised"
    let sizes = run.layers.compactMap { layer -> Int? in
      if case .linear(let inputs, _) = layer { inputs } else { nil }
    }
    let shape = (sizes + [data.outputCount]).map(String.init).joined(separator: "-")
    let activation = command.network.hidden.sizes.isEmpty ? "" : ", \(command.network.activation.name)"
    let batches = how.batch.count.map { "batches of \($0)" } ?? "steps on all rows"
    let notices = data.notices.map { $0 + "\n" }.joined()
    return """
      \(notices)\(InputFile(command.data.file).shown): \(count(data.inputNames.count, "input")) \
      (\(listed(data.inputNames))), \(try target(data))
      \(ColumnTable.text(data.reports, isStandardized: data.scaling != Scaling()))
      rows: \(data.training.count) for training, \(data.validation?.count ?? 0) for validation, \(scaled)
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
    let (part, rows, scores) = try run.scores()
    let all = (part == "training" ? run.data.training : run.data.validation)?.count ?? rows
    lines.append("scores on the \(rows < all ? "first \(rows) " : "")\(part) rows:\n\(scores.text)")
    return lines.joined(separator: "\n")
  }

  private static func end(_ history: TrainingHistory, _ trainer: Trainer<Sequential>) -> String {
    let checkpoint = trainer.checkpoint
    let done = "\(count(checkpoint.epoch, "epoch")) (\(count(checkpoint.step, "step")))"
    switch history.end {
    case .finished, .stopped: return "trained for \(done)" + best(history, trainer)
    case .stoppedEarly: return "stopped early after \(done)" + best(history, trainer)
    case .interrupted: return "interrupted after \(done)"
    }
  }

  /// Returns which epoch early stopping restored. Without an epoch with a finite loss, it restored none.
  private static func best(_ history: TrainingHistory, _ trainer: Trainer<Sequential>) -> String {
    guard trainer.options.earlyStopping != nil else { return "" }
    guard let best = history.bestEpoch else {
      return "; no epoch had a finite loss, so the parameters are those of the last epoch"
    }
    return best == trainer.checkpoint.epoch ? "" : "; restored epoch \(best), the best"
  }

  private static func target(_ data: TrainingData) throws -> String {
    guard let names = data.classNames else { return "target \(data.target), \(try numbers(data))" }
    return "target \(data.target) of \(names.count) classes (\(listed(names)))"
  }

  /// Describes a numeric target. A few repeated numbers may be meant as classes.
  private static func numbers(_ data: TrainingData) throws -> String {
    var all: [Double] = []
    for part in [data.training, data.validation].compactMap(\.self) {
      if case .numbers(let numbers, _) = try data.sample(of: part).targets { all += numbers }
    }
    let values = Set(all)
    guard let least = values.min(), let greatest = values.max() else { return "a number" }
    let range = values.count == 1 ? "always \(shown(least))" : "\(shown(least)) to \(shown(greatest))"
    let areFew = values.count <= 10 && values.count * 2 <= all.count && values.allSatisfy { $0 == $0.rounded() }
    return "a number (\(count(values.count, "different value")), \(range)"
      + (areFew ? "; to read them as classes, give --classes)" : ")")
  }

  /// Returns the first few names.
  private static func listed(_ names: [String]) -> String {
    names.prefix(8).map { $0.contains(",") ? "“\($0)”" : $0 }.joined(separator: ", ") + (names.count > 8 ? " …" : "")
  }
}

func count(_ number: Int, _ what: String) -> String { FitText.count(number, what) }

/// Formats a number with four significant digits.
func shown(_ x: Double) -> String { String(format: "%.4g", x) }
