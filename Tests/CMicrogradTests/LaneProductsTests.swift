import CMicrograd
import XCTest

/// Every kernel against plain loops, for random shapes and sizes of blocks. Lanes beyond the samples hold NaN and
/// infinities; what a kernel does not write must stay as it is to the bit.
final class LaneProductsTests: XCTestCase {
  private func forRandomSpaces(_ count: UInt64 = 200, _ body: (LaneSpace) -> Void) {
    for seed in 1...count {
      body(LaneSpace(seed: seed))
      if let failures = testRun?.failureCount, failures > 0 { return print("seed \(seed)") }
    }
  }

  /// A list of rows in random order.
  private func rows(_ lists: Int..., of space: LaneSpace) -> [[Int32]] {
    var all = ArraySlice((0..<Int32(LaneSpace.rowCount)).shuffled(using: &space.random))
    return lists.map { count in
      defer { all = all.dropFirst(count) }
      return Array(all.prefix(count))
    }
  }

  func testAnAffineMapIsBiasesPlusProducts() {
    forRandomSpaces { space in
      let (inputs, outputs) = (space.draw(1...19), space.draw(1...19)), relu = space.flip()
      let biases = space.flip() ? 500 : -1
      let lists = rows(inputs, outputs, of: space), x = lists[0], out = lists[1], old = space.copy
      mg_lanes_affine(&space.at, 3, Int32(biases), x, Int64(inputs), out, Int64(outputs), relu)
      for j in 0..<outputs {
        space.assertRow(out[j]) { s in
          var sum = Sum(biases < 0 ? 0 : space.uniforms[biases + j])
          for i in 0..<inputs { sum.add(space.uniforms[3 + j * inputs + i] * old[x[i], s]) }
          return relu ? sum.relu : sum
        }
      }
      space.assertUntouched(except: out, since: old)
    }
  }

  func testATransposedMapAddsOrSetsWhereReluLetsThrough() {
    forRandomSpaces { space in
      let (inputs, outputs) = (space.draw(1...19), space.draw(1...19)), masked = space.flip()
      let lists = rows(outputs, inputs, inputs, of: space), d = lists[0], dx = lists[1], old = space.copy
      let adds: [UInt8] = (0..<inputs).map { _ in space.flip() ? 1 : 0 }
      let mask: [Int32] = lists[2].map { space.flip() ? $0 : -1 }
      mg_lanes_affine_transposed(&space.at, 3, d, Int64(outputs), dx, Int64(inputs), adds, masked ? mask : nil)
      for i in 0..<inputs {
        space.assertRow(dx[i]) { s in
          var sum = Sum(adds[i] == 1 ? old[dx[i], s] : 0)
          if masked, mask[i] >= 0, !(old[mask[i], s] > 0) { return sum }
          for j in 0..<outputs { sum.add(space.uniforms[3 + j * inputs + i] * old[d[j], s]) }
          return sum
        }
      }
      space.assertUntouched(except: dx, since: old)
    }
  }

  func testOuterProductsAreSummedOverSamplesAndApplications() {
    forRandomSpaces { space in
      let (inputs, outputs) = (space.draw(1...19), space.draw(1...19)), uses = space.draw(1...3)
      let biases = space.flip() ? 500 : -1
      let lists = rows(uses * outputs, uses * inputs, of: space), d = lists[0], x = lists[1], old = space.sums
      mg_lanes_outer(&space.at, 3, Int32(biases), d, x, Int64(uses), Int64(outputs), Int64(inputs))
      var expected = old.map { Sum($0) }
      for (a, s) in (0..<uses).flatMap({ a in (0..<space.valid).map { (a, $0) } }) {
        for j in 0..<outputs {
          let adjoint = space[d[a * outputs + j], s]
          if biases >= 0 { expected[biases + j].add(adjoint) }
          for i in 0..<inputs { expected[3 + j * inputs + i].add(adjoint * space[x[a * inputs + i], s]) }
        }
      }
      space.assertSums(expected)
    }
  }

  func testACombinationIsTheSumOfItsTermsEvenInPlace() {
    forRandomSpaces(500) { space in
      let operand = { Int32(space.draw(0...5)) }, factor = { Int32(space.draw(-2...3)) }
      let scaled = (0..<space.draw(0...6)).map { _ in mg_scaled_term(factor: factor(), row: operand()) }
      let products = (0..<space.draw(0...6)).map { _ in
        mg_product_term(factor: factor(), left: operand(), right: operand())
      }
      let start = Int32(space.draw(-1...3)), adds = space.flip(), out = operand(), old = space.copy
      mg_lanes_combine(&space.at, start, scaled, Int64(scaled.count), products, Int64(products.count), adds, out)
      let number = { (factor: Int32) in factor >= 0 ? space.uniforms[Int(factor)] : factor == -1 ? 1 : -1.0 }
      space.assertRow(out) { s in
        var sum = Sum(start < 0 ? 0 : number(start))
        if adds { sum.add(old[out, s]) }
        for term in scaled { sum.add(number(term.factor) * old[term.row, s]) }
        for term in products { sum.add(number(term.factor) * old[term.left, s] * old[term.right, s]) }
        return sum
      }
      space.assertUntouched(except: [out], since: old)
    }
  }

