import Foundation
import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// Formulas as textbooks print them, on one line inside of a call and in SI units. The type checker has to solve each within
/// its limit, whichever of several overloads it tries first.
final class TextbookFormulasTests: XCTestCase {
  // Exact constants of the SI.
  private let h = 6.62607015e-34
  private let c = 299_792_458.0
  private let k = 1.380649e-23

  func testPlancksLawIntegratesToStefanBoltzmann() throws {
    let (h, c, k) = (h, c, k)
    let t = Value(5772.0)
    let power = try integral(
      of: { l in 2 * Double.pi * h * c * c / l ** 5 / (exp(h * c / (l * k * t)) - 1) }, from: 0, to: .infinity)
    power.backward()
    let sigma = 2 * pow(Double.pi, 5) * pow(k, 4) / (15 * pow(h, 3) * c * c)
    XCTAssertEqual(power.data / (sigma * pow(5772, 4)), 1, accuracy: 1e-10)
    XCTAssertEqual(t.grad / (4 * sigma * pow(5772, 3)), 1, accuracy: 1e-9)
  }

  func testWiensDisplacementIsARootOfTheSlope() throws {
    let (h, c, k) = (h, c, k)
    let t = Value(5772.0)
    let inside = try root(
      of: { l in h * c / (l * k * t) / (1 - exp(-h * c / (l * k * t))) - 5 + 0 * 2 * Double.pi * h * c * c / l ** 5 },
      in: 1e-7...1e-5)
    let near = try root(of: { l in h * c / (l * k * t) / (1 - exp(-h * c / (l * k * t))) - 5 }, from: 4e-7)
    // CODATA's constant of Wien's law, to its ten digits.
    for peak in [inside, near] { XCTAssertEqual(peak.data * 5772, 2.897771955e-3, accuracy: 1e-12) }
    inside.backward()
    XCTAssertEqual(t.grad, -inside.data / 5772, accuracy: 1e-18)
  }

  func testASpectrumFittedByNameHasBandsAndProfiles() throws {
    let (h, c, k) = (h, c, k)
    let x = stride(from: 3e-7, through: 2e-6, by: 1e-7).map { $0 }
    let y = x.enumerated().map { i, l in
      1e-9 * 2 * h * c * c / pow(l, 5) / (exp(h * c / (l * k * 5000)) - 1) * (1 + 0.01 * sin(Double(7 * i)))
    }
    func radiance(_ p: NamedValues, _ l: Double) -> Value {
      p["scale"] * 2 * h * c * c / pow(l, 5) / (exp(h * c / (l * k * p["temperature"])) - 1)
    }
    let fit = try fitCurve(x: x, y: y, from: ["scale": 2e-9, "temperature": 4000], model: radiance)
    XCTAssertTrue(fit.isConverged)
    XCTAssertEqual(fit["temperature"], 5000, accuracy: 20)
    let q = 2 * h * c * c / pow(5e-7, 5)
    let named = try fit.band(at: [5e-7]) { p, l in p["scale"] * q / (exp(h * c / (l * k * p["temperature"])) - 1) }
    let numbered = try fit.band(at: [5e-7]) { p, l in p[0] * q / (exp(h * c / (l * k * p[1])) - 1) }
    XCTAssertEqual(named, numbered)
    let profile = try fit.profileIntervals(x: x, y: y, of: ["temperature"], model: radiance)
    let linear = try fit.confidenceIntervals(level: 0.95)[1]
    guard case .at(let low) = profile[0].lower, case .at(let high) = profile[0].upper else { return XCTFail() }
    XCTAssertEqual(low, linear.lowerBound, accuracy: 0.05 * (high - low))
    XCTAssertEqual(high, linear.upperBound, accuracy: 0.05 * (high - low))
  }
}
