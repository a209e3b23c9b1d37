import Micrograd
import MicrogradNN
import TestSupport
import XCTest

@testable import MicrogradPlayground

/// Exported programs print the losses that the room shows, to the last bit.
final class NetworkProgramTests: XCTestCase {
  private func check(_ settings: NetworkSettings, steps: Int) throws {
    #if os(Linux)
      try settings.check()
      let losses = try Tape().use {
        let run = try NetworkRun(settings)
        for _ in 0..<steps { XCTAssertTrue(try run.takeStep()) }
        return run.records.map(\.total)
      }
      let source = try settings.program(steps: steps)
      let lines = try SwiftCompiler.output(of: source, linking: ["MicrogradFormulas", "MicrogradNN"]).split(
        separator: "\n")
      XCTAssertEqual(lines, losses.enumerated().map { "\($0) \($1)" }, source)
    #else
      throw XCTSkip("programs are compiled on Linux")
    #endif
  }

  func testTheNotebooksProgramPrintsTheNotebooksLosses() throws { try check(.notebook, steps: 20) }

  func testAProgramOfBatchesPrintsTheSameLosses() throws {
    try check(
      NetworkSettings.small.with {
        $0.data.kind = "function"
        $0.data.formula = "sin(2*x) # the border\n"
        $0.hidden[0].activation = "leaky-relu"
        $0.initializer = "glorotUniform"
        $0.optimizer.kind = "adamw"
        $0.rate = 0.01
        $0.batch = 10
      }, steps: 30)
  }

  func testAProgramOfOwnPointsPrintsTheSameLosses() throws {
    let points = (0..<30).map { k -> [Double] in
      let x = Double(k) / 7
      return [x, 1000 * x * x - 3, k % 3 == 0 ? 1 : 0]
    }
    try check(
      NetworkSettings.small.with {
        $0.data.kind = "points"
        $0.data.points = points
        $0.data.standardise = true
        $0.optimizer.kind = "lbfgs"
        $0.loss = "meanSquared"
        $0.rate = 1
      }, steps: 8)
  }
}
