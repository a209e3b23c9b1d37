import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

final class BoundsTests: XCTestCase {
  private let free = -Double.infinity ... .infinity

  func testRosenbrocksFunctionLeftOfOneHalfEndsAtTheBound() throws {
    // On x = 1/2 the minimum over y is x², where the derivatives are -2 (1 - x) = -1 and 0.
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(
        Valleys.rosenbrock, from: [-1.2, 1], method: method, bounds: [-.infinity...0.5, free])
      XCTAssertTrue(minimum.isConverged, "\(method)")
      XCTAssertEqual(minimum.position[0], 0.5, "\(method)")
      XCTAssertEqual(minimum.position[1], 0.25, accuracy: 1e-9, "\(method)")
      XCTAssertEqual(minimum.value, 0.25, accuracy: 1e-15, "\(method)")
      XCTAssertEqual(minimum.gradient[0], -1, accuracy: 1e-8, "\(method)")
      XCTAssertLessThan(minimum.gradientNorm, 1e-8)
    }
  }

  func testRosenbrocksFunctionAboveTwoEndsAtTheRootOfACubic() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(Valleys.rosenbrock, from: [-1.2, 3], method: method, bounds: [free, 2...4])
      XCTAssertEqual(minimum.position[0], Fixture.fits.rosenbrockAboveTwo, accuracy: 1e-8, "\(method)")
      XCTAssertEqual(minimum.position[1], 2, "\(method)")
    }
  }

  func testBoundsThatDoNotMatterChangeNothing() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(Valleys.beale, from: [1, 1], method: method, bounds: [-4...4, -4...4])
      XCTAssertEqual(minimum.position[0], 3, accuracy: 1e-8, "\(method)")
      XCTAssertEqual(minimum.position[1], 0.5, accuracy: 1e-8, "\(method)")
    }
  }

  func testAMinimumOnTheBoundItselfIsFound() throws {
    // No derivative is left there, which is the hardest case for methods that guess which bounds hold.
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(
        Valleys.rosenbrock, from: [-1.2, 1], method: method, bounds: [-.infinity...1, -.infinity...1])
      XCTAssertTrue(minimum.isConverged, "\(method): \(minimum.reason)")
      XCTAssertEqual(minimum.position[0], 1, accuracy: 1e-7, "\(method)")
      XCTAssertEqual(minimum.position[1], 1, accuracy: 1e-7, "\(method)")
    }
  }

  func testACornerIsReached() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(Valleys.himmelblau, from: [0, 0], method: method, bounds: [-1...1, -2...2])
      XCTAssertEqual(minimum.position, [1, 2], "\(method)")
      XCTAssertEqual(minimum.value, 68, "\(method)")
    }
  }

  func testAStartInAWrongCornerIsLeft() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(Valleys.beale, from: [-4.5, -4.5], method: method, bounds: [-4.5...4.5, -4.5...4.5])
      XCTAssertTrue(minimum.isConverged, "\(method): \(minimum.reason)")
      XCTAssertLessThan(minimum.gradientNorm, 1e-8, "\(method)")
    }
  }

  func testEqualBoundsFixAParameter() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(Valleys.rosenbrock, from: [3, 0], method: method, bounds: [3...3, free])
      XCTAssertEqual(minimum.position[0], 3, "\(method)")
      XCTAssertEqual(minimum.position[1], 9, accuracy: 1e-8, "\(method)")
    }
  }

  func testTheFunctionIsNeverAskedOutside() throws {
    for method in [MinimizationMethod.lbfgs, .trustRegion, .newtonCG] {
      _ = try minimize(
        { x in
          XCTAssertTrue((0...0.8).contains(x[0].data) && (-1...0.2).contains(x[1].data), "\(method)")
          return Valleys.rosenbrock(x)
        }, from: [0.1, -1], method: method, bounds: [0...0.8, -1...0.2])
    }
  }

  /// Convex quadratics made around their minimum x*: (x - x*)ᵀ A (x - x*) / 2 + cᵀ (x - x*), where c has the sign that the
  /// conditions of Karush, Kuhn and Tucker ask for at the bounds on which x* lies, and is 0 elsewhere.
  func testRandomQuadraticsEndWhereTheyWereMadeToEnd() throws {
    for seed in 1...30 {
      let problem = BoundedQuadratic(seed: UInt64(seed), count: 3 + seed % 10)
      for method in MinimizationMethod.allCases {
        let minimum = try minimize(problem.value, from: problem.start, method: method, bounds: problem.bounds)
        XCTAssertTrue(minimum.isConverged, "seed \(seed), \(method): \(minimum.reason)")
        for (found, expected) in zip(minimum.position, problem.minimum) {
          XCTAssertEqual(found, expected, accuracy: 1e-7, "seed \(seed), \(method)")
        }
      }
    }
  }
}

/// A convex quadratic in a box whose minimum is known.
struct BoundedQuadratic {
  let minimum, start: [Double]
  let bounds: [ClosedRange<Double>]
  /// The quadratic is half the sum of squares of these rows times (x - x*).
  let rows: [[Double]]
  private let slope: [Double]

  init(seed: UInt64, count: Int) {
    var state = seed
    /// Uniform between -1 and 1, by Knuth's linear congruential generator.
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 4_503_599_627_370_496 - 1
    }
    minimum = (0..<count).map { _ in 3 * random() }
    rows = (0..<count + 2).map { row in (0..<count).map { (row == $0 ? 1 : 0) + random() } }
    var (bounds, slope, start): ([ClosedRange<Double>], [Double], [Double]) = ([], [], [])
    for x in minimum {
      let kind = random()
      let (below, above) = (x - 1 - abs(random()), x + 1 + abs(random()))
      // One in five on its bound with nothing pushing: the degenerate case.
      let push = random() < -0.6 ? 0 : 1 + random()
      bounds.append((kind < -0.4 ? x : below)...(kind > 0.4 ? x : above))
      slope.append(kind < -0.4 ? push : kind > 0.4 ? -push : 0)
      start.append((bounds[bounds.count - 1].lowerBound + bounds[bounds.count - 1].upperBound) / 2)
    }
    (self.bounds, self.slope, self.start) = (bounds, slope, start)
  }

  func value(_ x: [Value]) -> Value {
    let distance = zip(x, minimum).map { $0 - $1 }
    let squares = rows.map { row in zip(row, distance).map { $0 * $1 }.sum().squared() }
    return squares.sum() / 2 + zip(slope, distance).map { $0 * $1 }.sum()
  }

  /// Residuals whose half sum of squares has the same slope there, and so the same minimum: beside the rows, those of
  /// (x - x* + c)² / 2.
  func residuals(_ x: [Value]) -> [Value] {
    let distance = zip(x, minimum).map { $0 - $1 }
    return rows.map { row in zip(row, distance).map { $0 * $1 }.sum() } + zip(distance, slope).map { $0 + $1 }
  }
}
