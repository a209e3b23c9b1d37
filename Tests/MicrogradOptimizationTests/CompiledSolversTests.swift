import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

/// Residuals and Hessians that solvers compile, against the same ones recorded at every evaluation.
final class CompiledSolversTests: XCTestCase {
  private let times = (0..<60).map { 0.1 + 0.05 * Double($0) }
  private var seen: [Double] {
    times.map { (t: Double) -> Double in
      let noise: Double = 0.02 * Double.sin(77 * t * t)
      return 2 * Double.exp(-0.5 * t) + 0.3 + noise
    }
  }

  private func decay(_ p: [Value]) -> [Value] {
    zip(times, seen).map { time, y in y - (p[0] * exp(-p[1] * time) + p[2]) }
  }

  private func valley(_ x: [Value]) -> [Value] {
    (0..<x.count - 1).flatMap { (k: Int) -> [Value] in
      let curve: Value = 10 * (x[k + 1] - x[k].squared())
      return [curve, 1 - x[k]]
    }
  }

  /// An oscillator by small steps: each residual depends on all steps before it.
  private func oscillator(_ p: [Value]) -> [Value] {
    var (x, v) = (p[0], p[1])
    return times.indices.map { k in
      v = v - 0.05 * (p[2] * x + p[3] * v)
      x = x + 0.05 * v
      return x - Double.cos(0.05 * Double(k))
    }
  }

  /// A start from which a fit of the valley takes many steps.
  private let far = (0..<60).map { $0 % 2 == 0 ? -1.2 : 1 }

  private func expectSame(
    _ residuals: ([Value]) -> [Value], from start: [Double], bounds: [ClosedRange<Double>]? = nil,
    accuracy: Double = 1e-9, line: UInt = #line
  ) throws -> FitResult {
    let fit = try leastSquares(residuals, from: start, bounds: bounds)
    let other = try leastSquares(residuals, from: start, bounds: bounds, options: FitOptions(compiles: false))
    XCTAssertEqual(other.evaluation, .recorded(reason: "the options say compiles: false"), line: line)
    for (a, b) in zip(fit.parameters, other.parameters) {
      XCTAssertEqual(a, b, accuracy: accuracy * max(1, abs(b)), line: line)
    }
    XCTAssertEqual(fit.residuals, other.residuals, accuracy: accuracy * 10, line: line)
    for (a, b) in zip(fit.standardErrors ?? [], other.standardErrors ?? []) {
      XCTAssertEqual(a, b, accuracy: 1e-6 * b + 1e-12, line: line)
    }
    XCTAssertEqual(fit.heldByBounds, other.heldByBounds, line: line)
    XCTAssertTrue(fit.isConverged && other.isConverged, line: line)
    return fit
  }

  private func reason(_ evaluation: FunctionEvaluation?) -> String {
    if case .recorded(let reason) = evaluation { reason } else { "compiled" }
  }

  // MARK: - Residuals

  func testResidualsOfDataAreCompiledByRows() throws {
    XCTAssertEqual(try expectSame(decay, from: [1, 1, 0]).evaluation, .compiled)
    XCTAssertEqual(
      try expectSame(decay, from: [1, 0.3, 0], bounds: [0...5, 0...0.4, -1...1]).evaluation, .compiled)
  }

  func testResidualsOfUnlikeFormulasAreCompiledAsOneFunction() throws {
    XCTAssertEqual(try expectSame(valley, from: far).evaluation, .compiled)
  }

  func testResidualsThatShareAValueAreCompiledAsOneFunction() throws {
    let fit = try expectSame(
      { x in
        let factor = 1 + 0.01 * exp(x[0])
        return self.valley(x).map { factor * $0 }
      }, from: far)
    XCTAssertEqual(fit.evaluation, .compiled)
  }

  func testAFunctionIsNotCompiledForAShortFit() throws {
    let fit = try expectSame(
      { p in
        let rate = exp(p[1])
        return zip(self.times, self.seen).map { time, y in y - (p[0] * exp(-rate * time) + p[2].squared()) }
      }, from: [0.1, 2, 3])
    let reason = reason(fit.evaluation)
    XCTAssertTrue(reason.contains("takes as long as") || reason.contains("only a few times"), reason)
  }

  func testABranchOnAValueIsFollowed() throws {
    let fit = try expectSame(
      { x in
        let valley = self.valley(x)
        return x[0] > 0 ? valley : valley.map { 1.5 * $0 }
      }, from: far)
    XCTAssertEqual(fit.parameters, far.map { _ in 1 }, accuracy: 1e-9)
    XCTAssertEqual(fit.evaluation, .compiled)
  }

  func testALongSharedHistoryStaysRecorded() throws {
    let fit = try expectSame(oscillator, from: [0.5, 0.5, 3, 1])
    XCTAssertTrue(reason(fit.evaluation).contains("share so much"), reason(fit.evaluation))
  }

  func testFewEvaluationsAreRecorded() throws {
    let fit = try leastSquares({ p in [p[0] - 1, p[1] - 2, p[0] + p[1] - 3.3] }, from: [0, 0])
    XCTAssertTrue(reason(fit.evaluation).contains("only a few times"), reason(fit.evaluation))
  }

