import Foundation
import Micrograd
import XCTest

final class KinksTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// The only kink of a root that is one operation.
  private func kink(_ root: Value, within distance: Double = 1) -> Kink? {
    let found = kinks(of: root, within: distance)
    return found.count == 1 ? found[0] : nil
  }

  private func assertKink(
    _ root: Value, _ kind: Kink.Kind, _ distance: Double, line: UInt = #line
  ) {
    let kink = kink(root)
    XCTAssertEqual(kink?.kind, kind, "\(root.operation?.name ?? "")", line: line)
    XCTAssertEqual(kink?.distance ?? .nan, distance, accuracy: 1e-12, "\(root.operation?.name ?? "")", line: line)
  }

  func testBendsAreFoundByDistance() {
    for x in [-0.25, 0.0, 0.25] {
      assertKink(Value(x).relu(), .bend, abs(x))
      assertKink(abs(Value(x)), .bend, abs(x))
      assertKink(Value(x).leakyReLU(), .bend, abs(x))
      assertKink(Value(x).elu(), .curvature, abs(x))
      assertKink(Value(x).elu(scale: 2), .bend, abs(x))
    }
  }

  func testEdgesOfDomainsAndPolesAreFound() {
    for x in [-0.25, 0.0, 0.125] {
      assertKink(sqrt(Value(x)), .edge, abs(x))
      assertKink(Value.root(Value(x), 3), .edge, abs(x))
      assertKink(log(Value(x)), .edge, abs(x))
      assertKink(1 / Value(x), .edge, abs(x))
      assertKink(Value(3) / Value(x), .edge, abs(x))
      assertKink(Value.log(onePlus: Value(x - 1)), .edge, abs(x))
      assertKink(Value.acosh(Value(1 + x)), .edge, abs(x))
      assertKink(Value.asin(Value(1 + x)), .edge, abs(x))
      assertKink(Value.acos(Value(x - 1)), .edge, abs(x))
      assertKink(Value.atanh(Value(1 - x)), .edge, abs(x))
      assertKink(tan(Value(-.pi / 2 + x)), .edge, abs(x))
      assertKink(Value(x) ** -2, .edge, abs(x))
      assertKink(Value(x) ** 1.5, .edge, abs(x))
      assertKink(Value(x) ** Value(0.5), .edge, abs(x))
    }
  }

  func testStepsJump() {
    assertKink(sign(Value(-0.25)), .jump, 0.25)
    assertKink(floor(Value(2.875)), .jump, 0.125)
    assertKink(ceil(Value(-3)), .jump, 0)
    assertKink(round(Value(2.25)), .jump, 0.25)
    assertKink(Value(-7.375).rounded(.toNearestOrEven), .jump, 0.125)
    assertKink(trunc(Value(0.25)), .jump, 0.75)
    assertKink(trunc(Value(-1.25)), .jump, 0.25)
    assertKink(remainder(Value(4.25), Value(3)), .jump, 0.25)
    assertKink(fmod(Value(-5.75), Value(3)), .jump, 0.25)
    assertKink(fmod(Value(0.25), Value(-0.5)), .jump, 0.25)
    assertKink(atan2(Value(0.125), Value(-2)), .jump, 0.125)
    let condition: Condition = Value(0.5) > 0.25
    assertKink(select(condition, Value(1), Value(2)), .jump, 0.25)
  }

  func testChoicesBendWhereBothAreEqual() {
    assertKink(max(Value(1), Value(1.25)), .bend, 0.25)
    assertKink(min(Value(1), 0.5), .bend, 0.5)
    assertKink(Value(0.125).clamped(to: 0...), .bend, 0.125)
    assertKink(Value(0.125).clamped(to: ...1), .bend, 0.875)
    let condition: Condition = Value(0.5) < 0.25
    assertKink(select(condition, Value(2), Value(2)), .bend, 0.25)
    assertKink(hypot(Value(0.3), Value(-0.4)), .bend, 0.5)
  }

  func testSpecialFunctionsHaveTheirPoles() {
    assertKink(digamma(Value(-2.125)), .edge, 0.125)
    assertKink(polygamma(2, Value(0.75)), .edge, 0.75)
    assertKink(Value.gamma(Value(-0.25)), .edge, 0.25)
    assertKink(logit(Value(0.875)), .edge, 0.125)
    assertKink(log1mexp(Value(-0.5)), .edge, 0.5)
    assertKink(Value.log2(Value(0.25)), .edge, 0.25)
    assertKink(Value.log10(Value(0.25)), .edge, 0.25)
    XCTAssertTrue(kinks(of: Value.erf(Value(1e-9)) + Value.exp2(Value(0)), within: 1).isEmpty)
  }

  func testSmoothOperationsHaveNone() {
    let x = Value(1e-9), y = Value(-0.3)
    let smooth = exp(x) * sin(y) + x.tanh() * x.squared() - x ** 4 + x.sigmoid() + x.gelu() + x.softplus() + 2 ** x
    XCTAssertTrue(kinks(of: smooth, within: 10).isEmpty)
  }

  func testLossesBendAtTheirTargets() {
    // The margin 1 - t x of a hinge with the target t = -1 ends at x = -1, and with t = 4 at x = 1/4.
    for (loss, target, kind, distance) in [
      (ElementLoss.hinge, -1.0, Kink.Kind.bend, 1.5), (.squaredHinge, 4, .curvature, 0.25),
      (.absoluteError, -1, .bend, 1.5), (.huber(delta: 1.25), -1, .curvature, 0.25),
    ] {
      let found = kinks(of: Matrix([[0.5]]).losses(loss, expected: [target])[0, 0], within: 5)
      XCTAssertEqual(found.map(\.kind), [kind])
      XCTAssertEqual(found[0].distance, distance, accuracy: 1e-12)
    }
    XCTAssertTrue(kinks(of: Matrix([[0.5]]).losses(.squaredError, expected: [0.5])[0, 0], within: 5).isEmpty)
  }

  // MARK: - Which are listed

  func testTheClosestIsTheFirst() {
    let x = Value(0.5)
    let root = (x - 0.4).relu() + abs(x - 0.501) + log(x) + (x - 3).relu()
    let found = kinks(of: root, within: 0.6)
    XCTAssertEqual(found.map(\.operation.name), ["absolute", "relu", "logarithm"])
    XCTAssertEqual(found[0].distance, 0.001, accuracy: 1e-15)
    XCTAssertEqual(found[2].operands, [0.5])
  }

  func testOnlyWhatTheRootDependsOnIsListed() {
    let x = Value(0.5), beside = x.relu(), root = abs(x)
    XCTAssertEqual(kinks(of: root, within: 1).map(\.operation.name), ["absolute"])
    XCTAssertEqual(kinks(of: beside, within: 1).map(\.operation.name), ["relu"])
    XCTAssertTrue(kinks(of: x, within: 1).isEmpty)
    XCTAssertTrue(kinks(of: .constant(0), within: 1).isEmpty)
  }

  func testBranchesWithoutAGradientAreListed() {
    let root = (Value(-1e-9).relu() * 3 - 1).relu()
    XCTAssertEqual(kinks(of: root, within: 1e-6).map(\.operation.name), ["relu"])
  }

  func testADistanceOfZeroFindsTheVeryPlace() {
    XCTAssertEqual(kinks(of: Value(0).relu(), within: 0).count, 1)
    XCTAssertEqual(kinks(of: Value(1e-300).relu(), within: 0).count, 0)
  }

  func testElementsOfBlocksAreListed() {
    let x = Matrix([[0.5, -2e-7], [3, 1e-7]])
    let found = kinks(of: x.relu().sum(), within: 1e-6)
    XCTAssertEqual(found.map(\.operands), [[1e-7], [-2e-7]])
    XCTAssertEqual(found[0].distance, 1e-7)
  }

  func testNeuronsWithReLUBendWhereTheirWeightedInputIsZero() {
    let weights = Parameters([1, 2, -1, 0.5, 0.1, -0.2])
    for evaluation in [Evaluation.fused, .blas] {
      let place = LayerPlace(
        parameters: weights, weights: 0, biases: 4, inputCount: 2, outputCount: 2, isNonlinear: true)
      // 1 · 0.3 - 2 · 0.2 + 0.1 = 0 and -0.3 - 0.1 - 0.2 = -0.6
      let outputs = LayerChain([place]).evaluate([Value(0.3), Value(-0.2)], evaluation)
      let found = kinks(of: outputs[0] + outputs[1], within: 1)
      XCTAssertEqual(found.map(\.distance).count, 2)
      XCTAssertEqual(found[0].distance, 0, accuracy: 1e-15)
      XCTAssertEqual(found[1].distance, 0.6, accuracy: 1e-15)
    }
  }

  /// In debug builds, where it was recorded follows.
  func testAKinkIsDescribed() {
    for (kink, text) in [
      (kink(Value(1e-9).relu())!, "relu of 1e-09 is 1e-09: a bend at a distance of 1e-09"),
      (kink(log(Value(0)))!, "logarithm of 0.0 is -inf: an edge at a distance of 0.0"),
    ] { XCTAssertTrue("\(kink)".hasPrefix(text), "\(kink)") }
  }

  /// Where checkGradient sees two slopes, there is a kink at distance 0.
  func testEveryKinkThatDifferencesSeeIsListed() {
    let functions: [(Value) -> Value] = [{ $0.relu() }, { abs($0) }, { $0.leakyReLU() }, { $0.elu(scale: 2) }]
    for f in functions {
      XCTAssertNotNil(checkGradient(at: 0, of: f).entries[0].numeric.sides)
      XCTAssertEqual(kinks(of: f(Value(0)), within: 0).count, 1)
    }
  }
}
