import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// A root does not depend on the units of the unknowns or of the equations.
final class RootScalesTests: XCTestCase {
  private static let powers = [-300, -100, -40, -9, 0, 12, 40, 100, 300]

  func testUnitsOfAnUnknownHaveNoEffect() throws {
    for power in Self.powers {
      let unit = Double(sign: .plus, exponent: power, significand: 1)
      let p = Value(3)
      let x = try root(of: { x in (x / unit) ** 3 + x / unit - p }, from: unit)
      x.backward()
      XCTAssertEqual(x.data / unit, 1.2134116627622296, accuracy: 3e-16, "2^\(power)")
      XCTAssertEqual(
        p.grad / unit, 1 / (3 * 1.2134116627622296 * 1.2134116627622296 + 1), accuracy: 1e-16, "2^\(power)")
    }
  }

  func testUnitsOfEquationsHaveNoEffect() throws {
    for power in Self.powers {
      let pascal = Double(sign: .plus, exponent: power, significand: 1)
      let x = try root(
        of: { x in [pascal * (x[0] * x[1] - 2), x[0] - x[1] / 1e9 * 1e9 - 1] }, from: [1, 3])
      XCTAssertEqual(x.map(\.data), [2, 1], accuracy: 1e-14, "2^\(power)")
    }
  }

  func testUnknownsOfVeryDifferentSizesAreFoundTogether() throws {
    // A length of nanometres and a frequency of terahertz.
    let x = try root(
      of: { x in [x[0] * x[1] - 2e3, x[1] * 1e-12 - x[0].squared() * 1e18] }, from: [1e-9, 1e12])
    let length = Double.root(2, 3) * 1e-9
    XCTAssertEqual(x[0].data / length, 1, accuracy: 1e-14)
    XCTAssertEqual(x[1].data / (2e3 / length), 1, accuracy: 1e-14)
  }

  func testARootAtZeroIsFound() throws {
    for unit in [1e-9, 1, 1e12] {
      XCTAssertEqual(try root(of: { x in sin(x / unit) }, from: unit).data, 0)
      XCTAssertEqual(try root(of: { x in exp(x / unit) - 1 }, from: unit).data / unit, 0, accuracy: 1e-16)
      let x = try root(of: { x in [x[0] * 0.1 + x[1] / unit * 0.2 - 0.1, x[0] - x[1] / unit - 1] }, from: [3, unit])
      XCTAssertEqual(x[0].data, 1, accuracy: 1e-15)
      XCTAssertEqual(x[1].data / unit, 0, accuracy: 1e-15)
    }
  }

  func testMinimaDoNotDependOnUnits() throws {
    for (length, energy) in [(1.0, 1.0), (1e-10, 1e-19), (1e9, 1e30)] {
      // Lennard-Jones: the minimum is at 2^(1/6) σ.
      let sigma = Value(3 * length)
      let r = try minimum(
        of: { r in 4 * energy * ((sigma / r) ** 12 - (sigma / r) ** 6) }, from: 3.2 * length)
      r.backward()
      XCTAssertEqual(r.data / length, 3 * Double.root(2, 6), accuracy: 3e-15)
      XCTAssertEqual(sigma.grad, Double.root(2, 6), accuracy: 1e-14)
    }
  }
}
