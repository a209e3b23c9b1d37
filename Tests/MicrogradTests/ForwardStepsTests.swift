import Micrograd
import XCTest

final class ForwardStepsTests: XCTestCase {
  func testStepsOfTheLectureInWordsAndNumbers() {
    Tape.scope {
      let a = Value(2), b = Value(-3), c = Value(10), f = Value(-2)
      let e = a * b, d = e + c, loss = d * f
      let labels = [("a", a), ("b", b), ("c", c), ("f", f), ("e", e), ("d", d), ("L", loss)]
      let steps = ForwardSteps(of: loss, labels: labels.map { (key: $0, value: $1) })
      XCTAssertEqual(steps.map(\.expression), ["a * b", "e + c", "d * f"])
      XCTAssertEqual(steps.map(\.arithmetic), ["2 * (−3) = −6", "−6 + 10 = 4", "4 * (−2) = −8"])
      XCTAssertEqual(steps.map(\.localDerivatives), [[-3, 2], [1, 1], [-2, 4]])
      XCTAssertEqual(steps.map { steps.graph.name(of: $0.node) }, ["e", "d", "L"])
    }
  }

  func testLocalDerivativesAreThereWhereNoGradientArrives() {
    Tape.scope {
      let x = Value(-3), y = x * x, z = y.relu() - y.relu()
      let steps = ForwardSteps(of: z, labels: [(key: "x", value: x)])
      XCTAssertEqual(steps[0].localDerivatives, [-3, -3])
      XCTAssertEqual(steps[0].arithmetic, "−3 * (−3) = 9")
    }
  }

  func testPowersOfNegativeNumbersAreInParentheses() {
    Tape.scope {
      let x = Value(-3)
      XCTAssertEqual(ForwardSteps(of: x ** 2, labels: [(key: "x", value: x)])[0].arithmetic, "(−3) ** 2 = 9")
      XCTAssertEqual(ForwardSteps(of: exp(x), labels: [])[0].arithmetic, "exp(−3) = 0.0497871")
    }
  }

  func testAConstantAndALeafHaveNoSteps() {
    Tape.scope {
      XCTAssertTrue(ForwardSteps(of: .constant(2), labels: []).isEmpty)
      XCTAssertTrue(ForwardSteps(of: Value(2), labels: []).isEmpty)
    }
  }
}
