import Formulas
import Micrograd
import XCTest

/// The formulas that are written over any number: what they give on Double, on Value, and as derivatives.
final class GenericFormulaTests: XCTestCase {
  func testDoublesAndValuesGiveTheSameNumbers() {
    for formula in genericFormulas {
      let plain = formula.plain(formula.point)
      let value = Tape.scope { formula.recorded(formula.point.map { Value($0) }).data }
      XCTAssertEqual(value, plain, accuracy: 1e-14 * abs(plain), formula.name)
    }
  }

  func testGradientsAreThoseOfCentralDifferencesOfDoubles() {
    for formula in genericFormulas {
      let slopes = gradient(at: formula.point) { formula.recorded($0) }
      for (k, number) in formula.point.enumerated() {
        let step = 2e-4 * abs(number)
        func difference(_ h: Double) -> Double {
          var (above, below) = (formula.point, formula.point)
          above[k] += h
          below[k] -= h
          return (formula.plain(above) - formula.plain(below)) / (above[k] - below[k])
        }
        let slope = difference(step) + (difference(step) - difference(2 * step)) / 3
        let noise = 1e-11 * abs(formula.plain(formula.point)) / step
        XCTAssertEqual(slopes[k], slope, accuracy: 1e-7 * abs(slope) + noise, "\(formula.name) by argument \(k)")
      }
    }
  }
}
