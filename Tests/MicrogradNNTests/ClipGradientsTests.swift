import Micrograd
import MicrogradNN
import XCTest

final class ClipGradientsTests: XCTestCase {
  private func clipped(_ gradients: [Double], _ clip: ([Value]) -> Void) -> [Double] {
    let block = Parameters(gradients)
    for (parameter, gradient) in zip(block, gradients) { parameter.grad = gradient }
    clip(Array(block))
    return block.gradients
  }

  func testClippedGradientsArePyTorchs() throws {
    for record in Fixture.optimizers.clippings {
      var total: Double?
      let actual = clipped(record.gradients) { parameters in
        if let value = record.value { clipGradients(of: parameters, toValue: value) }
        if let norm = record.norm { total = clipGradients(of: parameters, toNorm: norm) }
      }
      let name = "\(record.gradients) to \(record.value ?? record.norm ?? .nan)"
      assertSameOrNaN(actual, record.clipped, name)
      if let expected = record.total { assertSameOrNaN([try XCTUnwrap(total)], [expected], name) }
    }
  }

  private func assertSameOrNaN(_ actual: [Double], _ expected: [Double], _ message: String) {
    XCTAssertEqual(actual.count, expected.count, message)
    for (a, e) in zip(actual, expected) where a != e && !(a.isNaN && e.isNaN) {
      XCTAssertEqual(a, e, accuracy: 1e-15 * abs(e), message)
    }
  }

  func testNormIsThatBeforeAndIsBroughtDown() {
    let gradients = clipped([3, 4]) { XCTAssertEqual(clipGradients(of: $0, toNorm: 1), 5) }
    assertClose(gradients, [0.6, 0.8], 1e-6)
  }

  func testNormNeitherOverflowsNorVanishes() {
    for scale in [1e200, 1e-200, 1e305, .leastNonzeroMagnitude] {
      let gradients = clipped([3 * scale, -4 * scale]) {
        XCTAssertEqual(clipGradients(of: $0, toNorm: .infinity), 5 * scale, accuracy: 1e-15 * 5 * scale)
      }
      XCTAssertEqual(gradients, [3 * scale, -4 * scale])
    }
    assertClose(clipped([3e200, -4e200]) { clipGradients(of: $0, toNorm: 1) }, [0.6, -0.8], 1e-15)
  }

  func testNormGoesOverAllTapes() {
    let blocks = [3.0, 4].map { gradient in
      let block = Tape().use { Parameters([0]) }
      block[0].grad = gradient
      return block
    }
    XCTAssertEqual(clipGradients(of: blocks.map { $0[0] }, toNorm: 2.5), 5)
    assertClose(blocks.flatMap(\.gradients), [1.5, 2], 1e-6)
  }

  func testNoGradientsHaveTheNormZero() {
    XCTAssertEqual(clipGradients(of: [Value](), toNorm: 1), 0)
    clipGradients(of: [Value](), toValue: 1)
  }

  func testClippedGradientsOfLeavesAreForgottenWithTheirScope() {
    Tape.scope {
      let leaves = [Value(1.0), Value(2.0)]
      leaves[0].grad = .nan
      clipGradients(of: leaves, toNorm: 1)
      XCTAssertTrue(leaves[1].grad.isNaN)
    }
    Tape.scope { XCTAssertEqual([Value(1.0), Value(2.0)].map(\.grad), [0, 0]) }
  }
}
