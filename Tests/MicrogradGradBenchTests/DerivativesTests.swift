import Foundation
import Micrograd
import XCTest

@testable import MicrogradGradBenchModules

/// The gradient of each module's function beside central differences of the same function on Doubles.
final class DerivativesTests: XCTestCase {
  private func assertGradient(
    at x: [Double], _ gradient: [Double], of f: ([Double]) -> Double, accuracy: Double = 1e-7, line: UInt = #line
  ) {
    XCTAssertEqual(gradient.count, x.count, line: line)
    for k in x.indices {
      let step = 1e-5 * max(1, abs(x[k]))
      var (above, below) = (x, x)
      above[k] += step
      below[k] -= step
      let slope = (f(above) - f(below)) / (above[k] - below[k])
      XCTAssertEqual(gradient[k], slope, accuracy: accuracy * max(1, abs(slope)), "by number \(k)", line: line)
    }
  }

  /// Numbers between 0.2 and 0.9 that are in no order.
  private func generic(_ count: Int) -> [Double] {
    (0..<count).map { (k: Int) -> Double in
      let place = k * 29 % 17
      return 0.2 + 0.7 * Double(place) / 17
    }
  }

  func testHello() {
    for x in [-1.5, 0, 0.3, 8] { assertGradient(at: [x], [gradient(at: x) { square($0) }]) { square($0[0]) } }
  }

  func testLeastSquares() {
    for count in [2, 3, 8, 31] {
      let x = generic(5)
      assertGradient(at: x, gradient(at: x) { leastSquares($0, count: count) }) { x in
        number(at: x) { leastSquares($0, count: count) }
      }
    }
  }

  func testLogSumExp() {
    for x in [[0.3], [1, 1, 1], [-7, -8.5], [3, -40, 2.5], generic(50)] {
      assertGradient(at: x, gradient(at: x) { primitiveLogSumExp($0) }) { x in number(at: x) { primitiveLogSumExp($0) }
      }
    }
  }

  func testLogSumExpOfLargeNumbersDoesNotOverflow() {
    let (value, gradient) = valueWithGradient(at: [1000, 1000]) { primitiveLogSumExp($0) }
    XCTAssertEqual(value, 1000.6931471805599, accuracy: 1e-12)
    XCTAssertEqual(gradient, [0.5, 0.5])
  }

  func testDeterminant() {
    for size in 1...6 {
      let a = generic(size * size)
      assertGradient(at: a, gradient(at: a) { determinant($0, size: size) }) { determinant($0, size: size) }
    }
  }

  func testDeterminantsThatAreKnown() {
    XCTAssertEqual(determinant([3.0], size: 1), 3)
    XCTAssertEqual(determinant([1.0, 2, 3, 4], size: 2), -2)
    XCTAssertEqual(determinant([2.0, 0, 1, 1, 3, 2, 0, 1, 4], size: 3), 21)
    XCTAssertEqual(determinant([0.0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0], size: 4), -1)
  }

  func testRungeKutta() {
    for (n, s) in [(1, 1), (3, 1), (4, 2), (9, 3), (12, 20)] {
      let input = RungeKuttaInput(x: generic(n), s: s)
      assertGradient(at: generic(n), input.measured().gradient) { rungeKutta($0, steps: s)[n - 1] }
    }
  }

  func testRungeKuttaIsExactForPolynomialsOfDegreeFour() {
    let x = [0.5, 3, 0.25, 2]
    let exact = [1, 3, 0.5, 0.5]
    for (y, e) in zip(rungeKutta(x, steps: 1), exact) { XCTAssertEqual(y, e, accuracy: 1e-15) }
  }

  // MARK: - The mixture

