import CMicrograd
import TestSupport
import XCTest

/// A sum, and of how large terms: what the error of an addition in another order is measured by.
struct Sum {
  private(set) var value: Double
  private(set) var magnitude: Double

  init(_ value: Double) { (self.value, magnitude) = (value, abs(value)) }

  mutating func add(_ term: Double) {
    value += term
    magnitude += abs(term)
  }

  var relu: Sum {
    var result = self
    if value < 0 { result.value = 0 }
    return result
  }

  func isClose(to x: Double) -> Bool { abs(x - value) <= 16 * .ulpOfOne * magnitude }
}

/// A block of rows of random numbers: 8 … 72 lanes, of which any number are samples.
final class LaneSpace {
  static let rowCount = 120

  var at: mg_lane_space
  var random: SplitMix64
  private let memory: UnsafeMutableBufferPointer<Double>

  /// `stride`: numbers from row to row, or a random one; the numbers do not depend on it.
  init(seed: UInt64, stride: Int? = nil) {
    random = SplitMix64(seed: seed)
    let n = 8 * Int.random(in: 1...9, using: &random), valid = Int.random(in: 1...n, using: &random)
    let gap = 8 * Int.random(in: 0...2, using: &random), stride = stride ?? n + gap
    let rows = Self.rowCount * stride, aside = 1024
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: (rows + 2 * aside) * MemoryLayout<Double>.stride, alignment: 64)
    memory = bytes.bindMemory(to: Double.self)
    memory.initialize(repeating: 0)
    let start = memory.baseAddress!
    at = mg_lane_space(
      uniforms: start + rows, sums: start + rows + aside, rows: start, stride: Int64(stride), n: Int64(n),
      valid: Int64(valid))
    for i in rows..<memory.count { memory[i] = number() }
    for row in 0..<Int32(Self.rowCount) {
      for s in 0..<stride { self[row, s] = s < valid ? number() : [.nan, .infinity, -.infinity][(Int(row) + s) % 3] }
    }
  }

  deinit { memory.deallocate() }

  var n: Int { Int(at.n) }
  var valid: Int { Int(at.valid) }
  var uniforms: UnsafeMutablePointer<Double> { at.uniforms }
  var sums: [Double] { (0..<1024).map { at.sums[$0] } }
  var copy: Copy { Copy(numbers: Array(memory), stride: Int(at.stride)) }

  func number() -> Double { .random(in: -1...1, using: &random) }
  func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
  func flip() -> Bool { .random(using: &random) }

  subscript(row: Int32, s: Int) -> Double {
    get { at.rows[Int(row) * Int(at.stride) + s] }
    set { at.rows[Int(row) * Int(at.stride) + s] = newValue }
  }

  func assertRow(_ row: Int32, line: UInt = #line, _ expected: (Int) -> Sum) {
    for s in 0..<valid where !expected(s).isClose(to: self[row, s]) {
      XCTFail("\(self[row, s]) is not \(expected(s)), sample \(s) of \(valid), \(n) lanes", line: line)
      return
    }
  }

  func assertSums(_ expected: [Sum], line: UInt = #line) {
    for (k, (actual, sum)) in zip(sums, expected).enumerated() where !sum.isClose(to: actual) {
      XCTFail("\(actual) is not \(sum), sum \(k), \(valid) samples", line: line)
      return
    }
  }

  /// Everything but the lanes that are computed of some rows has the bits that it had.
  func assertUntouched(except rows: [Int32], since old: Copy, line: UInt = #line) {
    var expected = old.numbers
    for row in rows {
      for k in Int(row) * old.stride..<Int(row) * old.stride + n { expected[k] = memory[k] }
    }
    XCTAssertTrue(zip(memory, expected).allSatisfy { $0.bitPattern == $1.bitPattern }, line: line)
  }

  /// What a space held.
  struct Copy {
    let numbers: [Double]
    let stride: Int

    subscript(row: Int32, s: Int) -> Double { numbers[Int(row) * stride + s] }
  }
}
