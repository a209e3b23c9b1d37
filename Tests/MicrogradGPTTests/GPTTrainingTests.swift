import Foundation
import Micrograd
import MicrogradGPT
import TestSupport
import XCTest

final class GPTTrainingTests: XCTestCase {
  /// Compares losses to the four decimals that are printed.
  private func assertLines(
    of training: inout GPTTraining, are expected: [Double], _ message: String, line: UInt = #line
  ) {
    for (step, expected) in expected.enumerated() {
      let (own, other) = (four(training.step()), four(expected))
      XCTAssertEqual(own, other, "\(message), step \(step + 1)", line: line)
      if own != other { return }
    }
  }

  private func four(_ loss: Double) -> String { String(format: "%.4f", loss) }

  private func assertTraining(_ mode: GPTMode, is expected: Fixture.Training, line: UInt = #line) {
    var training = riverTraining(mode)
    XCTAssertEqual(expected.losses.count, 1000, line: line)
    assertLines(of: &training, are: expected.losses, mode.rawValue, line: line)
    XCTAssertEqual(training.stepCount, 1000, line: line)
    XCTAssertEqual((0..<20).map { _ in training.sample() }, expected.samples, line: line)
  }

  func testAThousandScalarStepsAndTheSamplesAreThoseOfPyTorch() {
    assertTraining(.scalar, is: Fixture.rivers.single)
  }

  func testAThousandFusedStepsAndTheSamplesAreThoseOfPyTorch() {
    assertTraining(.fused, is: Fixture.rivers.single)
  }

  func testAThousandCompiledStepsAndTheSamplesAreThoseOfPyTorch() {
    assertTraining(.compiled, is: Fixture.rivers.single)
  }

  func testBatchesOfSixteenGoRoundTheTextAsInPyTorch() {
    for mode in GPTMode.allCases {
      var training = riverTraining(mode, batchSize: 16)
      XCTAssertGreaterThan(16 * Fixture.rivers.sixteen.losses.count, 2 * training.documents.count)
      assertLines(of: &training, are: Fixture.rivers.sixteen.losses, mode.rawValue)
      XCTAssertEqual((0..<20).map { _ in training.sample() }, Fixture.rivers.sixteen.samples, mode.rawValue)
    }
  }

  /// Sixteen documents a step: the loss at the end is that of double to a hundredth, its mean over the last hundred steps to a
  /// thousandth.
  func testAThousandStepsInFloatLeadWhereThoseInDoubleDo() {
    func losses(_ precision: CompiledFunction.Precision) -> [Double] {
      var options = GPTTraining.Options()
      (options.mode, options.batchSize, options.precision) = (.compiled, 16, precision)
      var training = GPTTraining(documents(in: RiverNames.text), options)
      return (0..<1000).map { _ in training.step() }
    }
    let (double, float) = (losses(.double), losses(.float))
    XCTAssertEqual(float[999], double[999], accuracy: 0.01)
    func tail(_ losses: [Double]) -> Double { losses.suffix(100).reduce(0, +) / 100 }
    XCTAssertEqual(tail(float), tail(double), accuracy: 0.001)
    XCTAssertLessThan(tail(float), double[0] / 1.3)
    XCTAssertNotEqual(float, double)
  }

  /// The names are not part of the project; `MICROGRAD_NAMES=names.txt make test` says where they are.
  func testTheLinesOfTheNamesAreTheFixtures() throws {
    guard let path = ProcessInfo.processInfo.environment["MICROGRAD_NAMES"] else {
      throw XCTSkip("MICROGRAD_NAMES names no file")
    }
    let names = documents(in: try String(contentsOfFile: path, encoding: .utf8))
    let fixture: Fixture = try readFixture("gpt_names.json")
    for mode in GPTMode.allCases {
      var options = GPTTraining.Options()
      options.mode = mode
      var training = GPTTraining(names, options)
      assertLines(of: &training, are: fixture.single.losses, mode.rawValue)
      XCTAssertEqual((0..<20).map { _ in training.sample() }, fixture.single.samples, mode.rawValue)
    }
  }

  /// The numbers are those that Karpathy's own program prints.
  func testTheFixtureOfTheNamesBeginsAndEndsAsMicrogpt() throws {
    let fixture: Fixture = try readFixture("gpt_names.json")
    XCTAssertEqual(fixture.single.losses[..<5].map(four), ["3.3660", "3.4243", "3.1778", "3.0664", "3.2209"])
    XCTAssertEqual(fixture.single.losses.last.map(four), "2.6497")
    XCTAssertEqual(Array(fixture.single.samples[..<3]), ["kamon", "ann", "karai"])
  }

  func testAnotherSeedIsAnotherRun() {
    var options = GPTTraining.Options()
    options.seed = 43
    var training = GPTTraining(documents(in: RiverNames.text), options)
    XCTAssertNotEqual(training.step(), Fixture.rivers.single.losses[0], accuracy: 1e-6)
  }

  func testOneCharacterIsLearnt() {
    var options = GPTTraining.Options()
    options.steps = 50
    var training = GPTTraining(["a"], options)
    let first = training.step()
    for _ in 1..<49 { _ = training.step() }
    XCTAssertLessThan(training.step(), first / 10)
    XCTAssertEqual(training.sample(), "a")
  }
}