  private func mixture(d: Int, k: Int, n: Int, m: Int, gamma: Double) -> GaussianMixtureInput {
    func rows(_ count: Int, _ length: Int, _ seed: Double) -> [[Double]] {
      (0..<count).map { i in (i * length..<(i + 1) * length).map { sin(seed + 7.3 * Double($0)) } }
    }
    return GaussianMixtureInput(
      d: d, k: k, n: n, x: rows(n, d, 1), m: m, gamma: gamma, alpha: rows(1, k, 2)[0], mu: rows(k, d, 3),
      q: rows(k, d, 4), l: rows(k, d * (d - 1) / 2, 5))
  }

  func testGaussianMixture() {
    for (d, k, n) in [(1, 1, 1), (1, 3, 5), (2, 1, 4), (3, 4, 6), (5, 2, 3)] {
      let input = mixture(d: d, k: k, n: n, m: d, gamma: 0.7)
      assertGradient(at: input.parameters, input.measured().gradient) { input.objective(at: $0) }
    }
  }

  func testEveryElementOfTheMixtureHasItsPlaceInTheOutput() {
    let input = mixture(d: 4, k: 3, n: 5, m: 1, gamma: 1.3)
    let jacobian = input.jacobian()
    func moved(_ change: (inout [[Double]]) -> Void) -> GaussianMixtureInput {
      var l = input.l
      change(&l)
      return GaussianMixtureInput(
        d: 4, k: 3, n: 5, x: input.x, m: 1, gamma: 1.3, alpha: input.alpha, mu: input.mu, q: input.q, l: l)
    }
    for (k, place) in [(0, 0), (1, 2), (1, 3), (2, 4), (2, 5)] {
      let above = moved { $0[k][place] += 1e-5 }.objective(), below = moved { $0[k][place] -= 1e-5 }.objective()
      XCTAssertEqual(jacobian.l[k][place], (above - below) / 2e-5, accuracy: 1e-6)
    }
  }

  /// Q and μ as the formula has them: the mean of one Gaussian is where its likelihood has its largest value.
  func testAtTheMeanOfOneGaussianItsMeanHasNoSlope() {
    let x = [[0.5, 2.0], [1.5, -1.0]]
    let input = GaussianMixtureInput(
      d: 2, k: 1, n: 2, x: x, m: 0, gamma: 1, alpha: [0.4], mu: [[1, 0.5]], q: [[0.3, -0.2]], l: [[0.8]])
    for slope in input.jacobian().mu[0] { XCTAssertEqual(slope, 0, accuracy: 1e-14) }
    XCTAssertEqual(input.jacobian().alpha[0], 0, accuracy: 1e-14)
  }

  // MARK: - The evals of ADBench

  private let camera = [0.3, -0.2, 0.5, 1.5, -0.8, -6, 52, 2, -1, -0.05, 0.004]

  /// Both sides of the branch: a camera that is turned, and one that is not.
  func testBundleAdjustment() throws {
    for rotation in [[0.3, -0.2, 0.5], [0, 0, 0]] {
      let camera: [Double] = rotation + self.camera[3...], point = [0.4, -0.3, 2.1]
      let problem = BundleAdjustment(
        cameras: [camera, self.camera], points: [point], weights: [0.8, 0.7, 0.6],
        features: [[35, -20], [1, 2], [3, 4]])
      let jacobian = try problem.compiled()()
      XCTAssertEqual(jacobian.rows, [0, 15, 30, 45, 60, 75, 90, 91, 92, 93])
      XCTAssertEqual(Array(jacobian.columns[60..<75]), Array(0..<11) + [22, 23, 24, 27])
      XCTAssertEqual(Array(jacobian.columns[90...]), [25, 26, 27])
      XCTAssertEqual(Array(jacobian.entries[90...]), [-1.6, -1.4, -1.2])
      // Without a rotation, the function has another formula on either side.
      let columns = rotation[0] == 0 ? 3..<15 : 0..<15
      for row in 0..<2 {
        let all: [Double] = camera + point + [0.8]
        let x = Array(all[columns])
        assertGradient(at: x, Array(jacobian.entries[15 * row..<15 * (row + 1)][columns.shifted(by: 15 * row)])) { x in
          let x: [Double] = all[..<columns.lowerBound] + x
          return reprojectionError(Array(x[..<11]), Array(x[11..<14]), x[14], [35, -20])[row]
        }
      }
    }
  }

