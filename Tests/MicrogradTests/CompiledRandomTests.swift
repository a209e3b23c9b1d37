import TestSupport
import XCTest

@testable import Micrograd

/// Random programs of every operation, compiled and recorded.
///
/// Sums are added in another order, and elementary functions may differ in the last place, so how far apart the two may
/// be depends on the program. That is measured: the recording is repeated with everything that a step reads off by random
/// factors near 1, as if the rounding errors were so large; how far results move then, by the size of the factors, is the
/// scale to which 10⁻¹³ is relative; at least the result itself, and a thousandth of the sample's largest number, for what
/// cancels within one operation. Scales of sums over samples are the samples', added up.
final class CompiledRandomTests: XCTestCase {
  #if DEBUG
    private let programs = 150
  #else
    private let programs = 1500
  #endif

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testCompiledProgramsAgreeWithRecordingsForEveryBatchSize() throws {
    for seed in 0..<UInt64(programs) {
      let steps = 4 + Int(seed % 30)
      let sizes = seed == 0 ? Array(1...67) : [1 + Int(seed * 7 % 67), 1 + Int(seed * 13 % 67)]
      guard try difference(seed: seed, steps: steps, sizes: sizes) != nil else { continue }
      // The shortest of its beginnings that shows it is easier to read.
      let shortest = (1...steps).lazy.compactMap { try? self.difference(seed: seed, steps: $0, sizes: sizes) }.first
      XCTFail("seed \(seed): \(shortest ?? "a difference with all steps only")")
    }
  }

