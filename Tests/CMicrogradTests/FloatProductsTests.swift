import CMicrograd
import TestSupport
import XCTest

/// Every kernel along rows of float against its counterpart along rows of double, on the same numbers, for random shapes and
/// sizes of blocks. Lanes beyond the samples hold NaN and infinities.
final class FloatProductsTests: XCTestCase {
  /// A block of rows of random floats, and the same numbers as doubles.
  private final class Spaces {
    static let rowCount = 120, numberCount = 1024

    var float: mg_float_space
    var double: mg_lane_space
    var random: SplitMix64
    private let memory: UnsafeMutableRawPointer

    init(seed: UInt64) {
      random = SplitMix64(seed: seed)
      let n = 16 * Int.random(in: 1...9, using: &random), valid = Int.random(in: 1...n, using: &random)
      let stride = n + 16 * Int.random(in: 0...2, using: &random), rows = Spaces.rowCount * stride
      let more = Spaces.numberCount
      memory = .allocate(byteCount: 12 * rows + 28 * more, alignment: 64)
      let doubles = memory.bindMemory(to: Double.self, capacity: rows + 3 * more)
      let floats = (memory + 8 * (rows + 3 * more)).bindMemory(to: Float.self, capacity: rows + more)
      double = mg_lane_space(
        uniforms: doubles + rows, sums: doubles + rows + more, rows: doubles, stride: Int64(stride), n: Int64(n),
        valid: Int64(valid))
      float = mg_float_space(
        uniforms: floats + rows, sums: doubles + rows + 2 * more, rows: floats, stride: Int64(stride), n: Int64(n),
        valid: Int64(valid))
      for k in 0..<more {
        float.uniforms[k] = .random(in: -1...1, using: &random)
        double.uniforms[k] = Double(float.uniforms[k])
        double.sums[k] = .random(in: -1...1, using: &random)
        float.sums[k] = double.sums[k]
      }
      for k in 0..<rows {
        let s = k % stride, special: [Float] = [.nan, .infinity, -.infinity]
        floats[k] = s < valid ? .random(in: -1...1, using: &random) : special[k % 3]
        doubles[k] = Double(floats[k])
      }
    }

    deinit { memory.deallocate() }

    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    func flip() -> Bool { .random(using: &random) }

    /// Lists of rows, none of which is in two.
    func rows(_ counts: Int...) -> [[Int32]] {
      var all = ArraySlice((0..<Int32(Spaces.rowCount)).shuffled(using: &random))
      return counts.map { count in
        defer { all = all.dropFirst(count) }
        return Array(all.prefix(count))
      }
    }

    /// Compares all rows and sums; `terms` numbers of at most 1 were added for each, those of a sum for each sample.
    func assertAgree(terms: Int, line: UInt = #line) {
      let ulp = 0x1p-23 * Double(terms)
      for row in 0..<Spaces.rowCount {
        for s in 0..<Int(double.valid) {
          let place = row * Int(double.stride) + s
          XCTAssertEqual(Double(float.rows[place]), double.rows[place], accuracy: ulp, "row \(row), \(s)", line: line)
        }
      }
      for k in 0..<Spaces.numberCount {
        XCTAssertEqual(float.sums[k], double.sums[k], accuracy: ulp * Double(double.valid), "sum \(k)", line: line)
      }
    }
  }

  private func forRandomSpaces(_ count: UInt64 = 60, _ body: (Spaces) -> Void) {
    for seed in 1...count {
      body(Spaces(seed: seed))
      if let failures = testRun?.failureCount, failures > 0 { return print("seed \(seed)") }
    }
  }

  func testAffineMaps() {
    forRandomSpaces { spaces in
      let (inputs, outputs) = (spaces.draw(1...29), spaces.draw(1...29)), relu = spaces.flip()
      let biases = Int32(spaces.flip() ? 900 : -1), lists = spaces.rows(inputs, outputs)
      mg_lanes_affine(&spaces.double, 3, biases, lists[0], Int64(inputs), lists[1], Int64(outputs), relu)
      mg_float_affine(&spaces.float, 3, biases, lists[0], Int64(inputs), lists[1], Int64(outputs), relu)
      spaces.assertAgree(terms: inputs + 1)
    }
  }

  func testTransposedMaps() {
    forRandomSpaces { spaces in
      let (inputs, outputs) = (spaces.draw(1...29), spaces.draw(1...29)), masked = spaces.flip()
      let lists = spaces.rows(outputs, inputs, inputs)
      let adds: [UInt8] = (0..<inputs).map { _ in spaces.flip() ? 1 : 0 }
      let mask: [Int32]? = masked ? lists[2].map { spaces.flip() ? $0 : -1 } : nil
      let (count, width) = (Int64(outputs), Int64(inputs))
      mg_lanes_affine_transposed(&spaces.double, 3, lists[0], count, lists[1], width, adds, mask)
      mg_float_affine_transposed(&spaces.float, 3, lists[0], count, lists[1], width, adds, mask)
      spaces.assertAgree(terms: outputs + 1)
    }
  }

