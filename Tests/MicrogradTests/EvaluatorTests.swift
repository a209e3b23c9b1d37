import Micrograd
import XCTest

final class EvaluatorTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testAnEvaluatorGivesTheNumbersOfItsFunction() throws {
    let weights = Parameters([0.5, -1.5, 2])
    let f = try compile(at: [1, 2]) { x in tanh(weights[0] * x[0] + weights[1] * x[1]) * exp(weights[2] * x[0] / 10) }
    let evaluator = try f.evaluator()
    for sample in [[1, 2], [-0.3, 0.7], [0, 0], [25, -3], [.infinity, 1], [.nan, 1]] {
      let (value, gradient) = try f.valueWithGradient(at: sample)
      let found = try evaluator.valueWithGradient(at: sample)
      XCTAssertEqual([found.value.bitPattern], [value.bitPattern])
      XCTAssertEqual(found.gradient.map(\.bitPattern), gradient.map(\.bitPattern))
      XCTAssertEqual(try evaluator(at: sample).bitPattern, try f(at: sample).bitPattern)
    }
  }

  func testAnEvaluatorKeepsItsParameters() throws {
    let weights = Parameters([2, -1])
    let f = try compile(at: [0, 0]) { x in weights[0] * x[0] + weights[1] * x[1] }
    let evaluator = try f.evaluator()
    for weight in weights { weight.data = 100 }
    XCTAssertEqual(try evaluator(at: [3, 5]), 1)
    XCTAssertEqual(try f(at: [3, 5]), 800)
    XCTAssertEqual(try f.evaluator()(at: [3, 5]), 800)
  }

  func testEightTasksMayCallOneEvaluator() async throws {
    let evaluator = try Tape.scope {
      let weights = Parameters((0..<40).map { Double.sin(Double($0)) })
      return try compile(at: [0.1, 0.2, 0.3]) { x in
        let hidden = (0..<10).map { k in tanh(weights[4 * k] * x[0] + weights[4 * k + 1] * x[1] + weights[4 * k + 2]) }
        return hidden.enumerated().reduce(x[2]) { $0 + weights[4 * $1.offset + 3] * $1.element }
      }.evaluator()
    }
    let samples = (1...200).map { k in Double(k) }.map { k in [Double.cos(k), k / 100, 1 / k] }
    let expected = try samples.map { try evaluator.valueWithGradient(at: $0).gradient }
    let found = try await withThrowingTaskGroup(of: [[Double]].self) { group in
      for _ in 0..<8 {
        group.addTask { try samples.map { try evaluator.valueWithGradient(at: $0).gradient } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for gradients in found { XCTAssertEqual(gradients, expected) }
  }

  func testTheFunctionMayBeReleasedFirst() throws {
    var f: CompiledFunction? = try compile(at: [1]) { x in x[0] * x[0] }
    let evaluator = try f?.evaluator()
    f = nil
    XCTAssertEqual(try evaluator?.valueWithGradient(at: [3]).gradient, [6])
  }

  func testPathsThatWereNotRecordedAreAnError() throws {
    let f = try compile(at: [1]) { x in x[0] < 0 ? -x[0] : x[0] * x[0] }
    let evaluator = try f.evaluator()
    XCTAssertEqual(try evaluator(at: [3]), 9)
    XCTAssertThrowsError(try evaluator(at: [-3])) { error in
      XCTAssertEqual(error as? CompilationError, .pathNotRecorded)
      XCTAssertTrue("\(error)".contains("make the evaluator anew"), "\(error)")
    }
    XCTAssertEqual(try f(at: [-3]), 3)
    let both = try f.evaluator()
    XCTAssertEqual(try both.valueWithGradient(at: [-3]).gradient, [-1])
    XCTAssertEqual(try both.valueWithGradient(at: [3]).gradient, [6])
  }

  func testSeveralResults() throws {
    let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
    XCTAssertEqual(try polar.evaluator().results(at: [0, 2]), [2, Double.pi / 2])
  }
}
