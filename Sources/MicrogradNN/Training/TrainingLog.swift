import Foundation

/// A CSV file with one line per epoch.
///
/// Numbers read back exactly. Numbers that were not measured are empty.
internal struct TrainingLog {
  private let url: URL

  /// Starts a new file with a header line; or, with `epoch`, continues the existing file after that epoch.
  init(_ url: URL, metric: Metric?, after epoch: Int?) throws {
    self.url = url
    if let epoch, FileManager.default.fileExists(atPath: url.path) {
      try attempt { try dropLines(after: epoch) }
      return
    }
    let name = (metric?.name ?? "metric").replacingOccurrences(of: " ", with: "_")
    try attempt {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("epoch,step,learning_rate,loss,\(name),validation_loss,validation_\(name),samples_per_second\n".utf8)
        .write(to: url)
    }
  }

  func append(_ report: EpochReport) throws {
    let numbers = [report.learningRate, report.loss, report.metric, report.validationLoss, report.validationMetric]
    let fields =
      ["\(report.epoch)", "\(report.step)"] + numbers.map { $0.map { "\($0)" } ?? "" }
      + ["\(Int(report.samplesPerSecond))"]
    try attempt {
      let handle = try FileHandle(forWritingTo: url)
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((fields.joined(separator: ",") + "\n").utf8))
    }
  }

  /// Drops lines after an epoch: a run that was killed may have logged epochs after its last checkpoint, and half a line.
  /// They will be logged again.
  private func dropLines(after epoch: Int) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    let whole = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let kept = whole.filter { line in line.split(separator: ",").first.flatMap { Int($0) }.map { $0 <= epoch } ?? true }
    let rest = kept.map { $0 + "\n" }.joined()
    if rest != text { try Data(rest.utf8).write(to: url, options: .atomic) }
  }

  private func attempt(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      throw TrainingError.log(path: url.path, reason: error.localizedDescription)
    }
  }
}
