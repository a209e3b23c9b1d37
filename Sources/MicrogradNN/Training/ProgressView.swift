import Foundation

/// Shows the progress of a run: nothing, a bar, or lines.
internal struct ProgressView {
  private let style: ProgressStyle
  private let epochs: Int
  private let first: Int
  private let metric: Metric?
  private let output: (String) -> Void
  private let columns: () -> Int
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant
  private var lastReport: EpochReport?

  init(
    _ style: ProgressStyle, epochs: Int, startingAt first: Int, metric: Metric?,
    output: @escaping (String) -> Void = printWithoutNewline,
    columns: @escaping () -> Int = { TerminalLine.columns }
  ) {
    self.style = style == .automatic ? (TerminalLine.isAvailable ? .bar : .lines) : style
    self.epochs = epochs
    self.first = first
    self.metric = metric
    self.columns = columns
    self.output = output
    start = clock.now
    lastDrawn = start
  }

  /// Updates the bar within an epoch.
  mutating func passed(_ progress: EpochProgress, of count: Int) {
    guard style == .bar, clock.now - lastDrawn > .milliseconds(100) else { return }
    lastDrawn = clock.now
    let done = Double(lastReport?.epoch ?? first) + Double(progress.samples) / Double(count)
    draw(done: done, loss: progress.meanLoss, metric: metric == nil ? nil : progress.meanMetric)
  }

  /// Shows a completed epoch.
  mutating func finished(_ report: EpochReport) {
    lastReport = report
    switch style {
    case .bar:
      guard report.epoch == epochs || clock.now - lastDrawn > .milliseconds(100) else { return }
      lastDrawn = clock.now
      draw(done: Double(report.epoch), loss: report.loss, metric: report.metric)
    case .lines where report.epoch == epochs || (report.epoch - first - 1) % max(1, (epochs - first) / 20) == 0:
      let details = details(report.loss, report.metric, done: Double(report.epoch)).joined(separator: "  ")
      output("epoch \(report.epoch)/\(epochs)  \(details)\n")
    default: break
    }
  }

  /// Completes the bar at the end of the run.
  mutating func end() {
    guard style == .bar, let lastReport else { return }
    draw(done: Double(lastReport.epoch), loss: lastReport.loss, metric: lastReport.metric)
    output("\n")
  }

  private func draw(done: Double, loss: Double, metric: Double?) {
    let line = TerminalLine.text(
      fraction: epochs == 0 ? 1 : done / Double(epochs), width: 24, count: "\(Int(done))/\(epochs)",
      details: details(loss, metric, done: done), columns: columns())
    output(TerminalLine.start + line)
  }

  private func details(_ loss: Double, _ metric: Double?, done: Double) -> [String] {
    var parts = ["loss \(number(loss))"]
    if let metric, let name = self.metric?.name { parts.append("\(name) \(number(metric))") }
    if let loss = lastReport?.validationLoss { parts.append("validation loss \(number(loss))") }
    if let metric = lastReport?.validationMetric, let name = self.metric?.name {
      parts.append("\(name) \(number(metric))")
    }
    if let speed = lastReport?.samplesPerSecond { parts.append("\(Int(speed)) samples/s") }
    let elapsed = (clock.now - start) / .seconds(1)
    let fraction = (done - Double(first)) / max(Double(epochs - first), 1)
    if fraction > 0, fraction < 1 { parts.append("\(duration(elapsed * (1 - fraction) / fraction)) left") }
    return parts
  }
}

/// Writes to standard output. A closed pipe is ignored: training goes on without a reader.
private func printWithoutNewline(_ text: String) {
  try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
}

private func number(_ x: Double) -> String {
  String(format: (1e-3..<1e7).contains(abs(x)) || x == 0 ? "%.4f" : "%.3e", x)
}

private func duration(_ seconds: Double) -> String {
  seconds < 60 ? String(format: "%.0f s", seconds) : String(format: "%d:%02d min", Int(seconds) / 60, Int(seconds) % 60)
}