  func testOuterProducts() {
    forRandomSpaces { spaces in
      let (inputs, outputs) = (spaces.draw(1...19), spaces.draw(1...19)), uses = Int64(spaces.draw(1...3))
      let biases = Int32(spaces.flip() ? 900 : -1), lists = spaces.rows(Int(uses) * outputs, Int(uses) * inputs)
      mg_lanes_outer(&spaces.double, 3, biases, lists[0], lists[1], uses, Int64(outputs), Int64(inputs))
      mg_float_outer(&spaces.float, 3, biases, lists[0], lists[1], uses, Int64(outputs), Int64(inputs))
      spaces.assertAgree(terms: Int(uses))
    }
  }

  func testCombinations() {
    forRandomSpaces(200) { spaces in
      func operand() -> Int32 { Int32(spaces.draw(0...5)) }
      func factor() -> Int32 { Int32(spaces.draw(-2...3)) }
      let scaled = (0..<spaces.draw(0...6)).map { _ in mg_scaled_term(factor: factor(), row: operand()) }
      let products = (0..<spaces.draw(0...6)).map { _ in
        mg_product_term(factor: factor(), left: operand(), right: operand())
      }
      let start = Int32(spaces.draw(-1...3)), adds = spaces.flip(), out = operand()
      let (few, many) = (Int64(scaled.count), Int64(products.count))
      mg_lanes_combine(&spaces.double, start, scaled, few, products, many, adds, out)
      mg_float_combine(&spaces.float, start, scaled, few, products, many, adds, out)
      spaces.assertAgree(terms: scaled.count + products.count + 2)
    }
  }

  func testSeveralCombinations() {
    forRandomSpaces { spaces in
      let scaled = [0, 1, 2].map { mg_scaled_term(factor: Int32($0), row: Int32($0)) }
      let products = [3, 4, 5].map { mg_product_term(factor: -2, left: Int32($0), right: 7) }
      mg_lanes_combine_each(&spaces.double, [1, -1, 2], scaled, 1, products, 1, [10, 11, 12], 3)
      mg_float_combine_each(&spaces.float, [1, -1, 2], scaled, 1, products, 1, [10, 11, 12], 3)
      spaces.assertAgree(terms: 3)
    }
  }

  func testTotals() {
    forRandomSpaces { spaces in
      mg_lanes_total(&spaces.double, 4, 1)
      mg_float_total(&spaces.float, 4, 1)
      mg_lanes_total_product(&spaces.double, 5, 6, 2)
      mg_float_total_product(&spaces.float, 5, 6, 2)
      spaces.assertAgree(terms: 1)
    }
  }

  func testSamplesBecomeRowsAndRowsSamples() {
    forRandomSpaces { spaces in
      let count = spaces.draw(1...19), list = spaces.rows(count)[0], places = 200
      let index = (0..<Int64(places)).shuffled(using: &spaces.random)
      let samples = (0..<places * count).map { k in
        k % 7 == 0 ? -0.0 : Double(Float.random(in: -1...1, using: &spaces.random))
      }
      for (listed, gradients) in [(false, false), (true, false), (false, true), (true, true)] {
        func place(_ s: Int) -> Int { listed ? Int(index[s]) : s }
        if listed {
          mg_float_load_listed(&spaces.float, samples, index, Int64(count), list)
        } else {
          mg_float_load(&spaces.float, samples, Int64(count), list)
        }
        for k in 0..<count {
          for s in 0..<Int(spaces.float.n) {
            let found = spaces.float.rows[Int(list[k]) * Int(spaces.float.stride) + s]
            XCTAssertEqual(Double(found), samples[place(min(s, Int(spaces.float.valid) - 1)) * count + k])
          }
        }
        var back = Array(repeating: 7.0, count: samples.count), expected = back
        if listed {
          mg_float_store_listed(&spaces.float, list, Int64(count), gradients, index, &back)
        } else {
          mg_float_store(&spaces.float, list, Int64(count), gradients, &back)
        }
        for s in 0..<Int(spaces.float.valid) {
          for k in place(s) * count..<(place(s) + 1) * count { expected[k] = samples[k] + (gradients ? 0.0 : -0.0) }
        }
        XCTAssertEqual(back.map(\.bitPattern), expected.map(\.bitPattern), "\(count)")
      }
    }
  }

  func testChoicesAreThoseOfDouble() {
    let matrix = FloatMatrix([[1, 2, .nan, 3], [2, 2, 2, 2], [5, 6, 7, 8], [9, 9, 9, 9], [0, 0, 0, 0]])
    let row = { matrix.pointer + $0 * matrix.stride }
    mg_float_select(.atMost, row(0), row(1), row(2), row(3), row(4), 16)
    XCTAssertEqual(matrix[4, 4], [5, 6, 9, 9])
    mg_float_select_partial(.atMost, false, row(0), row(1), row(2), row(4), 16)
    XCTAssertEqual(matrix[4, 4], [0, 0, 7, 8])
    var failed = [UInt8](repeating: 0, count: 16)
    mg_float_guard(.greater, true, row(0), row(1), &failed, 16)
    XCTAssertEqual(Array(failed[..<4]), [1, 1, 1, 0])
  }
}
