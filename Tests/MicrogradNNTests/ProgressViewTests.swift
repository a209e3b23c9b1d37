import XCTest

@testable import MicrogradNN

final class ProgressViewTests: XCTestCase {
  private func output(_ style: ProgressStyle, epochs: Int, startingAt first: Int = 0) -> String {
    var text = ""
    var view = ProgressView(
      style, epochs: epochs, startingAt: first, metric: .accuracy, output: { text += $0 }, columns: { 200 })
    for epoch in first + 1...epochs {
      view.finished(
        EpochReport(
          epoch: epoch, step: epoch, learningRate: 0.1, loss: 0.25, metric: 0.5, validationLoss: 0.125,
          validationMetric: 0.75, samplesPerSecond: 1234))
    }
    view.end()
    return text
  }

  func testLinesAreAboutTwentyWithTheFirstAndTheLast() {
    let lines = output(.lines, epochs: 1000).split(separator: "\n")
    XCTAssertTrue((20...22).contains(lines.count), "\(lines.count)")
    XCTAssertTrue(
      lines[0].hasPrefix("epoch 1/1000  loss 0.2500  accuracy 0.5000  validation loss 0.1250  accuracy 0.7500"))
    XCTAssertTrue(lines[0].contains("1234 samples/s  ") && lines[0].hasSuffix(" left"))
    XCTAssertTrue(lines[lines.count - 1].hasPrefix("epoch 1000/1000") && !lines[lines.count - 1].contains("left"))
    XCTAssertEqual(output(.lines, epochs: 3).split(separator: "\n").count, 3)
    XCTAssertTrue(output(.lines, epochs: 30, startingAt: 25).hasPrefix("epoch 26/30"))
  }

  func testABarIsWrittenOverAndEndsItsLine() {
    let text = output(.bar, epochs: 50)
    XCTAssertTrue(text.hasPrefix("\r\u{1B}[K"))
    XCTAssertTrue(text.contains("████████████████████████ 50/50"))
    XCTAssertEqual(text.filter { $0 == "\n" }.count, 1)
  }

  func testQuietSaysNothing() { XCTAssertEqual(output(.quiet, epochs: 5), "") }
}