  func testResidualsThatCannotBeCompiledSayWhy() throws {
    let start = far
    func reasonOf(_ residuals: ([Value]) -> [Value]) throws -> String {
      let fit = try leastSquares(residuals, from: start)
      XCTAssertEqual(fit.parameters, start.map { _ in 1 }, accuracy: 1e-6)
      return reason(fit.evaluation)
    }
    let read = try reasonOf { x in self.valley(x).map { r in r.data > 0 ? r : 1.5 * r } }
    XCTAssertTrue(read.contains("reads the number"), read)
    let drawn = try reasonOf { x in
      noteRandomDraw()
      return self.valley(x)
    }
    XCTAssertTrue(drawn.contains("draws random numbers"), drawn)
    let differentiated = try reasonOf { x in
      _ = gradient(at: 1) { $0 * $0 }
      return self.valley(x)
    }
    XCTAssertTrue(differentiated.contains("derivatives as plain numbers"), differentiated)
    var calls = 0.0
    let changing = try reasonOf { x in
      calls += 1
      return self.valley(x).map { $0 * (1 + 1e-3 / calls) }
    }
    XCTAssertTrue(changing.contains("does not seem to depend on its parameters alone"), changing)
  }

  func testTheModelOfACurveIsCalledOnceForEachRow() throws {
    var calls = 0
    let fit = try fitCurve(x: times, y: seen, from: [1, 1, 0]) { p, x in
      calls += 1
      return p[0] * exp(-p[1] * x) + p[2]
    }
    XCTAssertEqual(calls, times.count)
    XCTAssertGreaterThan(fit.evaluations.values, 3)
  }

  func testUnitsBeyondTheRangeOfSquaresAreFittedToo() throws {
    // Pascals and hertz, and numbers whose squares overflow or vanish: the same curve, compiled.
    let base = try fitCurve(x: times, y: seen, from: [1, 1, 0]) { p, x in p[0] * exp(-p[1] * x) + p[2] }
    for (size, rate) in [(1e5, 1e9), (1e-12, 1e-9), (0x1p600, 1), (0x1p-600, 1), (1, 0x1p500)] {
      let fit = try fitCurve(
        x: times.map { $0 / rate }, y: seen.map { $0 * size }, from: [size, rate, 0]
      ) { p, x in p[0] * exp(-p[1] * x) + p[2] }
      XCTAssertEqual(fit.evaluation, .compiled)
      XCTAssertTrue(fit.isConverged, "\(fit.reason)")
      for (found, (right, unit)) in zip(fit.parameters, zip(base.parameters, [size, rate, size])) {
        XCTAssertEqual(found / unit, right, accuracy: 1e-9)
      }
      for (found, (right, unit)) in zip(fit.standardErrors ?? [], zip(base.standardErrors ?? [], [size, rate, size])) {
        XCTAssertEqual(found / unit, right, accuracy: 1e-7)
      }
    }
  }

  // MARK: - Hessians

  func testProductsWithTheHessianAreCompiledAndTheSame() throws {
    let start = (0..<80).map { $0 % 2 == 0 ? -1.2 : 0.9 }
    for method in [MinimizationMethod.newtonCG, .trustRegion] {
      for bounds in [nil, start.map { _ in -2.0...0.9 }] {
        let found = try minimize(Valleys.rosenbrock, from: start, method: method, bounds: bounds)
        let other = try minimize(
          Valleys.rosenbrock, from: start, method: method, bounds: bounds, options: MinimizationOptions(compiles: false)
        )
        let areMany = found.evaluations.hessianVectorProducts > 1000
        XCTAssertTrue(areMany || bounds != nil)
        XCTAssertEqual(found.hessianEvaluation == .compiled, areMany, reason(found.hessianEvaluation))
        XCTAssertEqual(other.hessianEvaluation, .recorded(reason: "the options say compiles: false"))
        XCTAssertEqual(found.position, other.position, accuracy: 1e-8)
        XCTAssertTrue(found.isConverged)
      }
    }
  }

  func testAMethodWithoutHessiansSaysNothingOfThem() throws {
    XCTAssertNil(try minimize(Valleys.rosenbrock, from: [-1.2, 1]).hessianEvaluation)
  }

  func testProductsOfARecordedFunctionAreRecorded() throws {
    let found = try minimize(
      { x in Valleys.rosenbrock(x) + 0 * x[0].data }, from: [-1.2, 1, -1.2, 1], method: .trustRegion)
    XCTAssertEqual(found.position, [1, 1, 1, 1], accuracy: 1e-8)
    XCTAssertTrue(reason(found.hessianEvaluation).contains("reads the number"), reason(found.hessianEvaluation))
  }

  func testABranchOnAValueIsFollowedByProducts() throws {
    func f(_ x: [Value]) -> Value {
      let valley = Valleys.rosenbrock(x)
      return x[0] > 0 ? valley : valley + x[0].squared() * x[0].squared()
    }
    let start = (0..<10).map { $0 % 2 == 0 ? -1.2 : 1 }
    for method in [MinimizationMethod.newtonCG, .trustRegion] {
      let found = try minimize(f, from: start, method: method)
      XCTAssertEqual(found.position, start.map { _ in 1 }, accuracy: 1e-8)
      XCTAssertEqual(found.evaluation, .compiled)
    }
  }
}
