import XCTest

@testable import MicrogradNN

final class TerminalLineTests: XCTestCase {
  private let details = [
    "loss 0.6439", "accuracy 0.5906", "validation loss 0.5482", "accuracy 0.8250", "711822 samples/s", "12 s left",
  ]

  private func text(_ columns: Int, _ details: [String]? = nil) -> String {
    TerminalLine.text(
      fraction: 0.5, width: 24, count: "50/100", details: details ?? self.details, columns: columns)
  }

  func testALineIsShorterThanTheTerminalIsWide() {
    for columns in 0...200 { XCTAssertLessThan(text(columns).count, max(columns, 1), "\(columns)") }
  }

  func testTheBarShrinksBeforeTheFirstDetails() {
    XCTAssertTrue(
      text(200).hasPrefix(String(repeating: "█", count: 12) + String(repeating: "░", count: 12) + " 50/100"))
    XCTAssertTrue(text(200).hasSuffix("12 s left"))
    XCTAssertTrue(text(40).hasPrefix("████░░░░ 50/100  loss 0.6439"), text(40))
    XCTAssertTrue(text(100).hasSuffix("accuracy 0.8250"), text(100))
    XCTAssertEqual(text(8), "50/100")
  }

  func testWideCharactersCountTwice() {
    let line = text(40, ["正解率 0.5", "正解率 0.25"])
    XCTAssertEqual(line, "████░░░░ 50/100  正解率 0.5")
  }

  func testTheBarFollowsTheTerminalFromDrawToDraw() {
    var (texts, columns) = ([String](), 100)
    var view = ProgressView(
      .bar, epochs: 3, startingAt: 0, metric: .accuracy, output: { texts.append($0) }, columns: { columns })
    view.finished(
      EpochReport(
        epoch: 3, step: 3, learningRate: 0.1, loss: 1e300, metric: 0.5, validationLoss: .infinity,
        validationMetric: 1e250, samplesPerSecond: 1234))
    for width in [100, 40, 80, 20] {
      columns = width
      view.end()
      let drawn = texts[texts.count - 2].replacingOccurrences(of: "\r\u{1B}[K", with: "")
      XCTAssertLessThan(drawn.count, width, drawn)
      XCTAssertTrue(drawn.contains("3/3"), drawn)
    }
  }
}