  func testAllThreadCountsAndAllRunsGiveTheSameBits() throws {
    for seed in 5000..<5000 + UInt64(programs / 10) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 20)
        let samples = CompiledRandomTests.samples(700 + Int(seed % 97), seed: seed)
        let f = try compile(at: samples[0]) { x in program(x) }
        func bits() throws -> [UInt64] {
          for p in program.parameters { p.grad = 0 }
          let (values, gradients) = try f.valuesWithGradients(at: samples)
          let mean = try f.backward(at: samples)
          let all = values + gradients.numbers + [mean] + program.parameters.map(\.grad)
          return try (all + f.values(at: samples) + f.gradients(at: samples).numbers).map(\.bitPattern)
        }
        let expected = try bits()
        for threads in [1, 2, 3, 8, 2] {
          f.threads = threads
          XCTAssertEqual(try bits(), expected, "seed \(seed), \(threads) threads\n\(program.description)")
        }
      }
    }
  }

  func testAllResultsAgree() throws {
    for seed in 9000..<9000 + UInt64(programs / 3) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 3 + Int(seed % 50))
        let batch = CompiledRandomTests.samples(9, seed: seed)
        let f = try compile(at: batch[0]) { x in program.results(x) }
        for (s, found) in try f.results(at: batch).rows.enumerated() {
          let expected = Recorded(at: batch[s], seed: seed) { x, reading in
            program.results(x.map { Value($0) }, reading: reading).map(\.data)
          }
          for (k, number) in found.enumerated() where number != expected.numbers[k] {
            let isClose = abs(number - expected.numbers[k]) <= 1e-13 * expected.scales[k]
            let what = "seed \(seed), result \(k): \(number), not \(expected.numbers[k])"
            if !isClose { return XCTFail("\(what)\n\(program.description)") }
          }
          let alone = try f.results(at: batch[s])
          for (k, number) in alone.enumerated() where number != expected.numbers[k] {
            XCTAssertEqual(
              number, expected.numbers[k], accuracy: 1e-13 * expected.scales[k], "seed \(seed), result \(k)")
          }
        }
      }
    }
  }

  /// Inputs are floats. The scale is measured by factors as far from 1 as the roundings of float, one a step; a step such as
  /// a norm rounds a dozen times.
  func testProgramsInFloatAgreeWithRecordings() throws {
    var (compared, all) = (0, 0)
    for seed in 20_000..<20_000 + UInt64(programs) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 4 + Int(seed % 20))
        let drawn = CompiledRandomTests.samples(1 + Int(seed * 7 % 67), seed: seed)
        let batch = Samples(drawn.numbers.map { Double(Float($0)) }, width: drawn.width)
        let f = try compile(at: batch[0], precision: .float) { x in program(x) }
        let (values, gradients) = try f.valuesWithGradients(at: batch)
        for s in 0..<batch.count {
          let expected = Recorded(program, at: batch[s], seed: seed, size: 0x1p-23)
          let found = [values[s]] + gradients[s]
          all += 1
          // Somewhere on the way a number may leave the range of float.
          guard expected.scales.allSatisfy({ $0 < 1e15 }), found.allSatisfy(\.isFinite) else { continue }
          compared += 1
          for (k, number) in found.enumerated() {
            let isClose = abs(number - expected.numbers[k]) <= 0x1p-19 * expected.scales[k] + 1e-30
            let what = "seed \(seed), sample \(s), number \(k): \(number), not \(expected.numbers[k])"
            if !isClose { return XCTFail("\(what), scale \(expected.scales[k])\n\(program.description)") }
          }
        }
      }
    }
    XCTAssertGreaterThan(Double(compared), 0.8 * Double(all))
  }

  // MARK: - One program

  /// What a recording gives for one sample, value, gradients by inputs and by parameters, and the scale of each.
  struct Recorded {
    var numbers: [Double]
    var scales: [Double]

    /// What the numbers are when all that is read is read through a function.
    typealias Numbers = (_ sample: [Double], _ reading: (Value) -> Value) -> [Double]

    /// - Parameter size: How far the factors may be from 1.
    init(at sample: [Double], seed: UInt64, size: Double = 0x1p-36, of f: Numbers) {
      numbers = Tape.scope { f(sample) { $0 } }
      scales = numbers.map { abs($0) }
      var random = SplitMix64(seed: seed)
      for _ in 0..<4 {
        let moved = Tape.scope { f(sample) { $0 * (1 + .random(in: -size...size, using: &random)) } }
        for k in numbers.indices { scales[k] = max(scales[k], 2 * abs(moved[k] - numbers[k]) / size) }
      }
      let largest = scales.max() ?? 0
      for k in scales.indices { scales[k] = max(scales[k], largest / 1000) }
    }

    init(_ program: CompiledRandomProgram, at sample: [Double], seed: UInt64, size: Double = 0x1p-36) {
      self.init(at: sample, seed: seed, size: size) { sample, reading in
        for p in program.parameters { p.grad = 0 }
        let x = sample.map { Value($0) }
        let y = program(x, reading: reading)
        if y.tape != nil { y.backward() }
        return [y.data] + (x + program.parameters).map(\.grad)
      }
    }
  }

  /// What differs first between a compiled program and recordings of it, if anything does.
  private func difference(seed: UInt64, steps: Int, sizes: [Int]) throws -> String? {
    try Tape.scope {
      let program = CompiledRandomProgram(seed: seed, steps: steps)
      let samples = CompiledRandomTests.samples(sizes.max()!, seed: seed)
      let expected = samples.rows.map { Recorded(program, at: $0, seed: seed) }
      let f = try compile(at: samples[0]) { x in program(x) }
      for size in sizes {
        f.threads = [1, 2, 3, 8][size % 4]
        let batch = Samples(Array(samples.numbers.prefix(size * samples.width)), width: samples.width)
        if let found = try difference(program, f, batch, Array(expected.prefix(size))) {
          return "\(found) of \(size) samples\n\(program.description)"
        }
      }
      return nil
    }
  }

  private func difference(
    _ program: CompiledRandomProgram, _ f: CompiledFunction, _ batch: Samples, _ expected: [Recorded]
  ) throws -> String? {
    var difference: String?
    func compare(_ found: Double, _ expected: Double, _ scale: Double, _ which: String) {
      if found == expected || abs(found - expected) <= 1e-13 * scale || difference != nil { return }
      difference = "\(which) is \(found), not \(expected) (scale \(scale))"
    }
    let (values, gradients) = try f.valuesWithGradients(at: batch)
    for (s, e) in expected.enumerated() {
      compare(values[s], e.numbers[0], e.scales[0], "value of sample \(s)")
      for k in 0..<3 { compare(gradients[s][k], e.numbers[1 + k], e.scales[1 + k], "gradient \(k) of sample \(s)") }
    }
    let valuesAlone = try f.values(at: batch), gradientsAlone = try f.gradients(at: batch)
    for (s, e) in expected.enumerated() {
      compare(valuesAlone[s], e.numbers[0], e.scales[0], "value alone of sample \(s)")
      for k in 0..<3 {
        compare(gradientsAlone[s][k], e.numbers[1 + k], e.scales[1 + k], "gradient \(k) alone of sample \(s)")
      }
    }
    for (s, e) in expected.prefix(9).enumerated() {
      let (value, gradient) = try f.valueWithGradient(at: batch[s])
      for p in program.parameters { p.grad = 0 }
      let total = try f.backward(at: batch[s])
      let found = [value] + gradient + program.parameters.map(\.grad)
      for k in found.indices { compare(found[k], e.numbers[k], e.scales[k], "number \(k) of sample \(s) by itself") }
      compare(total, e.numbers[0], e.scales[0], "total of sample \(s) by itself")
    }
    for (reduction, factor) in [(CompiledFunction.Reduction.sum, 1), (.mean, 1 / Double(batch.count))] {
      for p in program.parameters { p.grad = 0 }
      let total = try f.backward(at: batch, reduction: reduction)
      let found = [total] + program.parameters.map(\.grad)
      for (k, place) in ([0] + Array(4..<10)).enumerated() {
        let sum = expected.map { $0.numbers[place] }.reduce(0, +),
          scale = expected.map { $0.scales[place] }.reduce(0, +)
        compare(found[k], factor * sum, factor * scale, k == 0 ? "total" : "gradient of parameter \(k - 1)")
      }
    }
    return difference
  }

  static func samples(_ count: Int, seed: UInt64) -> Samples {
    var random = SplitMix64(seed: ~seed)
    let width = CompiledRandomProgram.inputCount
    return Samples((0..<count * width).map { _ in .random(in: -2...2, using: &random) }, width: width)
  }
}
