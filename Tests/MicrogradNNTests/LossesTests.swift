import Micrograd
import MicrogradNN
import XCTest

final class LossesTests: XCTestCase {
  func testMaxMarginLossIsTheMeanOfTheHinges() {
    Tape.scope {
      let scores = [Value(2.0), Value(0.25), Value(-0.5)]
      let loss = maxMarginLoss(scores: scores, expected: [1, 1, 1])
      XCTAssertEqual(loss.data, (0 + 0.75 + 1.5) / 3, accuracy: 1e-15)
      loss.backward()
      XCTAssertEqual(scores.map(\.grad), [0, -1.0 / 3, -1.0 / 3])
    }
  }

  func testMaxMarginLossMirrorsTheClasses() {
    Tape.scope {
      let score = Value(0.25)
      let loss = maxMarginLoss(scores: [score], expected: [-1])
      loss.backward()
      XCTAssertEqual(loss.data, 1.25)
      XCTAssertEqual(score.grad, 1)
    }
  }

  func testL2PenaltyOfThreeAndFour() {
    Tape.scope {
      let parameters = [Value(3.0), Value(-4.0)]
      let penalty = l2Penalty(parameters, weight: 0.1)
      penalty.backward()
      XCTAssertEqual(penalty.data, 2.5, accuracy: 1e-15)
      assertClose(parameters.map(\.grad), [0.6, -0.8], 1e-15)
    }
  }

  func testAccuracyCountsSigns() {
    XCTAssertEqual(signAccuracy(scores: [0.1, -2, 3, -0.5], expected: [1, -1, -1, 1]), 0.5)
    XCTAssertEqual(signAccuracy(scores: [0], expected: [-1]), 1)
  }
}
