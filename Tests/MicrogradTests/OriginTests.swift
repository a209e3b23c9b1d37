import Micrograd
import XCTest

final class OriginTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testConstantsAndParametersHaveNoOrigin() {
    let parameters = Parameters([1])
    XCTAssertNil(Value.constant(3).origin)
    XCTAssertNil(parameters[0].origin)
  }

  #if DEBUG
    /// Asserts that a number was recorded in the line of this call. Where there are no lines, that the function is known.
    private func assertIsFromHere(_ value: Value, file: String = #filePath, line: Int = #line) {
      guard let origin = value.origin else { return XCTFail("no origin", line: UInt(line)) }
      if origin.file.isEmpty { return XCTAssertTrue(origin.function.contains("OriginTests"), line: UInt(line)) }
      XCTAssertEqual(origin.file, file, "\(origin)", line: UInt(line))
      XCTAssertEqual("\(origin)", "OriginTests.swift:\(line)", line: UInt(line))
    }

    func testEveryWayOfRecordingIsSeenWhereItIsWritten() {
      let x = Value(2), y = Value(3)
      assertIsFromHere(Value(2))
      assertIsFromHere(x + 1)
      assertIsFromHere(x * y)
      assertIsFromHere(-x)
      assertIsFromHere(3 / x)
      assertIsFromHere(x ** 2.5)
      assertIsFromHere(exp(x))
      assertIsFromHere(x.relu())
      assertIsFromHere(x.gelu())
      assertIsFromHere(sum([x, y]))
      assertIsFromHere([x, y].mean())
      assertIsFromHere(dot([x, y], [y, x]))
      assertIsFromHere([x, y].map { $0 * 3 }[1])
      assertIsFromHere([x, y].reduce(0 * x) { $0 + $1 })
      assertIsFromHere(Matrix([[1, 2]]).tanh()[0, 1])
      assertIsFromHere(Matrix([[1, 2]]).softmax().sum())
      assertIsFromHere((Matrix([[1, 2]]) * Matrix([[3, 4]])).row(0).sum())
    }

    private func doubled<T: DifferentiableNumber>(_ x: T) -> (T, Int) { (x + x, #line) }

    func testGenericFunctionsAreWhereNumbersAreRecorded() {
      let (y, line) = doubled(Value(3))
      assertIsFromHere(y, line: line)
    }

    func testNodesThatALayerRecordsAreOfItsCall() {
      let weights = Parameters([1, 2, 3, 4, 5, 6])
      let place = LayerPlace(
        parameters: weights, weights: 0, biases: 4, inputCount: 2, outputCount: 2, isNonlinear: true)
      for evaluation in Evaluation.allCases {
        let outputs = LayerChain([place]).evaluate([Value(0.3), Value(-0.2)], evaluation)
        let line = #line - 1
        assertIsFromHere(outputs[0], line: line)
        assertIsFromHere(outputs[1], line: line)
        if let inner = outputs[1].operands.first, evaluation == .scalar { assertIsFromHere(inner, line: line) }
      }
    }

    func testNodesRecordedWhereOthersWereForgottenHaveTheirOwnOrigin() {
      Tape.scope {
        let x = Value(2)
        for _ in 0..<50 { _ = x * x }
      }
      let x = Value(3)
      var last = x
      for _ in 0..<20 { last = last + x }
      assertIsFromHere(last, line: #line - 1)
      assertIsFromHere(x, line: #line - 4)
    }

    func testAReleasedTapeForgetsItsOrigins() {
      var tape: Tape? = Tape()
      tape?.use { _ = (0..<1000).map { Value(Double($0)) } }
      tape = nil
      let other = Tape()
      other.use { assertIsFromHere(Value(1)) }
    }

    func testOtherThreadsHaveStacksOfTheirOwn() async {
      let found = await Task.detached { () -> (Origin?, Int) in
        Tape().use { (Value(3).origin, #line) }
      }.value
      if let origin = found.0, !origin.file.isEmpty { XCTAssertEqual(origin.line, found.1) }
      XCTAssertNotNil(found.0)
    }

    func testDeepRecursionIsFollowedAsFarAsNeeded() {
      func deep(_ count: Int, _ x: Value) -> Value { count == 0 ? x * x : deep(count - 1, x) }
      let line = #line - 1
      assertIsFromHere(deep(5000, Value(2)), line: line)
      assertIsFromHere(deep(3, Value(2)), line: line)
    }

    func testANumberThatIsNotFiniteSaysWhereItWasRecorded() throws {
      let tape = Tape()
      try tape.use {
        _ = log(Value(0)) * 2
        let number = NonFiniteNumber(try XCTUnwrap(tape.firstNonFinite))
        XCTAssertTrue("\(number)".hasPrefix("logarithm of 0.0 is -inf, recorded at "))
        let origin = try XCTUnwrap(number.origin)
        if origin.line > 0 { XCTAssertTrue("\(number)".hasSuffix("OriginTests.swift:\(#line - 4)")) }
      }
    }

    func testReportsNameTheOrigin() {
      let x = Value(1e-9)
      let y = (1 - cos(x)) / x.squared() + x.relu()
      let line = #line - 1
      let lossy = roundingReport(of: y).contributions[0], kink = kinks(of: y, within: 1e-3)[0]
      for origin in [lossy.origin, kink.origin] {
        XCTAssertNotNil(origin)
        if let origin, origin.line > 0 { XCTAssertEqual(origin.line, line) }
      }
    }
  #else
    func testReleaseBuildsKnowNoOrigin() {
      XCTAssertNil((Value(2) * 3).origin)
    }
  #endif
}
