import Formulas
import Foundation
import Micrograd
import PlainFormulas
import XCTest

/// The formulas of Tests/Formulas over Values against the same text over plain numbers.
final class FormulaTests: XCTestCase {
  /// Both at a formula's point and beside it.
  private func forEachPoint(_ body: (Formulas.Formula, PlainFormulas.Formula, [Double]) -> Void) {
    for (formula, plain) in zip(Formulas.formulas, PlainFormulas.formulas) {
      XCTAssertEqual(formula.name, plain.name)
      body(formula, plain, formula.point)
      body(formula, plain, formula.point.enumerated().map { k, x in x * [1.07, 0.96, 1.02][k % 3] })
    }
  }

  private func results(_ plain: PlainFormulas.Formula, at x: [Double]) -> [Double] {
    plain.body(x.map { CountedNumber(counted: $0) }).map(\.number)
  }

  func testThereAreFormulasOfManyFields() {
    XCTAssertGreaterThan(Formulas.formulas.count, 100)
    XCTAssertEqual(Set(Formulas.formulas.map(\.name)).count, Formulas.formulas.count)
  }

  func testValuesAreThoseOfPlainNumbers() {
    forEachPoint { formula, plain, x in
      let expected = results(plain, at: x)
      let values = Tape.scope { formula.body(x.map { Value($0) }).map(\.data) }
      XCTAssertEqual(values.count, expected.count, formula.name)
      for (value, number) in zip(values, expected) {
        XCTAssertTrue(number.isFinite, formula.name)
        XCTAssertEqual(value, number, accuracy: 1e-13 * abs(number) + 1e-15, "\(formula.name) at \(x)")
      }
    }
  }

  /// All formulas are one function, so that the compiler is started once.
  func testNativeCodeHasTheNumbersOfRecordings() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("formulas-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let points = Formulas.formulas.flatMap(\.point)
    func all(_ x: [Micrograd.Value]) -> [Micrograd.Value] {
      var start = 0
      return Formulas.formulas.flatMap { formula in
        defer { start += formula.point.count }
        return formula.body(Array(x[start..<start + formula.point.count]))
      }
    }
    try Tape.scope {
      let native = try compile(at: points) { x in all(x) }.native(folder: folder.path)
      let results = try native.results(at: Samples([points]))[0]
      let recorded = all(points.map { Micrograd.Value($0) }).map(\.data)
      for (k, (found, expected)) in zip(results, recorded).enumerated() {
        XCTAssertEqual(found, expected, accuracy: 1e-13 * abs(expected) + 1e-15, "result \(k)")
      }
      let scales = recorded.map { 1 / max(1e-30, abs($0)) }
      let sum = try compile(at: points) { x in dot(scales, all(x)) }.native(folder: folder.path)
      let (_, gradient) = try sum.valueWithGradient(at: points)
      let (_, expected) = valueWithGradient(at: points) { x in dot(scales, all(x)) }
      for (k, (found, slope)) in zip(gradient, expected).enumerated() {
        XCTAssertEqual(found, slope, accuracy: 1e-10 * abs(slope) + 1e-13, "derivative \(k)")
      }
      XCTAssertEqual(sum.interpretedCount + native.interpretedCount, 0)
    }
  }

  func testJacobiansAreThoseOfCentralDifferences() {
    forEachPoint { formula, plain, x in
      let jacobian = jacobian(at: x) { formula.body($0) }
      for (k, number) in x.enumerated() {
        // Steps h and 2 h, of which Richardson's extrapolation is of fourth order.
        let step = 2e-4 * abs(number)
        func difference(_ h: Double) -> [Double] {
          var (above, below) = (x, x)
          above[k] += h
          below[k] -= h
          return zip(results(plain, at: above), results(plain, at: below)).map { ($0 - $1) / (above[k] - below[k]) }
        }
        for (row, (near, far)) in zip(difference(step), difference(2 * step)).enumerated() {
          let slope = near + (near - far) / 3
          // Differences lose digits where the value is large beside its change.
          let noise = 1e-12 * abs(results(plain, at: x)[row]) / step
          XCTAssertEqual(
            jacobian[row][k], slope, accuracy: 1e-7 * abs(slope) + noise, "\(formula.name) by argument \(k) at \(x)")
        }
      }
    }
  }

  func testEveryOperationIsOneNodeAndLiteralsMakeNone() {
    forEachPoint { formula, plain, x in
      CountedNumber.operationCount = 0
      _ = results(plain, at: x)
      let nodes = Tape.scope {
        let arguments = x.map { Value($0) }
        let before = Tape.current.nodeCount
        _ = formula.body(arguments)
        return Tape.current.nodeCount - before
      }
      XCTAssertEqual(nodes, CountedNumber.operationCount, formula.name)
    }
  }

  func testPlainNumbersStayPlain() {
    let before = Tape.current.nodeCount
    let numbers = Formulas.plainNumbers(1.5)
    XCTAssertEqual(numbers[0], -1.25)
    // √2 + 1 / √2 + e + log 2, by mpmath.
    XCTAssertEqual(numbers[1], 5.532749352578633, accuracy: 1e-15)
    XCTAssertEqual(numbers[2], -1)
    XCTAssertEqual(Formulas.gradientOfPolynomial, [6, 11, 2])
    XCTAssertEqual(Tape.current.nodeCount, before)
  }
}
