import Micrograd
import XCTest

/// Gradients of parameters, sample by sample.
final class CompiledByParametersTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func loss(_ w: Parameters) -> ([Value]) -> Value {
    { x in (w[0] * tanh(w[1] * x[0] + w[2]) + w[3] - x[1]).squared() }
  }

  func testTheyAddUpToTheGradientOfTheSum() throws {
    let w = Parameters([0.5, -0.3, 0.2, 0.1])
    let f = try compile(at: [0, 0], of: loss(w))
    let places = (0..<37).map { Double($0) }
    let points = Samples(places.map { (x: Double) -> [Double] in [0.1 * x - 2, Double.sin(x)] })
    let rows = try f.gradients(at: points, byParameters: Array(w)).rows
    XCTAssertEqual(w.gradients, [0, 0, 0, 0])
    try f.backward(at: points, reduction: .sum)
    for k in 0..<4 {
      XCTAssertEqual(rows.reduce(0) { $0 + $1[k] }, w.gradients[k], accuracy: 1e-13)
    }
    f.threads = 2
    XCTAssertEqual(try f.gradients(at: points, byParameters: Array(w)).rows, rows)
  }

  func testColumnsAreInTheOrderAskedForAndZeroWhereUnused() throws {
    let w = Parameters([2, 3]), other = Value(7)
    let f = try compile(at: [0]) { x in w[0] * x[0] + w[1] * x[0] * x[0] }
    let points = Samples([[2], [5]])
    XCTAssertEqual(try f.gradients(at: points, byParameters: [w[1], other, w[0]]).rows, [[4, 0, 2], [25, 0, 5]])
    XCTAssertEqual(try f.gradients(at: points, byParameters: [w[0]]).rows, [[2], [5]])
    w[0].data = -1  // the numbers of now are used
    let g = try compile(at: [0]) { x in w[0].squared() * x[0] }
    XCTAssertEqual(try g.gradients(at: points, byParameters: [w[0]]).rows, [[-4], [-10]])
    w[0].data = 3
    XCTAssertEqual(try g.gradients(at: points, byParameters: [w[0]]).rows, [[12], [30]])
  }

  func testSamplesOfAnotherPathAreSorted() throws {
    let w = Value(2)
    let f = try compile(at: [1]) { x in x[0] > w ? w * x[0] : w * w }
    XCTAssertEqual(try f.gradients(at: Samples([[1], [3], [0], [5]]), byParameters: [w]).rows, [[4], [3], [4], [5]])
  }
}
