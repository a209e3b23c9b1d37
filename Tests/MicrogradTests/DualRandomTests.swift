import XCTest

@testable import Micrograd

/// Random programs on dual numbers, nested twice and over Values, against what is recorded.
final class DualRandomTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testLongProgramsHaveTheBitsOfRecordedTangents() {
    for seed in 1...40 {
      let program = RandomProgram(seed: UInt64(seed), inputs: 4, steps: 30 * seed)
      let x = program.inputs, direction = [1, -0.5, 0.25, 2]
      let f = Replay(at: x) { x in program.run(x) { .constant($0) }.last! }!
      let tangent = directionalDerivative(at: x, along: direction) { (x: [Dual<Double>]) in f(x) }
      let recorded = directionalDerivative(at: x, along: direction) { f($0) }
      assertSameBits(tangent, recorded, "seed \(seed)")
    }
  }

  func testLongProgramsHaveRecordedSecondDerivatives() {
    for seed in 1...40 {
      let program = RandomProgram(seed: UInt64(seed), inputs: 3, steps: 10 * seed)
      let x = program.inputs
      let f = Replay(at: x) { x in program.run(x) { .constant($0) }.last! }!
      let recorded = hessian(at: x) { f($0) }
      let scale = recorded.joined().reduce(1) { max($0, abs($1)) }
      let twice = jacobian(at: x) { (x: [Dual<Double>]) in
        gradient(at: x) { (x: [Dual<Dual<Double>>]) in f(x) }
      }
      let overValues = jacobian(at: x) { (x: [Value]) in gradient(at: x) { (x: [Dual<Value>]) in f(x) } }
      let inside = jacobian(at: x) { (x: [Dual<Double>]) in gradient(at: x) { (x: [Dual<Value>]) in f(x) } }
      for (i, j) in x.indices.flatMap({ i in x.indices.map { (i, $0) } }) {
        let expected = recorded[i][j], accuracy = 1e-9 * scale
        XCTAssertEqual(twice[i][j], expected, accuracy: accuracy, "twice, seed \(seed)")
        XCTAssertEqual(overValues[i][j], expected, accuracy: accuracy, "over Values, seed \(seed)")
        XCTAssertEqual(inside[i][j], expected, accuracy: accuracy, "recorded inside, seed \(seed)")
      }
    }
  }

  /// Zeros, infinities, NaN and the ends of the range. The kernel for dot products adds in the order of the processor's
  /// vectors, with fused multiplications where it has them, so programs with one are compared to eleven digits.
  func testProgramsOfSpecialNumbersHaveTheBitsOfRecordedTangents() {
    var compared = 0
    for seed in 0..<2000 {
      let program = SpecialProgram(seed: UInt64(seed)), x = program.inputs
      guard let f = Replay(at: x, of: { program($0) }) else { continue }
      compared += 1
      for place in x.indices {
        let tangent = f(duals(x, along: place)).tangent
        let recorded = directionalDerivative(at: x, along: unit(place, x.count)) { program($0) }
        let what = "seed \(seed), by \(place)\n\(program.description)"
        if program.description.contains("dot") {
          assertClose(tangent, recorded, what)
        } else {
          assertSameBits(tangent, recorded, what)
        }
        XCTAssertFalse(tangent == 0 && tangent.sign == .minus, "seed \(seed)")
      }
    }
    XCTAssertGreaterThan(compared, 1500)
  }

  /// Where all numbers are finite, second derivatives are those of the sweeps.
  func testProgramsOfSpecialNumbersHaveRecordedSecondDerivatives() {
    var compared = 0
    for seed in 0..<2000 {
      let program = SpecialProgram(seed: UInt64(seed)), x = program.inputs
      guard let f = Replay(at: x, of: { program($0) }) else { continue }
      let size = Tape.scope { () -> Double? in
        let values = program.values(x.map { Value($0) })
        guard values.last!.tape != nil else { return 0 }
        values.last!.backward()
        let all = values.map(\.grad) + jacobian(at: x) { program.values($0) }.joined()
        return all.allSatisfy { $0 == 0 || (1e-100...1e100).contains(abs($0)) }
          ? all.reduce(0) { max($0, abs($1)) } : nil
      }
      let recorded = hessian(at: x) { program($0) }
      guard let size, recorded.joined().allSatisfy({ $0.isFinite && abs($0) < 1e100 }) else { continue }
      compared += 1
      let scale = recorded.joined().reduce(0) { max($0, abs($1)) }
      let tolerance = 1e-9 * scale + 1e-12 * max(1, size) * max(1, size)
      for (i, j) in x.indices.flatMap({ i in x.indices.map { (i, $0) } }) {
        let twice = f(nestedDuals(x, along: i, j)).tangent.tangent
        XCTAssertFalse(twice == 0 && twice.sign == .minus, "seed \(seed)")
        XCTAssertEqual(twice, recorded[i][j], accuracy: tolerance, "seed \(seed), \(i), \(j)\n\(program.description)")
      }
    }
    XCTAssertGreaterThan(compared, 700)
  }
}
