import Foundation
import Micrograd
import XCTest

/// The examples of the article Trust.md, run and checked.
final class TrustArticleTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testDerivativesOfTheArticle() {
    let right = checkGradient(at: [1, 2]) { x in x[0] * exp(x[1]) }
    XCTAssertTrue(right.isConsistent)
    let wrong = checkGradient(at: [1, 2]) { x in x[0] * x[1].detached * x[1] }
    XCTAssertFalse(wrong.isConsistent)
    XCTAssertEqual(wrong.worst?.argument, 1)
    XCTAssertEqual(wrong.worst?.analytic, 2)
    XCTAssertEqual(wrong.worst?.numeric.value ?? 0, 4, accuracy: 1e-10)
    let kink = checkGradient(at: 0) { x in x.relu() }
    XCTAssertEqual(kink.entries[0].verdict, .kink)
    XCTAssertEqual(kink.entries[0].numeric.sides?.left, 0)
    XCTAssertEqual(kink.entries[0].numeric.sides?.right, 1)
  }

  func testDerivativesOfTheComments() {
    let check = checkGradient(at: [1, 2, 3]) { x in x[0] * x[1] / x[2] }
    XCTAssertTrue(check.isConsistent)
    XCTAssertNotNil(check.worst?.analytic)
    XCTAssertTrue(checkGradient(at: [1, 2]) { x in x[0] * sin(x[1]) }.isConsistent)
  }

  func testDigitsOfTheArticle() {
    let x = Value(1e-6)
    let report = roundingReport(of: (1 - cos(x)) / x.squared())
    XCTAssertEqual(report.value, 0.5000444502911705)
    XCTAssertEqual(report.significantDigits, 3.65, accuracy: 0.005)
    XCTAssertEqual(report.contributions[0].operation.name, "cosine")
    let half = sin(x / 2) / x
    XCTAssertGreaterThan(roundingReport(of: 2 * half.squared()).significantDigits, 15)
    XCTAssertEqual((2 * half.squared()).data, 0.49999999999995833, accuracy: 1e-15)
  }

  func testKinksOfTheArticle() {
    let x = Value(0.7)
    let found = kinks(of: (x - 0.7000001).relu() + abs(x), within: 1e-3)
    XCTAssertEqual(found.count, 1)
    XCTAssertEqual(found[0].kind, .bend)
    XCTAssertEqual(found[0].distance, 1e-7, accuracy: 1e-12)
    let y = Value(1e-9)
    XCTAssertEqual(kinks(of: y.relu() + exp(y), within: 1e-6)[0].operation.name, "relu")
  }

  func testTheSentenceOfTheArticle() throws {
    let tape = Tape()
    try tape.use {
      _ = log(Value(0)) * 2
      let sentence = "\(NonFiniteNumber(try XCTUnwrap(tape.firstNonFinite)))"
      XCTAssertTrue(sentence.hasPrefix("logarithm of 0.0 is -inf"), sentence)
    }
  }
}
