import Foundation
import TestSupport
import XCTest

@testable import Micrograd

/// Programs of many thousands of instructions that do not repeat are compiled in seconds, to the same bits.
final class NativeLargeTests: XCTestCase {
  private let folder = NativeFolder()

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  /// A graph of random operations of values so far: of all of them, or of the last few, as a simulation has them.
  private static func graph(_ x: [Value], _ w: Parameters, steps: Int, reach: Int, seed: UInt64) -> Value {
    var random = SplitMix64(seed: seed)
    var values = x
    for step in 0..<steps {
      func any() -> Value { values[values.count - 1 - Int.random(in: 0..<min(reach, values.count), using: &random)] }
      let (a, b, c) = (any(), any(), Double.random(in: -1...1, using: &random))
      let p = w[Int.random(in: 0..<w.count, using: &random)]
      switch step % 12 {
      case 0: values.append(tanh(a * p + c * b))
      case 1: values.append(a * b * 0.3)
      case 2: values.append(sin(a) + c * b)
      case 3: values.append(a / (b * b + 1.5))
      case 4: values.append(select(a < b, a * c, p))
      case 5: values.append(max(a, b) - c)
      case 6: values.append(a.sigmoid())
      case 7: values.append(a - b * p)
      case 8: values.append((a * w[0] + b * w[1] + w[2]).relu())
      case 9: values.append((abs(a) + 0.5) ** c)
      case 10: values.append(abs(b))
      default: values.append(0.1 * (a + b + any() + any() + any() + any()))
      }
    }
    return 1e-3 * sum(values)
  }

  private func check(steps: Int, reach: Int) throws {
    let w = Parameters((0..<20).map { .sin(Double($0) + 0.5) })
    let points = [[0.3, -0.7, 1.1, 0.2], [-1, 2, 0.5, -0.25]]
    let f = try compile(at: points[0]) { x in Self.graph(x, w, steps: steps, reach: reach, seed: 7) }
    XCTAssertGreaterThan(f.figures(of: .valuesWithGradientByInputs).instructions, 2 * steps)
    let source = try f.cSource(named: "large")
    XCTAssertLessThan(
      source.source.utf8.count { $0 == UInt8(ascii: ";") }, 3000, "statements, which take compilers long")
    let native = try f.native(folder: folder.path)
    let rows = try folder.results(of: [(source, points)], hasGradient: true)[0]
    for (row, x) in zip(rows, points) {
      let (value, gradient) = try native.valueWithGradient(at: x), expected = try f.valueWithGradient(at: x)
      XCTAssertEqual(value.bitPattern, expected.value.bitPattern)
      XCTAssertEqual(gradient.map(\.bitPattern), expected.gradient.map(\.bitPattern))
      XCTAssertEqual(row.dropFirst(), ([value] + gradient).map(\.bitPattern)[...])
    }
    w.zeroGradients()
    try native.backward(at: Samples(points))
    let found = w.gradients
    w.zeroGradients()
    try f.backward(at: Samples(points))
    for (a, b) in zip(found, w.gradients) { XCTAssertEqual(a, b, accuracy: 1e-11 * max(1, abs(b))) }
  }

  func testARandomGraphIsCompiledToTheSameBits() throws { try check(steps: 12_000, reach: .max) }

  func testAnUnrolledSimulationIsCompiledToTheSameBits() throws { try check(steps: 12_000, reach: 12) }
}
