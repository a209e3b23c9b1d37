import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class ProfileIntervalTests: XCTestCase {
  private func fit(_ set: IntervalsFixture.Profile) throws -> FitResult {
    try fitCurve(
      x: set.x, y: set.y, from: set.start, weighting: set.deviations.map { .standardDeviations($0) } ?? .equal,
      model: fixtureModel(set.model))
  }

  func testIntervalsAreThoseOfTheirDefinition() throws {
    XCTAssertEqual(Fixture.intervals.profiles.count, 5)
    for set in Fixture.intervals.profiles {
      let found = try fit(set).profileIntervals(x: set.x, y: set.y, level: set.level, model: fixtureModel(set.model))
      XCTAssertEqual(found.count, set.ends.count)
      for (interval, ends) in zip(found, set.ends) {
        let width = ends[1] - ends[0]
        XCTAssertEqual(interval.range.lowerBound, ends[0], accuracy: 1e-7 * width, "\(set.model) \(interval)")
        XCTAssertEqual(interval.range.upperBound, ends[1], accuracy: 1e-7 * width, "\(set.model) \(interval)")
      }
    }
  }

  func testIntervalsOfPuromycinAreThoseThatRPublishes() throws {
    // confint() of R for Puromycin, treated, by interpolation of the profile: 197.3, 229.3 and 0.0469, 0.0862.
    let set = Fixture.intervals.profiles[0]
    let found = try fit(set).profileIntervals(x: set.x, y: set.y, model: fixtureModel(set.model))
    XCTAssertEqual(found.map { [$0.range.lowerBound, $0.range.upperBound] }[0], [197.3, 229.3], accuracy: 0.05)
    XCTAssertEqual(found.map { [$0.range.lowerBound, $0.range.upperBound] }[1], [0.0469, 0.0862], accuracy: 5e-5)
    XCTAssertEqual(found.map(\.description), ["p[0]: 212.7, 197.3 … 229.3", "p[1]: 0.064, 0.047 … 0.086"])
  }

  func testALinearModelHasTheIntervalsOfItsStandardErrors() throws {
    let set = Fixture.intervals.statistics[4]
    for weighting in [Weighting.equal, .weights([1, 2, 0, 3]), .standardDeviations([0.1, 0.2, 0.1, 0.3])] {
      let fit = try fitCurve(x: set.x, y: set.y, from: [0, 0], weighting: weighting, model: fixtureModel("line"))
      for level in [0.5, 0.95, 0.999] {
        let profiles = try fit.profileIntervals(x: set.x, y: set.y, level: level, model: fixtureModel("line"))
        for (profile, linear) in zip(profiles, try fit.confidenceIntervals(level: level)) {
          let width = linear.upperBound - linear.lowerBound
          XCTAssertEqual(profile.range.lowerBound, linear.lowerBound, accuracy: 1e-9 * width)
          XCTAssertEqual(profile.range.upperBound, linear.upperBound, accuracy: 1e-9 * width)
        }
      }
    }
  }

  func testAnIntervalDoesNotDependOnHowTheParameterIsDefined() throws {
    let set = Fixture.intervals.profiles[0]
    let plain = try fit(set).profileIntervals(x: set.x, y: set.y, model: fixtureModel(set.model))
    func logarithmic(_ p: [Value], _ x: Double) -> Value { exp(p[0]) * x / (exp(p[1]) + x) }
    let fit = try fitCurve(x: set.x, y: set.y, from: [5, -2], model: logarithmic)
    for (a, b) in zip(plain, try fit.profileIntervals(x: set.x, y: set.y, model: logarithmic)) {
      XCTAssertEqual(log(a.range.lowerBound), b.range.lowerBound, accuracy: 1e-8)
      XCTAssertEqual(log(a.range.upperBound), b.range.upperBound, accuracy: 1e-8)
    }
  }

  func testParametersAreWantedByName() throws {
    let set = Fixture.intervals.profiles[0]
    func rate(_ p: NamedValues, _ x: Double) -> Value { p["fastest"] * x / (p["half"] + x) }
    let fit = try fitCurve(x: set.x, y: set.y, from: ["fastest": 200, "half": 0.1], model: rate)
    let found = try fit.profileIntervals(x: set.x, y: set.y, of: ["half"], model: rate)
    XCTAssertEqual(found.map(\.name), ["half"])
    XCTAssertEqual(found[0].range.upperBound, set.ends[1][1], accuracy: 1e-8)
    XCTAssertThrowsError(try fit.profileIntervals(x: set.x, y: set.y, of: ["speed"], model: rate)) {
      XCTAssertEqual($0 as? OptimizationError, .unknownName("speed", known: ["fastest", "half"]))
    }
  }

  func testAnEndAtABoundIsSaid() throws {
    let set = Fixture.intervals.profiles[0]
    let fit = try fitCurve(
      x: set.x, y: set.y, from: set.start, bounds: [0...220, 0...1], model: fixtureModel(set.model))
    let found = try fit.profileIntervals(x: set.x, y: set.y, model: fixtureModel(set.model))
    XCTAssertEqual(found[0].upper, .bound(220))
    XCTAssertEqual(found[0].range.lowerBound, set.ends[0][0], accuracy: 1e-6)
    XCTAssertEqual(found[0].description, "p[0]: 212.7, 197.3 … 220.0 (its bound)")
  }

  func testAParameterThatABoundHoldsHasItsOtherEnd() throws {
    let set = Fixture.intervals.profiles[0]
    let fit = try fitCurve(
      x: set.x, y: set.y, from: [220, 0.1], bounds: [215...500, 0...1], model: fixtureModel(set.model))
    XCTAssertEqual(fit.heldByBounds, [0])
    let found = try fit.profileIntervals(x: set.x, y: set.y, of: ["p[0]"], model: fixtureModel(set.model))[0]
    XCTAssertEqual(found.lower, .bound(215))
    XCTAssertGreaterThan(found.range.upperBound, 220)
    XCTAssertLessThan(found.range.upperBound, 240)
  }

  func testAnOpenEndIsSaid() throws {
    // Beyond some rate the curve is flat at all points but the first, so faster rates fit as well.
    let x = [0.0, 1, 2, 3, 4, 5], y = [5, 1.02, 0.97, 1.01, 1.03, 0.98]
    func decay(_ p: [Value], _ x: Double) -> Value { p[0] * exp(-p[1] * x) + p[2] }
    let fit = try fitCurve(x: x, y: y, from: [4, 3, 1], model: decay)
    let found = try fit.profileIntervals(x: x, y: y, of: ["p[1]"], model: decay)[0]
    XCTAssertEqual(found.upper, .open, "\(found)")
    XCTAssertEqual(found.range.upperBound, .infinity)
    XCTAssertTrue(found.description.hasSuffix("… ∞"), found.description)
    guard case .at = found.lower else { return XCTFail("\(found)") }
  }

  func testResidualsOfLeastSquaresHaveProfilesToo() throws {
    let set = Fixture.intervals.profiles[0], model = fixtureModel(set.model)
    func residuals(_ p: [Value]) -> [Value] { zip(set.x, set.y).map { $1 - model(p, $0) } }
    let found = try leastSquares(residuals, from: set.start).profileIntervals(residuals: residuals)
    for (interval, ends) in zip(found, set.ends) {
      XCTAssertEqual(interval.range.lowerBound, ends[0], accuracy: 1e-7 * ends[0])
      XCTAssertEqual(interval.range.upperBound, ends[1], accuracy: 1e-7 * ends[1])
    }
  }

  func testOneParameterNeedsNoOtherFit() throws {
    let fit = try fitCurve(x: [1, 2, 3], y: [2.1, 3.9, 6.2], from: [1]) { p, x in p[0] * x }
    let found = try fit.profileIntervals(x: [1, 2, 3], y: [2.1, 3.9, 6.2]) { p, x in p[0] * x }[0]
    let linear = try fit.confidenceIntervals()[0]
    XCTAssertEqual(found.range.upperBound, linear.upperBound, accuracy: 1e-10)
  }

  func testOtherDataAreRefused() throws {
    let set = Fixture.intervals.profiles[0], fit = try fit(set)
    let other = set.y.map { $0 + 5 }
    for (x, y) in [(set.x, other), (Array(set.x.dropLast()), Array(set.y.dropLast()))] {
      XCTAssertThrowsError(try fit.profileIntervals(x: x, y: y, model: fixtureModel(set.model))) {
        XCTAssertEqual($0 as? OptimizationError, .otherData)
      }
    }
    XCTAssertThrowsError(try fit.profileIntervals(x: set.x, y: other.dropLast(), model: fixtureModel(set.model))) {
      XCTAssertEqual($0 as? OptimizationError, .dataCounts(x: 12, y: 11))
    }
  }

  func testALowerMinimumIsReported() throws {
    // (p² - 1)² + 0.1 (p - 1)² + …: from the left, the fit ends in the higher of two valleys.
    func residuals(_ p: [Value]) -> [Value] { [4 * (p[0] * p[0] - 1), p[0] - 1, 0.1 * p[0] + 3] }
    let fit = try leastSquares(residuals, from: [-1.5])
    XCTAssertLessThan(fit.parameters[0], 0)
    XCTAssertThrowsError(try fit.profileIntervals(residuals: residuals, level: 0.9999)) {
      guard case .lowerMinimum(let parameters)? = $0 as? OptimizationError else { return XCTFail("\($0)") }
      XCTAssertGreaterThan(parameters[0], 0)
    }
  }

  func testARobustFitHasNoProfile() throws {
    let set = Fixture.intervals.profiles[0], model = fixtureModel(set.model)
    let fit = try fitCurve(x: set.x, y: set.y, from: set.start, loss: .huber(scale: 10), model: model)
    XCTAssertThrowsError(try fit.profileIntervals(x: set.x, y: set.y, model: model)) {
      XCTAssertEqual($0 as? OptimizationError, .robustProfile)
    }
  }
}
