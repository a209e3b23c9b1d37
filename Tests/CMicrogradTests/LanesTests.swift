import CMicrograd
import TestSupport
import XCTest

/// Ops along rows of samples: what scalar nodes make of each number.
final class LanesTests: XCTestCase {
  private static let special: [Double] = [
    0, -0.0, 1, -1, 0.5, -0.75, 2, 3, -40, 800, -800, 1e-9, -1e-9, 1e9, 1e22, -1e300, .leastNonzeroMagnitude,
    -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity, .nan,
  ]
  private static let generic: [Double] = (1...41).map { (k: Int) -> Double in
    let square: Double = Double(k * k % 37)
    return square * 0.21 - 3.8
  }

  /// Every number of the list with every other, where an op has two operands.
  private func forEachOp(_ body: (LaneOp, _ x: LaneRow, _ y: LaneRow) -> Void) {
    let numbers = Self.special + Self.generic, few = Self.special + Self.generic.prefix(5)
    let (x, y) = (LaneRow(numbers), LaneRow(.nan, count: (numbers.count + 7) / 8 * 8))
    let left = LaneRow(few.flatMap { Array(repeating: $0, count: few.count) })
    let right = LaneRow(few.flatMap { _ in few })
    for op in LaneOp.all { op.isBinary ? body(op, left, right) : body(op, x, y) }
  }

  /// Adjoints of which every third is zero.
  private func adjoints(_ count: Int) -> LaneRow {
    LaneRow(
      (0..<count).map { (k: Int) -> Double in
        if k % 3 == 2 { return 0 }
        let step = Double(k % 5)
        return 1.5 - step
      })
  }

  func testEveryOpGivesWhatItsScalarNodeGives() {
    forEachOp { op, x, y in
      let v = op.values(x, y)
      for k in 0..<x.count {
        let expected = op.recorded(x[k], y[k], 1).value
        let at = "\(op) of \(x[k]), \(y[k]) is \(v[k]), not \(expected)"
        XCTAssertLessThanOrEqual(ulps(v[k], expected), 4, at)
        if x[k] == 0, expected == 0 { XCTAssertEqual(v[k].sign, expected.sign, at) }
      }
    }
  }

  /// Each is within the bounds of exact results, which the fixture checks; here it is that the cases agree.
  func testEveryPartialDerivativeIsThatOfItsScalarNode() {
    forEachOp { op, x, y in
      let d = LaneRow((0..<x.count).map { 1.5 - Double($0 % 5) }), v = op.values(x, y)
      for operand in op.operands {
        let to = op.partials(operand, d, x, y, v)
        for k in 0..<x.count {
          let expected = op.recorded(x[k], y[k], d[k]).gradients[Int(operand)]
          // logistic(x) - t cancels
          if op.op.op == .binary_cross_entropy, abs(to[k] - expected) < 1e-15 { continue }
          XCTAssertLessThanOrEqual(ulps(to[k], expected), 12, "\(op) to \(operand) of \(x[k]), \(y[k]): \(to[k])")
        }
      }
    }
  }

  func testZeroAdjointsContributeNothingWhateverTheDerivative() {
    forEachOp { op, x, y in
      for operand in op.operands {
        for zero in [0, -0.0] {
          let to = op.partials(operand, LaneRow(zero, count: x.count), x, y, op.values(x, y))
          XCTAssertTrue(to.numbers.allSatisfy { $0 == 0 }, "\(op) to \(operand)")
        }
      }
    }
  }

  func testANumberDoesNotDependOnItsNeighbours() {
    forEachOp { op, x, y in
      let d = adjoints(x.count), v = op.values(x, y),
        length = 8 + Int(op.op.op.rawValue + op.op.function.rawValue) % 9 * 8
      let slopes = op.operands.map { op.partials($0, d, x, y, v) }
      for start in stride(from: 0, to: x.count - length, by: 24) {
        // Numbers change places, too.
        let order = (start..<start + length).reversed()
        let part = { (row: LaneRow) in LaneRow(order.map { row[$0] }) }
        XCTAssertEqual(op.values(part(x), part(y)).numbers.map(\.bitPattern), part(v).bits, "\(op)")
        for operand in op.operands {
          let to = op.partials(operand, part(d), part(x), part(y), part(v))
          XCTAssertEqual(to.bits, part(slopes[Int(operand)]).bits, "\(op) to \(operand)")
        }
      }
    }
  }

  func testRowsThatAreWrittenMayBeThoseThatAreRead() {
    forEachOp { op, x, y in
      let expected = op.values(x, y).bits
      XCTAssertEqual(op.values([x, y], [0, 1, 0]).bits, expected, "\(op)")
      guard op.isBinary else { return }
      XCTAssertEqual(op.values([x, y], [0, 1, 1]).bits, expected, "\(op)")
      XCTAssertEqual(op.values([x], [0, 0, 0]).bits, op.values(x, x).bits, "\(op) of a row and itself")
    }
    forEachOp { op, x, y in
      let d = adjoints(x.count), v = op.values(x, y)
      for operand in op.operands {
        let expected = op.partials(operand, d, x, y, v).bits
        for written in Int32(0)..<4 {
          let to = op.partials(operand, [d, x, y, v], [0, 1, 2, 3, written])
          XCTAssertEqual(to.bits, expected, "\(op) to \(operand), into row \(written)")
        }
      }
    }
  }

  func testRowsThatAreNotReadMayBeMissingOrAnything() {
    forEachOp { op, x, y in
      let d = adjoints(x.count), v = op.values(x, y), reads = op.reads
      for operand in op.operands {
        let expected = op.partials(operand, d, x, y, v)
        for other in [nil, LaneRow(.nan, count: x.count), LaneRow(7, count: x.count)] {
          let rows = zip([x, y, v], [MG_READS_X, MG_READS_Y, MG_READS_V]).map { row, bit in
            reads(operand) & UInt32(bit) != 0 ? row : other
          }
          let to = op.partials(operand, d, rows[0], rows[1], rows[2])
          XCTAssertEqual(to.bits, expected.bits, "\(op) to \(operand)")
        }
      }
    }
  }

  func testReadsAreThoseOfTheTable() {
    let x = UInt32(MG_READS_X), y = UInt32(MG_READS_Y), v = UInt32(MG_READS_V)
    let binary = { LaneOp($0, isBinary: true) }
    XCTAssertEqual([0, 1].map(binary(.add).reads), [0, 0])
    XCTAssertEqual([0, 1].map(binary(.multiply).reads), [y, x])
    XCTAssertEqual([0, 1].map(binary(.divide).reads), [y, y | v])
    XCTAssertEqual([0, 1].map(binary(.maximum).reads), [x | y, x | y])
    XCTAssertEqual(LaneOp(.multiply_constant, c: 2).reads(0), 0)
    XCTAssertEqual(LaneOp(.relu).reads(0), v)
    XCTAssertEqual(LaneOp(.squared_error, t: 1).reads(0), x)
    XCTAssertEqual(LaneOp(.function, .exponential).reads(0), v)
    XCTAssertEqual(LaneOp(.function, .hyperbolic_tangent).reads(0), x | v)
  }

  func testNoNumbersAreNoWork() {
    let row = LaneRow(1, count: 8)
    XCTAssertEqual(LaneOp(.square).values([row], [0, 0, 0], n: 0).bits, row.bits)
    XCTAssertEqual(LaneOp(.square).partials(0, [row], [0, 0, 0, 0, 0], n: 0).bits, row.bits)
  }
}
