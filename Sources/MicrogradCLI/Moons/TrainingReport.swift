import Foundation
import MicrogradNN

/// The progress of a run before the update of a step.
struct TrainingProgress: Sendable {
  let step: Int
  let loss: Double
  /// The accuracy, 0 to 1.
  let accuracy: Double
  let learningRate: Double
}

/// A progress report.
protocol TrainingReport {
  func stepped(_ progress: TrainingProgress) throws
  func ended() throws
}

/// Returns a progress bar on a terminal, lines elsewhere.
func standardReport(steps: Int) -> any TrainingReport {
  TerminalLine.isAvailable ? ProgressBar(steps: steps) : PlainReport(steps: steps)
}

struct SilentReport: TrainingReport {
  func stepped(_ progress: TrainingProgress) {}
  func ended() {}
}

/// Prints exactly the lines of micrograd's notebook.
struct NotebookReport: TrainingReport {
  func stepped(_ progress: TrainingProgress) throws {
    try Console.print("step \(progress.step) loss \(progress.loss), accuracy \(progress.accuracy * 100)%")
  }
  func ended() {}
}

/// Prints about twenty lines for a run of any length, always with the last step.
struct PlainReport: TrainingReport {
  let steps: Int

  func stepped(_ progress: TrainingProgress) throws {
    let isLast = progress.step == steps - 1
    guard isLast || progress.step % max(1, steps / 20) == 0 else { return }
    try Console.print(
      "step \(progress.step)  loss \(format(progress.loss, 6))  accuracy \(format(progress.accuracy * 100, 1)) %  "
        + "rate \(format(progress.learningRate, 4))")
  }
  func ended() {}
}

/// Draws a progress bar in one line that is overwritten.
struct ProgressBar: TrainingReport {
  let steps: Int

  func stepped(_ progress: TrainingProgress) throws {
    let done = progress.step + 1
    guard done == steps || done % max(1, steps / 200) == 0 else { return }
    let line = TerminalLine.text(
      fraction: Double(done) / Double(steps), width: 30, count: "\(done)/\(steps)",
      details: [
        "loss \(format(progress.loss, 4))", "accuracy \(format(progress.accuracy * 100, 1)) %",
        "rate \(format(progress.learningRate, 3))",
      ], columns: TerminalLine.columns)
    try Console.write(TerminalLine.start + line)
  }

  func ended() throws { try Console.write("\n") }
}

private func format(_ x: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", x) }
