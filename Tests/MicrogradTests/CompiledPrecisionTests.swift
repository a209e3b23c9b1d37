import Micrograd
import XCTest

/// Functions that compute many samples in 32 bits.
final class CompiledPrecisionTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private static let numbers = (0..<700).map { k -> [Double] in
    let (a, b) = (Double(k % 41) * 0.21 - 3.8, Double(k % 29) * 0.17 - 2.3)
    return [a, b]
  }

  /// The function in double, and in float.
  private func both(_ f: @escaping ([Value]) -> Value) throws -> (double: CompiledFunction, float: CompiledFunction) {
    (try compile(at: [0.3, 0.7], of: f), try compile(at: [0.3, 0.7], precision: .float, of: f))
  }

  func testThePrecisionIsDoubleUnlessGiven() throws {
    let (double, float) = try both { $0[0] * $0[1] }
    XCTAssertEqual(double.precision, .double)
    XCTAssertEqual(float.precision, .float)
  }

  func testInputsAndResultsAreRoundedToFloat() throws {
    let f = try compile(at: [0], precision: .float) { x in x[0] * 3 }
    let values = try f.values(at: samples([0.1, 1e-40, 16_777_217]))
    XCTAssertEqual(values, [Double(Float(0.1) * 3), Double(Float(1e-40) * 3), 50_331_648])
  }

  func testParametersAndConstantsAreRoundedToFloat() throws {
    let w = Parameters([0.1])
    let f = try compile(at: [0], precision: .float) { x in x[0] * w[0] + 0.3 }
    let value = try f.values(at: samples([1]))[0]
    XCTAssertEqual(value, Double(Float(0.1) + Float(0.3)), accuracy: 3e-8)
    XCTAssertNotEqual(value, 0.4)
  }

  func testValuesAndGradientsAreThoseOfDoubleToSevenDigits() throws {
    let w = Parameters([0.7, -1.2, 0.4])
    let (double, float) = try both { x in
      tanh(w[0] * x[0] + w[1] * x[1] + w[2]) * exp(-x[0] * x[0]) + sin(x[1]) / (2 + cos(x[0]))
    }
    let points = Samples(Self.numbers)
    let (expected, found) = (try double.valuesWithGradients(at: points), try float.valuesWithGradients(at: points))
    for k in 0..<points.count {
      XCTAssertEqual(found.values[k], expected.values[k], accuracy: 1e-6)
      for (a, b) in zip(found.gradients[k], expected.gradients[k]) { XCTAssertEqual(a, b, accuracy: 2e-6) }
    }
    XCTAssertNotEqual(found.values, expected.values)
  }

  func testGradientsByParametersAreAddedInDouble() throws {
    let w = Parameters([0.7, -1.2, 0.4])
    let (double, float) = try both { x in (tanh(w[0] * x[0] + w[1]) * w[2] - x[1]).squared() }
    let points = Samples(Self.numbers)
    func gradients(_ f: CompiledFunction, starting: [Double]) throws -> (Double, [Double]) {
      for k in 0..<3 { w[k].grad = starting[k] }
      return (try f.backward(at: points), (0..<3).map { w[$0].grad })
    }
    let (expectedLoss, expected) = try gradients(double, starting: [0, 0, 0])
    let (loss, found) = try gradients(float, starting: [0, 0, 0])
    XCTAssertEqual(loss, expectedLoss, accuracy: 1e-6)
    for (a, b) in zip(found, expected) { XCTAssertEqual(a, b, accuracy: 1e-6) }
    // A gradient that is there is not rounded.
    let again = try gradients(float, starting: [1 + .ulpOfOne, 0, 0]).1
    XCTAssertEqual(again[0], 1 + .ulpOfOne + found[0], accuracy: 4 * .ulpOfOne)
  }

  /// The sum of each block is a float, that of all blocks is none.
  func testSumsOverBlocksOfSamplesAreDouble() throws {
    let f = try compile(at: [1], precision: .float) { x in x[0] }
    let numbers = (0..<1 << 17).map { k in k % 2048 < 512 ? 262_144.0 : k % 512 == 0 ? 2 : 1 }
    XCTAssertEqual(try f.backward(at: samples(numbers), reduction: .sum), numbers.reduce(0, +))
  }

  func testAllThreadCountsGiveTheSameBits() throws {
    let w = Parameters([0.7, -1.2, 0.4])
    let f = try both { x in (tanh(w[0] * x[0] + w[1]) * w[2] - x[1]).squared() }.float
    let points = Samples((0..<9).flatMap { _ in Self.numbers })
    func bits(threads: Int) throws -> [UInt64] {
      f.threads = threads
      w.zeroGradients()
      let (values, gradients) = try f.valuesWithGradients(at: points)
      return (values + gradients.numbers + [try f.backward(at: points)] + w.gradients).map(\.bitPattern)
    }
    let expected = try bits(threads: 1)
    for threads in [2, 3, 8] { XCTAssertEqual(try bits(threads: threads), expected, "\(threads) threads") }
  }

  func testASampleGivesTheSameBitsWhereverItStands() throws {
    let f = try both { x in exp(x[0]) * sin(x[1]) + x[0] / (1 + x[1] * x[1]) }.float
    let all = try f.values(at: Samples(Self.numbers))
    for count in [1, 2, 15, 16, 17, 33, 100, 300] {
      XCTAssertEqual(try f.values(at: Samples(Array(Self.numbers.prefix(count)))), Array(all.prefix(count)))
      XCTAssertEqual(try f.values(at: Samples(Array(Self.numbers.suffix(count)))), Array(all.suffix(count)))
    }
  }

  func testSamplesByColumnGiveTheSame() throws {
    let f = try both { x in exp(x[0]) * x[1] }.float
    let columns = (0..<2).map { k in Self.numbers.map { $0[k] } }
    let (byRow, byColumn) = (Samples(Self.numbers), Samples(columns: columns))
    let (a, b) = (try f.valuesWithGradients(at: byRow), try f.valuesWithGradients(at: byColumn))
    XCTAssertEqual(a.values, b.values)
    XCTAssertEqual(a.gradients.rows, b.gradients.rows)
  }

  // MARK: - Edges

  func testNumbersAboveTheRangeAreInfinite() throws {
    let f = try compile(at: [1], precision: .float) { x in x[0] * x[0] }
    let (values, gradients) = try f.valuesWithGradients(at: samples([1e19, -1e20, 1e300, -1e300]))
    XCTAssertEqual(values, [Double(Float(1e19) * Float(1e19)), .infinity, .infinity, .infinity])
    XCTAssertEqual(gradients.numbers, [Double(2 * Float(1e19)), Double(-2 * Float(1e20)), .infinity, -.infinity])
  }

  func testNumbersBelowTheRangeBecomeSubnormalThenZero() throws {
    let f = try compile(at: [1], precision: .float) { x in exp(x[0]) }
    let values = try f.values(at: samples([-88, -100, -103, -104, -1e9]))
    XCTAssertEqual(values[0], 0x1p-149 * (exp(-88.0) / 0x1p-149).rounded(), accuracy: 0x1p-149)
    XCTAssertEqual(values[1], 0x1p-149 * (exp(-100.0) / 0x1p-149).rounded())
    XCTAssertEqual(Array(values[2...]), [0x1p-149, 0, 0])
  }

  func testNaNFlowsOn() throws {
    let f = try both { x in relu(x[0]) + max(x[0], x[1]) + tanh(x[0]) }.float
    XCTAssertTrue(try f.values(at: Samples([[.nan, 1]]))[0].isNaN)
    XCTAssertFalse(try f.values(at: Samples([[.nan, 1], [2, 1]]))[1].isNaN)
  }

  func testKinksAreThoseOfDouble() throws {
    let (double, float) = try both { x in
      relu(x[0]) + abs(x[1]) + max(x[0], x[1]) + x[0].clamped(to: -1...1) + sqrt(x[1]) * 0
    }
    let edges = [0, -0.0, 1, -1, 0.5]
    let points = Samples(edges.flatMap { a in edges.map { b in [a, abs(b)] } })
    let (expected, found) = (try double.valuesWithGradients(at: points), try float.valuesWithGradients(at: points))
    XCTAssertEqual(found.values, expected.values)
    XCTAssertEqual(found.gradients.numbers, expected.gradients.numbers)
  }

  func testAZeroAdjointMeetsNothing() throws {
    let f = try compile(at: [1], precision: .float) { x in log(exp(x[0])) }
    XCTAssertEqual(try f.valuesWithGradients(at: samples([100, 2])).gradients.numbers, [0, 1])
    let w = Parameters([2])
    let g = try compile(at: [1], precision: .float) { x in w[0] * (select(x[0] > 0, x[0], sqrt(x[0]))) }
    try g.backward(at: samples([3, 4]))
    XCTAssertEqual(w.gradients, [3.5])
  }

  // MARK: - What else functions do

  func testPathsAreChosenInDouble() throws {
    let f = try compile(at: [1], precision: .float) { x in x[0] > 1 ? 2 * x[0] : 3 * x[0] }
    let above = 1.0.nextUp  // 1 in float
    XCTAssertEqual(try f.values(at: samples([1, above, 0.5, 4])), [3, 2, 1.5, 8])
    XCTAssertEqual(f.pathCount, 2)
  }

  func testASingleSampleIsComputedInDouble() throws {
    let (double, float) = try both { x in exp(x[0]) * x[1] }
    XCTAssertEqual(try float(at: [0.1, 0.7]), try double(at: [0.1, 0.7]))
    let (a, b) = (try float.valueWithGradient(at: [0.1, 0.7]), try double.valueWithGradient(at: [0.1, 0.7]))
    XCTAssertEqual(a.gradient, b.gradient)
    XCTAssertEqual(try float.values(at: Samples([[0.1, 0.7]]))[0], a.value, accuracy: 1e-7)
  }

  func testCustomOperationsComputeInDouble() throws {
    let cubic = CustomOperation("cubic", value: { x in x * x * x }, derivative: { x in 3 * x * x })
    let f = try compile(at: [1], precision: .float) { x in cubic(x[0]) }
    let (values, gradients) = try f.valuesWithGradients(at: samples([0.5, 3, -2]))
    XCTAssertEqual(values, [0.125, 27, -8])
    XCTAssertEqual(gradients.numbers, [0.75, 27, 12])
  }

  func testPicksFindTheirPlaces() throws {
    let table = Parameters([1, 10, 100])
    let f = try compile(at: [0, 2], precision: .float) { x in
      pick(Array(table), at: x[0]) * x[1] + pick([x[1], x[1] * 2], at: x[0] * 0)
    }
    let points = Samples([[0, 2], [2, 3], [1, -1]])
    XCTAssertEqual(try f.values(at: points), [4, 303, -11])
    try f.backward(at: points, reduction: .sum)
    XCTAssertEqual(table.gradients, [2, -1, 3])
  }

  func testSoftmaxAndNormsOfManyTerms() throws {
    func f(_ x: [Value]) -> Value {
      let terms = Matrix(rows: 1, columns: 20, values: (0..<20).map { k in x[0] * (0.1 * Double(k - 9)) + x[1] })
      let (p, logs) = (terms.softmax(), terms.logSoftmax())
      return logs[0, 3] + logSumExp([x[0], x[1], x[0] * x[1]]) + sqrt(dot(x, x)) + p[0, 19]
    }
    let (double, float) = try both(f)
    let points = Samples(Self.numbers)
    let (expected, found) = (try double.valuesWithGradients(at: points), try float.valuesWithGradients(at: points))
    for k in 0..<points.count {
      XCTAssertEqual(found.values[k], expected.values[k], accuracy: 2e-6 * max(1, abs(expected.values[k])))
      for (a, b) in zip(found.gradients[k], expected.gradients[k]) {
        XCTAssertEqual(a, b, accuracy: 2e-6 * max(1, abs(b)))
      }
    }
  }

  func testJacobiansHessiansAndGradientsByParameters() throws {
    let w = Parameters([0.5, -1])
    func f(_ x: [Value]) -> Value { exp(w[0] * x[0]) * x[1].squared() + w[1] * x[0] * x[1] }
    let (double, float) = try both(f)
    let points = Samples(Array(Self.numbers.prefix(40)))
    func assertClose(_ a: Samples, _ b: Samples, line: UInt = #line) {
      for (a, b) in zip(a.rows.flatMap(\.self), b.rows.flatMap(\.self)) {
        XCTAssertEqual(a, b, accuracy: 1e-6 * max(1, abs(b)), line: line)
      }
      XCTAssertNotEqual(a.rows, b.rows, line: line)
    }
    assertClose(try float.jacobians(at: points), try double.jacobians(at: points))
    assertClose(try float.hessians(at: points), try double.hessians(at: points))
    assertClose(
      try float.gradients(at: points, byParameters: Array(w)), try double.gradients(at: points, byParameters: Array(w)))
  }

  func testShapesKeepThePrecision() throws {
    let norms = CompiledShapes(example: { [Double](repeating: 1, count: $0) }, precision: .float) { length, x in
      sqrt(dot(x, x))
    }
    let norm = try norms.function(for: 2).values(at: Samples([[0.1, 0.2]]))[0]
    XCTAssertEqual(norm, Double(Float(norm)))
    XCTAssertEqual(norm, 0.05.squareRoot(), accuracy: 3e-8)
  }
}
