import Foundation
import MicrogradNN

/// A progress report of the training of a GPT.
protocol GPTReport {
  /// Reports a step, counted from 1.
  func stepped(_ step: Int, loss: Double) throws
  func ended() throws
}

struct SilentGPTReport: GPTReport {
  func stepped(_ step: Int, loss: Double) {}
  func ended() {}
}

/// Prints a line for the first step, the last, and each multiple of `every`.
struct GPTLines: GPTReport {
  let steps: Int
  let every: Int

  func stepped(_ step: Int, loss: Double) throws {
    guard step == 1 || step == steps || step.isMultiple(of: every) else { return }
    try Console.print("step \(padded(step, to: max("\(steps)".count, 4))) / \(steps) | loss \(format(loss))")
  }
  func ended() {}
}

/// Draws a bar in one line that is overwritten, at most ten times a second.
final class GPTBar: GPTReport {
  private let steps: Int
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  /// A step that is not yet drawn.
  private var pending: (step: Int, loss: Double)?

  init(steps: Int) { self.steps = steps }

  func stepped(_ step: Int, loss: Double) throws {
    pending = (step, loss)
    if let lastDrawn, .now - lastDrawn < .milliseconds(100) { return }
    try draw()
  }

  func ended() throws {
    try draw()
    try Console.write("\n")
  }

  private func draw() throws {
    guard let (step, loss) = pending else { return }
    (pending, lastDrawn) = (nil, .now)
    let left = (ContinuousClock.now - start) / .seconds(1) * Double(steps - step) / Double(step)
    let line = TerminalLine.text(
      fraction: Double(step) / Double(steps), width: 24, count: "\(step)/\(steps)",
      details: ["loss \(format(loss))"] + (step < steps ? [String(format: "%.0f s left", left)] : []),
      columns: TerminalLine.columns)
    try Console.write(TerminalLine.start + line)
  }
}

/// Returns the number with spaces before it.
func padded(_ number: Int, to width: Int) -> String {
  let digits = "\(number)"
  return String(repeating: " ", count: max(0, width - digits.count)) + digits
}

private func format(_ loss: Double) -> String { String(format: "%.4f", loss) }