  func testTotalsTakeInNoLaneBeyondTheSamples() {
    forRandomSpaces { space in
      var expected = space.sums.map { Sum($0) }
      for s in 0..<space.valid {
        expected[1].add(space[4, s])
        expected[2].add(space[5, s] * space[6, s])
      }
      mg_lanes_total(&space.at, 4, 1)
      mg_lanes_total_product(&space.at, 5, 6, 2)
      space.assertSums(expected)
    }
  }

  func testSamplesBecomeRowsAndRowsSamples() {
    forRandomSpaces { space in
      let count = space.draw(1...19), list = rows(count, of: space)[0], places = 90
      let index = (0..<Int64(places)).shuffled(using: &space.random)
      let samples = (0..<places * count).map { $0 % 7 == 0 ? -0.0 : space.number() }
      for (listed, gradients) in [(false, false), (true, false), (false, true), (true, true)] {
        let old = space.copy, place = { (s: Int) in listed ? Int(index[s]) : s }
        if listed {
          mg_lanes_load_listed(&space.at, samples, index, Int64(count), list)
        } else {
          mg_lanes_load(&space.at, samples, Int64(count), list)
        }
        for (k, s) in (0..<count).flatMap({ k in (0..<space.n).map { (k, $0) } }) {
          XCTAssertEqual(space[list[k], s], samples[place(min(s, space.valid - 1)) * count + k], "\(count), \(k), \(s)")
        }
        space.assertUntouched(except: list, since: old)
        var back = Array(repeating: 7.0, count: samples.count), expected = back
        if listed {
          mg_lanes_store_listed(&space.at, list, Int64(count), gradients, index, &back)
        } else {
          mg_lanes_store(&space.at, list, Int64(count), gradients, &back)
        }
        for s in 0..<space.valid {
          for k in place(s) * count..<(place(s) + 1) * count { expected[k] = samples[k] + (gradients ? 0.0 : -0.0) }
        }
        XCTAssertEqual(back.map(\.bitPattern), expected.map(\.bitPattern), "\(count)")
      }
    }
  }

  func testReluKeepsNaNAndTheSignOfZero() {
    let space = LaneSpace(seed: 1)
    space.uniforms[0] = 1
    for (x, y) in [(Double.nan, Double.nan), (-0.0, -0.0), (-.infinity, 0), (.infinity, .infinity)] {
      space[0, 0] = x
      mg_lanes_affine(&space.at, 0, -1, [0], 1, [1], 1, true)
      XCTAssertEqual("\(space[1, 0])", "\(y)")
    }
  }

  func testAnInputThatIsListedTwiceGetsBothShares() {
    let space = LaneSpace(seed: 3)
    (space.uniforms[0], space.uniforms[1], space[0, 0]) = (2, 3, 5)
    mg_lanes_affine_transposed(&space.at, 0, [0], 1, [1, 1], 2, [0, 1], nil)
    XCTAssertEqual(space[1, 0], 25)
  }

  func testACopyKeepsTheSignOfZero() {
    let space = LaneSpace(seed: 2)
    space[0, 0] = -0.0
    mg_lanes_combine(&space.at, -1, [mg_scaled_term(factor: -1, row: 0)], 1, nil, 0, false, 1)
    XCTAssertEqual(space[1, 0].sign, .minus)
    mg_lanes_combine(&space.at, -1, nil, 0, nil, 0, false, 1)
    XCTAssertEqual(space[1, 0].sign, .plus, "the sum of nothing")
  }

  func testSumsHaveTheSameBitsWhereverTheRowsAre() {
    for seed in 1...50 as ClosedRange<UInt64> {
      let one = LaneSpace(seed: seed, stride: 80), other = LaneSpace(seed: seed, stride: 136)
      let d: [Int32] = Array(0..<22), x: [Int32] = Array(30..<56)
      for space in [one, other] { mg_lanes_outer(&space.at, 0, 400, d, x, 2, 11, 13) }
      XCTAssertEqual(one.sums.map(\.bitPattern), other.sums.map(\.bitPattern))
    }
  }
}
