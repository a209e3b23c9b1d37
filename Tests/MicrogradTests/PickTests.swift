import CMicrograd
import Micrograd
import XCTest

/// A pick is the element that is picked, in every sweep.
final class PickTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private let numbers = [0.3, -1.2, 2.5, 0.7]

  /// Curved, and of every element, some of them scattered.
  private func f(_ x: [Value], _ places: [Value]) -> Value {
    let scattered = [exp(x[3]), x[0] * x[1], sin(x[2]), Value.constant(4)]
    return pick(x, at: places[0]) * pick(scattered, at: places[1]) + pick(scattered, at: places[2])
      / pick(x, at: places[3])
  }

  private func written(_ x: [Value], _ places: [Int]) -> Value {
    let scattered = [exp(x[3]), x[0] * x[1], sin(x[2]), Value.constant(4)]
    return x[places[0]] * scattered[places[1]] + scattered[places[2]] / x[places[3]]
  }

  func testEverySweepIsThatOfTheElement() {
    for places in [[0, 1, 2, 3], [3, 3, 3, 0], [2, 0, 1, 1], [1, 2, 0, 2]] {
      let picking: ([Value]) -> Value = { x in self.f(x, places.map { Value(Double($0)) }) }
      let plain: ([Value]) -> Value = { x in self.written(x, places) }
      let (value, slopes) = valueWithGradient(at: numbers, of: picking)
      XCTAssertEqual(value, valueWithGradient(at: numbers, of: plain).value, "\(places)")
      XCTAssertEqual(slopes, gradient(at: numbers, of: plain), "\(places)")
      let direction = [1, -0.5, 0.25, 2]
      XCTAssertEqual(
        directionalDerivative(at: numbers, along: direction, of: picking),
        directionalDerivative(at: numbers, along: direction, of: plain), accuracy: 1e-14)
      for (row, expected) in zip(hessian(at: numbers, of: picking), hessian(at: numbers, of: plain)) {
        for (a, b) in zip(row, expected) { XCTAssertEqual(a, b, accuracy: 1e-13, "\(places)") }
      }
      let nested = gradient(at: numbers.map { Value($0) }, of: picking).map(\.data)
      for (a, b) in zip(nested, slopes) { XCTAssertEqual(a, b, accuracy: 1e-13, "\(places)") }
    }
  }

  func testTheElementIsLookedUpAgain() {
    let x = numbers.map { Value($0) }, index = Value(2), y = pick(x, at: index) * 2
    XCTAssertEqual(y.data, 5)
    index.data = 1
    Tape.current.recompute()
    y.backward()
    XCTAssertEqual([y.data] + x.map(\.grad) + [index.grad], [-2.4, 0, 2, 0, 0, 0])
  }

  func testRowsOfATableArePickedFromParametersLeavesAndNumbers() {
    let rows = [[1.0, 2, 3], [4, 5, 6]]
    let parameters = Parameters(rows.flatMap { $0 })
    for table in [parameters.matrix(rows: 2, columns: 3), Matrix(rows), Matrix.constant(rows)] {
      for index in [Value(1), .constant(1), Value(0.5) + 0.5] {
        let row = table.row(at: index)
        XCTAssertEqual(row.data, rows[1])
        XCTAssertEqual(row.isConstant, table.isConstant && index.isConstant)
        if row.isConstant { continue }
        XCTAssertEqual(row[2].operation?.name, "pick")
        if !table.isConstant { Tape.current.zeroGradients() }
        dot(row, Vector.constant([1, 10, 100])).backward()
        XCTAssertEqual(table.gradients, table.isConstant ? [0, 0, 0, 0, 0, 0] : [0, 0, 0, 1, 10, 100])
      }
    }
    let vector = Vector(parameters)
    XCTAssertEqual(pick(vector, at: Value(4)).data, 5)
    XCTAssertEqual(pick(vector[1..<3], at: Value(1)).operands.count, 3)
  }

  func testConstantsArePickedWithoutNodesAndAmongThemByOne() {
    let table = [Value.constant(2), .constant(3)]
    XCTAssertTrue(pick(table, at: .constant(1)).isConstant)
    XCTAssertEqual(pick(table, at: .constant(1)).data, 3)
    let y = pick(table, at: Value(1))
    XCTAssertEqual([y.operation?.name, y.operands[2].operation?.name], ["pick", nil])
    withoutGradients {
      XCTAssertTrue(pick(table, at: y - 2).isConstant)
      XCTAssertEqual(Matrix([[1, 2], [3, 4]]).row(at: y - 2).data, [3, 4])
    }
  }

  func testAWatchIsToldNothingNotEvenOfTheDerivative() {
    let x = numbers.map { Value($0) }, index = Value(2)
    let watch = RecordingWatch()
    watch.watch(.current) {
      _ = pick(x, at: index) + Matrix([[1, 2], [3, 4], [5, 6]]).row(at: index)[0]
      XCTAssertTrue(watch.comparisons.isEmpty && watch.reads.isEmpty)
      _ = gradient(at: x) { x in pick(x, at: index) }
      _ = gradient(at: x) { x in select(x[0] < x[1], x[2], x[3]) }
    }
    XCTAssertTrue(watch.comparisons.isEmpty && watch.reads.isEmpty)
  }
}
