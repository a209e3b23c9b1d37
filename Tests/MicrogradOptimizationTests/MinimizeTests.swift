import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class MinimizeTests: XCTestCase {
  private func assertMinimum(
    of f: ([Value]) -> Value, from start: [Double], at expected: [Double], accuracy: Double = 1e-8,
    methods: [MinimizationMethod] = MinimizationMethod.allCases, line: UInt = #line
  ) throws {
    for method in methods {
      let minimum = try minimize(f, from: start, method: method)
      XCTAssertTrue(minimum.isConverged, "\(method): \(minimum.reason)", line: line)
      for (found, expected) in zip(minimum.position, expected) {
        XCTAssertEqual(found, expected, accuracy: accuracy, "\(method)", line: line)
      }
    }
  }

  func testRosenbrocksValleyIsFollowedToItsEnd() throws {
    try assertMinimum(of: Valleys.rosenbrock, from: [-1.2, 1], at: [1, 1])
  }

  func testRosenbrocksValleyInTwentyDimensions() throws {
    let ones = [Double](repeating: 1, count: 20)
    try assertMinimum(of: Valleys.rosenbrock, from: [Double](repeating: 0, count: 20), at: ones)
    try assertMinimum(
      of: Valleys.rosenbrock, from: (0..<20).map { $0 % 2 == 0 ? -1.2 : 1 }, at: ones, methods: [.lbfgs])
  }

  func testPowellsSingularFunctionIsAsFlatAsItsGradientIsSmall() throws {
    try assertMinimum(of: Valleys.powell, from: [3, -1, 0, 1], at: [0, 0, 0, 0], accuracy: 1e-3)
    // The tolerance counts in the value's size at the start, 215, over the parameter's, 3: a derivative of 1e-14.
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(
        Valleys.powell, from: [3, -1, 0, 1], method: method, options: MinimizationOptions(gradientTolerance: 1e-16))
      for x in minimum.position { XCTAssertEqual(x, 0, accuracy: 2e-5, "\(method)") }
    }
  }

  func testBealesFunctionFromBothSides() throws {
    try assertMinimum(of: Valleys.beale, from: [1, 1], at: [3, 0.5])
    try assertMinimum(of: Valleys.beale, from: [-3, -3], at: [3, 0.5])
  }

  func testHimmelblausFourMinimaByStart() throws {
    for expected in Fixture.fits.himmelblau {
      // From between the origin and each minimum.
      let start = expected.minimum.map { $0 > 0 ? 1.0 : -1.0 }
      try assertMinimum(of: Valleys.himmelblau, from: start, at: expected.minimum)
    }
  }

  func testNegativeCurvatureStillDescends() throws {
    // Beside the saddle of x² - y² + y⁴ at the origin.
    func saddle(_ x: [Value]) -> Value { x[0].squared() - x[1].squared() + x[1].squared().squared() }
    try assertMinimum(of: saddle, from: [1, 1e-3], at: [0, 0.5.squareRoot()])
    // At the top of cos, but for a little.
    try assertMinimum(of: { x in Value.cos(x[0]) }, from: [1e-4], at: [Double.pi], methods: [.newtonCG, .trustRegion])
  }

  func testAQuadraticTakesNewtonOneStepAndTheOthersFew() throws {
    func bowl(_ x: [Value]) -> Value { (0..<6).map { Double($0 + 1) * (x[$0] - Double($0)).squared() }.sum() }
    let start = [Double](repeating: 0, count: 6)
    let most: [(MinimizationMethod, Int)] = [(.newtonCG, 1), (.trustRegion, 5), (.lbfgs, 13)]
    for (method, iterations) in most {
      let minimum = try minimize(bowl, from: start, method: method)
      XCTAssertLessThanOrEqual(minimum.iterations, iterations, "\(method)")
      for k in 0..<6 { XCTAssertEqual(minimum.position[k], Double(k), accuracy: 1e-8, "\(method)") }
    }
  }

  func testStepsIntoWhatIsNotFiniteAreShortened() throws {
    // log(1 - x) is NaN beyond 1.
    try assertMinimum(of: { x in -log(1 - x[0]) - 3 * x[0] }, from: [-20], at: [2.0 / 3])
    try assertMinimum(of: { x in x[0] - log(x[0]) }, from: [50], at: [1])
    // Infinite beyond 0.1, too far for the first step.
    try assertMinimum(of: { x in x[0].data > 0.1 ? x[0] * .infinity : (x[0] - 0.05).squared() }, from: [-9], at: [0.05])
  }

  func testALargeOffsetDoesNotHideTheMinimum() throws {
    try assertMinimum(of: { x in 1e6 + 1e4 * (x[0] - 3).squared() + (x[1] + 2).squared() }, from: [0, 1], at: [3, -2])
  }

  func testAKinkIsReportedAsNotDifferentiable() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize({ x in x[0].data < 0 ? -x[0] : 1 * x[0] }, from: [0.7], method: method)
      XCTAssertEqual(minimum.reason, .notDifferentiable, "\(method)")
      XCTAssertFalse(minimum.isConverged)
      XCTAssertEqual(minimum.position[0], 0, accuracy: 1e-3)
    }
  }

  func testAFunctionWithoutAMinimumEndsWithoutOne() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize({ x in x[0] + x[1] }, from: [1, 2], method: method)
      XCTAssertEqual(minimum.reason, .unbounded, "\(method)")
      XCTAssertFalse(minimum.isConverged, "\(method)")
      XCTAssertTrue(minimum.value.isFinite, "\(method)")
      XCTAssertLessThan(minimum.value, -1e20, "\(method)")
    }
  }

  func testAStartAtTheMinimumNeedsNoIteration() throws {
    let minimum = try minimize(Valleys.rosenbrock, from: [1, 1])
    XCTAssertEqual(minimum.iterations, 0)
    XCTAssertEqual(minimum.reason, .gradientTolerance)
    XCTAssertEqual(minimum.evaluations.derivatives, 1)
  }

  func testAFunctionThatIsConstantIsAtItsMinimum() throws {
    XCTAssertTrue(try minimize({ _ in Value.constant(3) }, from: [1]).isConverged)
  }

  func testNothingStaysOnTheTapeAndOuterGradientsAreUntouched() throws {
    let tape = Tape()
    try tape.use {
      let outer = Value(2)
      let count = tape.nodeCount
      for method in MinimizationMethod.allCases {
        _ = try minimize({ x in (x[0] * outer - 6).squared() }, from: [0], method: method)
      }
      XCTAssertEqual(tape.nodeCount, count)
      XCTAssertEqual(outer.grad, 0)
    }
  }
}
