import Micrograd
import RealModule
import XCTest

/// `Value` as a number among Swift's numbers.
final class NumericTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  // MARK: - Generic code

  /// Written once, for numbers of any kind.
  private func bump<T: AlgebraicField & ElementaryFunctions>(_ x: T, _ two: T) -> T {
    var y = T.exp(-x * x / two) + T.cos(x)
    y -= T.pow(x, 3)
    y *= T.log(onePlus: x * x)
    return y / (T.sqrt(x * x + two) + T.root(x, 5))
  }

  func testGenericCodeRunsOnDoubleForSpeedAndOnValueForItsGradient() {
    for x in [-1.7, -0.3, 0.4, 1.1, 2.6] {
      let (value, derivative) = valueWithGradient(at: x) { bump(RealValue($0), 2).value }
      let slope = (bump(x + 1e-6, 2) - bump(x - 1e-6, 2)) / 2e-6
      XCTAssertEqual(value, bump(x, 2), accuracy: 1e-13)
      XCTAssertEqual(derivative, slope, accuracy: 1e-7 * max(1, abs(slope)))
    }
  }

  func testRootsAreThoseOfDouble() {
    for n in [-3, -2, -1, 1, 2, 3, 4, 5, 6] {
      for x in [-32, -0.7, 0.2, 1, 81] where x > 0 || n % 2 != 0 {
        let expected = Double.root(x, n), slope = expected / (Double(n) * x)
        let (value, derivative) = valueWithGradient(at: x) { Value.root($0, n) }
        XCTAssertEqual(value, expected, accuracy: 1e-14 * abs(expected), "root(\(x), \(n))")
        XCTAssertEqual(derivative, slope, accuracy: 1e-13 * abs(slope), "root(\(x), \(n))")
      }
    }
  }

  func testEvenRootsOfNegativeNumbersAreNaN() {
    for n in [2, 4, 6] {
      XCTAssertTrue(Value.root(Value(-1.0), n).data.isNaN, "root(-1, \(n))")
      XCTAssertTrue(Value.root(Value(-.infinity), n).data.isNaN, "root(-∞, \(n))")
    }
  }

  func testWholePowersAreThoseOfDouble() {
    for n in -4...5 {
      for x in [-2.5, -1, 0.3, 1, 4] {
        let expected = Double.pow(x, n)
        XCTAssertEqual(Value.pow(Value(x), n).data, expected, accuracy: 1e-14 * abs(expected), "\(x) ** \(n)")
      }
    }
  }

  func testPowersBindTighterThanProductsAndToTheRight() {
    let x = Value(2), y = Value(3)
    XCTAssertEqual((3 * x ** 2).data, 12)
    XCTAssertEqual((x ** y ** 2).data, 512)
    XCTAssertEqual((-x ** 2).data, 4)
  }

  // MARK: - Comparing

  func testComparisonsLookAtTheDataAlone() {
    let values = [3, -1, 2].map { Value($0) }
    XCTAssertEqual(values.sorted().map(\.data), [-1, 2, 3])
    XCTAssertEqual(values.max()?.data, 3)
    XCTAssertEqual(Value(2), Value(2))
    XCTAssertNotEqual(Value(2), Value(3))
    XCTAssertTrue(Value(2) <= Value(2))
  }

  func testNaNIsEqualToNothing() {
    let nan = Value(.nan)
    XCTAssertFalse(nan == nan)
    XCTAssertFalse(nan < nan || nan > nan || nan <= nan || nan >= nan)
    XCTAssertTrue(nan != nan)
  }

  func testExactlyTakesWhatADoubleHolds() {
    XCTAssertEqual(RealValue(exactly: 1 << 53)?.value.data, 9_007_199_254_740_992)
    XCTAssertNil(RealValue(exactly: (1 << 53) + 1))
  }

  func testReciprocalsOfZeroDoNotExist() {
    XCTAssertEqual(RealValue(Value(4)).reciprocal?.value.data, 0.25)
    XCTAssertNil(RealValue(Value(0)).reciprocal)
  }

  // MARK: - Printing and looking at nodes

  func testDescriptionsAreMicrograds() {
    let x = Value(2), y = x * 3.5
    y.backward()
    XCTAssertEqual("\(x)", "Value(data: 2.0, grad: 3.5)")
    XCTAssertEqual("\(Value(24.70408163265306))", "Value(data: 24.7041, grad: 0.0)")
    XCTAssertEqual("\(Value.constant(-.infinity))", "Value(data: -inf, grad: 0.0)")
    XCTAssertEqual("\(Value.constant(.nan))", "Value(data: nan, grad: 0.0)")
    XCTAssertEqual("\(Value.constant(1.5e-7))", "Value(data: 1.5e-7, grad: 0.0)")
  }

  func testDescriptionsCarryWhenRounding() {
    XCTAssertEqual("\(Value.constant(9.9999999e-5))", "Value(data: 1.0e-4, grad: 0.0)")
  }

  func testOperationsNameThemselves() {
    let x = Value(2), y = Value(3)
    let binary: [Value] = [x + y, x - y, x * y, x / y, x ** y]
    let constant: [Value] = [x * 3, 10 / x, 10 - x, 2 ** x]
    let unary: [Value] = [x.relu(), exp(x), x ** 2, -x]
    XCTAssertEqual(binary.map { $0.operation?.description }, ["+", "-", "*", "/", "**"])
    XCTAssertEqual(constant.map { $0.operation?.description }, ["* 3.0", "10.0 /", "10.0 -", "2.0 **"])
    XCTAssertEqual(unary.map { $0.operation?.description }, ["ReLU", "exp", "** 2", "-"])
    XCTAssertNil(x.operation)
    XCTAssertNil(Value.constant(1).operation)
  }

  func testOperandsAreInOrder() {
    let x = Value(2), y = Value(3)
    XCTAssertEqual((x - y).operands.map(\.index), [x.index, y.index])
    XCTAssertEqual((x * x).operands.map(\.index), [x.index, x.index])
    XCTAssertEqual((10 / x).operands.map(\.index), [x.index])
    XCTAssertEqual(dot([x, y], [y, y]).operands.map(\.index), [x, y, y, y].map(\.index))
    XCTAssertEqual([x.operands.count, Value.constant(1).operands.count], [0, 0])
  }

  func testIndicesCountUpAndThoseOfParametersAreNegative() {
    let weights = Parameters([1, 2])
    let x = Value(1), y = x + 1
    XCTAssertEqual(y.index, x.index! + 1)
    XCTAssertEqual(weights[1].index, weights[0].index! + 1)
    XCTAssertEqual(
      [weights[0].isParameter, x.isParameter, Value.constant(1).isParameter], [true, false, false])
    XCTAssertNil(Value.constant(1).index)
  }

  func testGraphsListOperandsBeforeTheirUsers() {
    let weights = Parameters([0.5])
    let x = Value(2)
    _ = Value(100)
    let y = weights[0] * x
    let z = y * y + 1
    z.backward()
    let graph = Graph(of: z, labels: ["w": weights[0], "x": x])
    XCTAssertEqual(graph.nodes.map(\.label), ["w", "x", nil, nil, nil])
    XCTAssertEqual(graph.nodes.map(\.operation), [nil, nil, "*", "*", "+ 1.0"])
    XCTAssertEqual(graph.nodes.map(\.operands), [[], [], [0, 1], [2, 2], [3]])
    XCTAssertEqual(graph.nodes.map(\.data), [0.5, 2, 1, 1, 2])
    XCTAssertEqual(graph.nodes.map(\.grad), [4, 1, 2, 1, 1])
  }

  func testTheGraphOfAConstantIsOneNumber() {
    XCTAssertEqual(Graph(of: .constant(7), labels: ["seven": .constant(7)]).nodes.map(\.data), [7])
  }
}