  /// Rotation by a quarter turn about the third axis.
  func testRotation() {
    let vector = [0, 0, Double.pi / 2]
    let turned = Rotation(about: vector, squaredAngle: squaredLength(vector))([1, 2, 3])
    for (x, e) in zip(turned, [-2.0, 1, 3]) { XCTAssertEqual(x, e, accuracy: 1e-15) }
  }

  func testWithoutARotationAPointIsTurnedByTheDerivativeOfOne() {
    func constants(_ numbers: [Double]) -> [Dual<Double>] { numbers.map { Dual(constant: $0) } }
    let (place, point) = (constants([0, 0, 0, 1, 0, 0, 0, 0]), constants([1, 2, 3]))
    let turned = jacobian(at: [0, 0, 0]) { (x: [Dual<Double>]) in projection(of: point, camera: x + place) }
    // (1, 2, 3) + r × (1, 2, 3) is (1 + 3 r₁ - 2 r₂, 2 + r₂ - 3 r₀, 3 + 2 r₀ - r₁).
    let expected: [[Double]] = [[-2 / 9.0, 10 / 9.0, -2 / 3.0], [-13 / 9.0, 2 / 9.0, 1 / 3.0]]
    for (row, e) in zip(turned, expected) {
      for (x, e) in zip(row, e) { XCTAssertEqual(x, e, accuracy: 1e-15) }
    }
  }

  func testHandTrackingWithAndWithoutTriangles() throws {
    for (message, _) in try Recording("ht").exchanges {
      guard try object(message)["function"] as? String == "jacobian" else { continue }
      struct Message: Decodable { let input: HandInput }
      let input = try JSONDecoder().decode(Message.self, from: message).input
      let (tracking, x) = (input.tracking, input.parameters)
      let jacobian = try tracking.compiledJacobian(at: x)()
      XCTAssertEqual(jacobian.count, 3 * tracking.points.count)
      let own = input.us.isEmpty ? 0 : 2
      for (i, row) in jacobian.enumerated() where i % 4 == 0 {
        XCTAssertEqual(row.count, 26 + own)
        let places = Array(i / 3 * own..<i / 3 * own + own) + (x.count - 26..<x.count)
        assertGradient(at: places.map { x[$0] }, row) { moved in
          var x = x
          for (place, number) in zip(places, moved) { x[place] = number }
          return tracking.errors(x)[i]
        }
      }
    }
  }

  func testMemory() throws {
    let memory = Memory(
      layers: 2, bits: 3, state: (0..<4).map { k in generic(4 + k).suffix(3) },
      sequence: [[1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1]])
    let x = generic(memory.parameterCount)
    assertGradient(at: x, gradient(at: x) { memory.loss($0) }, of: { memory.loss($0) })
  }

  func testClusters() throws {
    let points = (0..<30).map { (k: Int) -> [Double] in [Double.sin(7.3 * Double(k)), Double.sin(1 + 3.1 * Double(k))] }
    let clusters = Clusters(points: points, centroids: [[0.5, 0.5], [-0.4, 0.3], [0.1, -0.6]])
    // The minimum of the cost of each cluster is at the mean of its points, one step of Newton's method away.
    let step = try clusters.compiledStep()()
    for (k, centroid) in clusters.centroids.enumerated() {
      let own = points.filter { (point: [Double]) -> Bool in
        let distances = clusters.centroids.map { squaredDistance(of: point, toNearestOf: $0) }
        return distances[k] == distances.min()
      }
      for j in 0..<2 {
        let mean = Double.sum(own.map { $0[j] }) / Double(own.count)
        XCTAssertEqual(centroid[j] - step[k][j], mean, accuracy: 1e-14)
      }
    }
  }
}

extension Range<Int> {
  fileprivate func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
