import Foundation
import TestSupport
import XCTest

@testable import Micrograd

/// The same question has the same answer in every mode, zeros, infinities and NaN included. What modes cannot share is told
/// in the article Modes.md.
///
/// Programs are numbered by seeds. With `MICROGRAD_FUZZ_SECONDS`, as `make fuzz` has it, others are tried for so long, from
/// a number of the day on.
final class ModesAgreeTests: XCTestCase {
  private let programs = 2000

  /// Calls `body` for each seed, or for as long as the environment says.
  private func forSeeds(_ body: (UInt64) throws -> Void) rethrows {
    guard let text = ProcessInfo.processInfo.environment["MICROGRAD_FUZZ_SECONDS"], let seconds = Double(text) else {
      for seed in 0..<UInt64(programs) { try body(seed) }
      return
    }
    let start = Date()
    var seed = UInt64(start.timeIntervalSince1970) << 20
    let first = seed
    while Date().timeIntervalSince(start) < seconds {
      try body(seed)
      seed += 1
    }
    print("compared \(seed - first) programs")
  }

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testFirstDerivatives() throws {
    try forSeeds { seed in
      let program = SpecialProgram(seed: seed), expected = Expected(program, seed: seed)
      for (mode, found) in try ModesAgreeTests.modes.map({ ($0.name, try $0.of(program)) }) {
        if mode == "columns" && expected.size == nil || mode == "compiled" && expected.isNearOverflow { continue }
        guard let difference = expected.difference(from: found) else { continue }
        XCTFail("seed \(seed), \(mode): \(difference)\n\(program.description)")
      }
    }
  }

  func testSecondDerivatives() {
    forSeeds { seed in
      let program = SpecialProgram(seed: seed), expected = Expected(program, seed: seed)
      guard let size = expected.size, !expected.isNearOverflow else { return }
      let swept = Tape.scope { hessian(at: program.inputs) { program($0) }.flatMap(\.self) }
      let nested = Tape.scope {
        jacobian(at: program.inputs) { x in gradient(at: x) { program($0) } }.flatMap(\.self)
      }
      // What cancels are products of first derivatives, and second ones.
      let scale = swept.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      let tolerance = 1e-9 * scale + 1e-12 * max(1, size) * max(1, size)
      for (a, b) in zip(swept, nested) where !(a == b || a.isNaN && b.isNaN || abs(a - b) <= tolerance) {
        XCTFail("seed \(seed): \(swept), nested \(nested)\n\(program.description)")
        break
      }
    }
  }

  // MARK: - Modes

  private typealias Answer = (value: Double, gradient: [Double])

  private static let modes: [(name: String, of: @Sendable (SpecialProgram) throws -> Answer)] = [
    (
      "columns",
      { program in
        Tape.scope {
          let value = program(program.inputs.map { Value($0) }).data
          return (
            value,
            program.inputs.indices.map { k in
              let direction = program.inputs.indices.map { $0 == k ? 1.0 : 0 }
              return directionalDerivative(at: program.inputs, along: direction) { program($0) }
            }
          )
        }
      }
    ),
    (
      "creatingGraph",
      { program in
        Tape.scope {
          let x = program.inputs.map { Value($0) }, y = program(x)
          guard y.tape != nil else { return (y.data, x.map { _ in 0 }) }
          let gradients = y.backward(creatingGraph: true)
          return (y.data, x.map { gradients[$0].data })
        }
      }
    ),
    (
      "nested",
      { program in
        Tape.scope {
          let found = valueWithGradient(at: program.inputs.map { Value($0) }) { program($0) }
          return (found.value.data, found.gradient.map(\.data))
        }
      }
    ),
    (
      "compiled",
      { program in
        try Tape.scope {
          let f = try compile(at: [0.3, 0.4, 0.6]) { x in program(x) }
          let (values, gradients) = try f.valuesWithGradients(at: Samples([program.inputs]))
          return (values[0], Array(gradients[0]))
        }
      }
    ),
  ]
}

/// What a recording gives, and how exactly.
///
/// Sums are added in other orders, and elementary functions may differ in the last place. How far apart answers may be is
/// measured: the recording is repeated with everything that a step reads off by random factors near 1, as if rounding errors
/// were so large. Where a number is infinite, NaN or zero in one of the repetitions and not in the others, it is rounding
/// that decides, and nothing is expected.
private struct Expected {
  typealias Answer = (value: Double, gradient: [Double])

  let answer: Answer
  /// By how much the value and the derivatives may differ; `nil` where anything may come out.
  private var tolerances: [Double?]
  /// The largest of all derivatives on the way, from the result and by the inputs; `nil` where one is near an end of the range.
  ///
  /// There, derivatives that are multiplied from the result on differ from those that are multiplied from the
  /// inputs on: infinity less infinity in one order is zero times infinity in the other.
  let size: Double?
  /// Whether a number on the way is close to overflow, so that sums in another order may overflow.
  let isNearOverflow: Bool

  init(_ program: SpecialProgram, seed: UInt64) {
    answer = Expected.recorded(program) { $0 }
    let numbers = [answer.value] + answer.gradient
    tolerances = numbers.map { 1e-9 * abs($0) + 2000 * .leastNonzeroMagnitude }
    var random = SplitMix64(seed: seed)
    let step = 0x1p-36
    for _ in 0..<3 {
      let moved = Expected.recorded(program) { $0 * (1 + .random(in: -step...step, using: &random)) }
      for (k, number) in ([moved.value] + moved.gradient).enumerated() {
        let isSameKind =
          numbers[k].isFinite
          ? number.isFinite && (number == 0) == (numbers[k] == 0)
          : number.isNaN == numbers[k].isNaN && (number.isNaN || number == numbers[k])
        guard isSameKind, let tolerance = tolerances[k] else {
          tolerances[k] = nil
          continue
        }
        if number.isFinite { tolerances[k] = max(tolerance, abs(number - numbers[k])) }
      }
    }
    (size, isNearOverflow) = Tape.scope { () -> (Double?, Bool) in
      let values = program.values(program.inputs.map { Value($0) })
      let isNearOverflow = values.contains { abs($0.data) > 1e300 && $0.data.isFinite }
      guard values.last!.tape != nil else { return (0, isNearOverflow) }
      values.last!.backward()
      let all = values.map(\.grad) + jacobian(at: program.inputs) { program.values($0) }.joined()
      let isWithinRange = all.allSatisfy { $0 == 0 || (1e-100...1e100).contains(abs($0)) }
      return (isWithinRange ? all.reduce(0) { max($0, abs($1)) } : nil, isNearOverflow)
    }
  }

  private static func recorded(_ program: SpecialProgram, reading: (Value) -> Value) -> Answer {
    Tape.scope { valueWithGradient(at: program.inputs) { program.values($0, reading: reading).last! } }
  }

  func difference(from found: Answer) -> String? {
    let expected = [answer.value] + answer.gradient
    for (k, number) in ([found.value] + found.gradient).enumerated() {
      guard let tolerance = tolerances[k] else { continue }
      // Derivatives that cancel leave the rounding error of the largest on the way.
      let rest = k > 0 ? 1e-15 * (size ?? 0) : 0
      if isSame(number, expected[k], within: tolerance + rest) { continue }
      return "\(k == 0 ? "the value" : "derivative \(k - 1)") is \(number), not \(expected[k])"
    }
    return nil
  }

  /// The same kind of number, the same sign of zero, and close.
  private func isSame(_ a: Double, _ b: Double, within tolerance: Double) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    if a == b { return a.sign == b.sign }
    return abs(a - b) <= tolerance
  }
}
