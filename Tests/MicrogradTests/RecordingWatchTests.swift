import CMicrograd
import RealModule
import XCTest

@testable import Micrograd

final class RecordingWatchTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func watching(_ body: () -> Void) -> RecordingWatch {
    let watch = RecordingWatch()
    watch.watch(.current, body)
    return watch
  }

  private func name(_ relation: Relation) -> String {
    switch relation {
    case .less: "<"
    case .atMost: "<="
    case .equal: "=="
    case .unequal: "!="
    case .atLeast: ">="
    case .greater: ">"
    }
  }

  /// As `%3 < 2.0: true`, a node by its place after the first.
  private func lines(_ watch: RecordingWatch, from first: Value) -> [String] {
    func operand(_ node: mg_node, _ number: Double) -> String {
      node == Value.noNode ? "\(number)" : "%\(Int(node) - first.index!)"
    }
    return watch.comparisons.map {
      "\(operand($0.left, $0.left_number)) \(name($0.relation)) \(operand($0.right, $0.right_number)): \($0.holds)"
    }
  }

  // MARK: - Comparisons

  func testComparisonsOfValuesAreNotedWithOperandsRelationAndOutcome() {
    for (a, b) in [(1.0, 2.0), (2, 2), (3, 2), (.nan, 2)] {
      let x = Value(a), y = Value(b)
      var found: [Bool] = []
      let watch = watching { found = [x < y, x <= y, x > y, x >= y, x == y, x != y] }
      XCTAssertEqual(found, [a < b, a <= b, a > b, a >= b, a == b, a != b])
      XCTAssertEqual(
        lines(watch, from: x),
        [
          "%0 < %1: \(a < b)", "%0 <= %1: \(a <= b)", "%0 > %1: \(a > b)", "%0 >= %1: \(a >= b)",
          "%0 == %1: \(a == b)", "%0 != %1: \(a != b)",
        ])
      XCTAssertEqual(watch.reads, [])
    }
  }

  func testComparisonsWithNumbersAndLiteralsAreNoted() {
    for a in [1.0, 2, 3, .nan] {
      let x = Value(a), two = 2.0
      var found: [Bool] = []
      let watch = watching {
        found = [x < two, x <= two, x > two, x >= two, x == two, x != two]
        found += [two < x, two <= x, two > x, two >= x, two == x, two != x]
        found += [x < 2, x <= 2, x > 2, x >= 2, x == 2, x != 2]
        found += [2 < x, 2 <= x, 2 > x, 2 >= x, 2 == x, 2 != x]
      }
      let left = [a < 2, a <= 2, a > 2, a >= 2, a == 2, a != 2], right = [2 < a, 2 <= a, 2 > a, 2 >= a, 2 == a, 2 != a]
      XCTAssertEqual(found, left + right + left + right)
      let relations = ["<", "<=", ">", ">=", "==", "!="]
      let ofValue = zip(relations, left).map { "%0 \($0) 2.0: \($1)" }
      let ofNumber = zip(relations, right).map { "2.0 \($0) %0: \($1)" }
      XCTAssertEqual(lines(watch, from: x), ofValue + ofNumber + ofValue + ofNumber)
      XCTAssertEqual(watch.reads, [])
    }
  }

  func testComparisonsOfParametersAreNotedByTheirNegativeIndices() {
    let weights = Parameters([1, 2])
    let watch = watching { XCTAssertTrue(weights[0] < weights[1]) }
    XCTAssertEqual(
      [watch.comparisons[0].left, watch.comparisons[0].right].map(Int.init), [weights[0].index, weights[1].index])
  }

  func testGenericCodeIsNotedToo() {
    func isSmall<T: Comparable & SignedNumeric>(_ x: T, _ y: T) -> Bool { x < y && -y < x && x != .zero }
    let x = Value(0.5), y = Value(1.0)
    let watch = watching { XCTAssertTrue(isSmall(RealValue(x), RealValue(y))) }
    XCTAssertEqual(lines(watch, from: x), ["%0 < %1: true", "%2 < %0: true", "%0 == 0.0: false"])
  }

  func testAConditionThatIsAskedForIsNotedAndASelectIsNot() {
    let x = Value(0.5), y = Value(1.0)
    let watch = watching {
      let isLess: Condition = x < y
      XCTAssertEqual(select(isLess, x, y).index, y.index! + 1)
      XCTAssertEqual(select(x >= 2, x, 0.0).index, y.index! + 4)
      XCTAssertTrue(isLess.isTrue)
    }
    XCTAssertEqual(lines(watch, from: x), ["%0 < %1: true"])
    XCTAssertEqual(watch.reads, [])
  }

  func testConstantsAndOtherTapesAreNotNoted() {
    let x = Value.constant(1)
    var found = false
    let watch = watching {
      found = x < 2 && x.data == 1
      Tape().use { found = found && Value(3) > x && Value(3).data == 3 }
    }
    XCTAssertTrue(found)
    XCTAssertTrue(watch.comparisons.isEmpty && watch.reads.isEmpty)
  }

  // MARK: - Decisions of the library

  func testReciprocalAndRootsDecideByComparisons() {
    for (number, expected) in [
      (3.0, ["%0 == 0.0: false", "%0 < 0.0: false", "%0 == 0.0: false"]),
      (-3, ["%0 == 0.0: false", "%0 < 0.0: true"]),
      (0, ["%0 == 0.0: true", "%0 < 0.0: false", "%0 == 0.0: true", "%1 < 0.0: false"]),
      (-0.0, ["%0 == 0.0: true", "%0 < 0.0: false", "%0 == 0.0: true", "%1 < 0.0: true"]),
    ] {
      let x = Value(number)
      var root = 0.0
      let watch = watching {
        _ = RealValue(x).reciprocal
        root = Value.root(x, 5).unwatchedData
      }
      XCTAssertEqual(root.sign, number.sign)
      XCTAssertEqual(lines(watch, from: x), expected)
      XCTAssertEqual(watch.reads, [])
    }
  }

  func testDerivativesTakenOfValuesCompareNothing() {
    let x = Value(0.5)
    let watch = watching {
      _ = gradient(at: x) { x in relu(x) * x }
      _ = gradient(at: [x, x]) { x in max(x[0], 2 * x[1]) * hypot(x[0], x[1]) * tanh(x[0]) }
    }
    XCTAssertEqual(watch.reads, [])
    XCTAssertFalse(watch.swept)
    XCTAssertEqual(lines(watch, from: x), [])
  }

  // MARK: - Reads

  func testDataThatIsReadIsNoted() {
    let weights = Parameters([1, 2]), x = Matrix([[1, -2], [3, 4]]), y = Value(5.0)
    let first = x[0, 0].index!, w = weights[0].index!
    var numbers: [Double] = []
    let watch = watching {
      numbers = [y.data, y.number] + x.data + x.row(1).data + weights.data + ParameterRuns(weights, 1..<2).data
    }
    XCTAssertEqual(numbers, [5, 5, 1, -2, 3, 4, 3, 4, 1, 2, 2])
    let expected = [y.index!, y.index!] + (first..<first + 4) + [first + 2, first + 3, w, w + 1, w + 1]
    XCTAssertEqual(watch.reads.map(Int.init), expected)
  }

  func testDetachedNumbersAreNodesOfTheirOwn() {
    let x = Value(3.0), m = Matrix([[1, -2]])
    let watch = watching {
      let y = x.detached, n = m.detached
      XCTAssertEqual([y.operation?.name, n[0, 1].operation?.name], ["detach", "detach"])
      let z = x * y + n.sum() * m.sum()
      XCTAssertEqual(z.unwatchedData, 10)
      z.backward()
      x.data = 4
      m.data = [2, 5]
      Tape.current.recompute()
      XCTAssertEqual(z.unwatchedData, 65)
    }
    XCTAssertEqual([x.grad] + m.gradients, [3, -1, -1])
    XCTAssertTrue(watch.reads.isEmpty && watch.comparisons.isEmpty)
    XCTAssertTrue(x.detached.isConstant && m.detached.isConstant)
  }

  func testDetachedNumbersHaveNoDerivativeInAnyMode() {
    _ = watching {
      let f: ([Value]) -> Value = { x in x[0] * x[0].detached + x[1].detached * x[1].detached }
      XCTAssertEqual(gradient(at: [3, 5], of: f), [3, 0])
      XCTAssertEqual(directionalDerivative(at: [3, 5], along: [1, 2], of: f), 3)
      XCTAssertEqual(hessian(at: [3, 5], of: f), [[0, 0], [0, 0]])
      XCTAssertEqual(gradient(at: [Value(3), Value(5)], of: f).map(\.unwatchedData), [3, 0])
    }
  }

  func testTheTextOfAValueIsNotedAsItsNumberIs() {
    let y = relu(Value(-0.5)) + 1, m = Matrix([[1, 2]])
    var noted: [Int] = []
    for read in [
      { XCTAssertEqual("\(y)", "Value(data: 1.0, grad: 0.0)") },
      { XCTAssertEqual(Mirror(reflecting: y).children.count, 3) },
      { XCTAssertEqual("\(m)", "Matrix 1 × 2: [1.0, 2.0]") }, { XCTAssertEqual("\(m.row(0))", "Vector 2: [1.0, 2.0]") },
    ] { noted.append(watching(read).reads.count) }
    XCTAssertEqual(noted, [1, 1, 2, 2])
  }

  func testLookingAtAGraphIsNotNoted() {
    let x = Value(-0.5), y = relu(x) + x
    let square = CustomOperation("square", value: { $0 * $0 }, derivative: { 2 * $0 })
    let watch = watching {
      XCTAssertEqual(Graph(of: y).nodes.count, 3)
      XCTAssertEqual(y.operation?.description, "+")
      _ = Tape.current.firstNonFinite
      XCTAssertEqual(NonFiniteNumber(y).data, -0.5)
      XCTAssertEqual(kinks(of: y, within: 1).count, 1)
      XCTAssertEqual(roundingReport(of: y).value, -0.5)
      _ = square(x) + sum([x, y]) + dot([x, y], [1.0, 2.0] as [Double])
      _ = logSumExp([x, y]) + hypot(x, 2) + Value.constant(2) * x
    }
    XCTAssertTrue(watch.reads.isEmpty && watch.comparisons.isEmpty)
    XCTAssertFalse(watch.paused || watch.swept || watch.written || watch.drawn || watch.outOfMemory)
  }

  // MARK: - What cannot be replayed

  func testPausesSweepsAndWritesAreNoted() {
    let x = Value(2.0), weights = Parameters([1, 2])
    XCTAssertTrue(watching { _ = withoutGradients { 2 * x } }.paused)
    XCTAssertTrue(watching { (x * x).backward() }.swept)
    XCTAssertTrue(watching { _ = gradient(at: 1) { x in x * x } }.swept)
    XCTAssertTrue(watching { _ = x.grad }.swept)
    XCTAssertTrue(watching { _ = weights.gradients }.swept)
    for write in [
      { x.data = 2 }, { x.grad = 0 }, { weights.zeroGradients() }, { weights.descend(learningRate: 0) },
      { ParameterRuns(weights, 0..<1).data = [1] }, { ParameterRuns(weights, 0..<1).zeroGradients() },
      { Tape.current.zeroGradients() },
    ] {
      let watch = watching(write)
      XCTAssertTrue(watch.written)
      XCTAssertFalse(watch.swept)
    }
  }

  func testAnInnerScopeThatLookedAtItsNumbersIsTold() {
    let x = Value(2.0)
    XCTAssertFalse(watching { Tape.scope { _ = (2 * x).index } }.reclaimed)
    XCTAssertTrue(watching { Tape.scope { XCTAssertTrue(2 * x > 3) } }.reclaimed)
  }

  func testNothingIsNotedBeforeAndAfter() {
    let x = Value(2.0)
    _ = x.data
    let watch = watching {}
    XCTAssertTrue(x > 1 && x.data == 2)
    (x * x).backward()
    XCTAssertTrue(watch.reads.isEmpty && watch.comparisons.isEmpty)
    XCTAssertFalse(watch.swept)
  }

  func testAnInnerWatchIsToldAloneAndTheOuterOneAfterwards() {
    let x = Value(2.0), inner = RecordingWatch()
    let outer = watching {
      inner.watch(.current) { XCTAssertTrue(x > 1) }
      XCTAssertTrue(x < 3)
    }
    XCTAssertEqual(lines(inner, from: x), ["%0 > 1.0: true"])
    XCTAssertEqual(lines(outer, from: x), ["%0 < 3.0: true"])
  }
}
