import Micrograd
import MicrogradOptimization
import XCTest

final class ProgressTests: XCTestCase {
  func testProgressFallsAndIsCountedFromOne() throws {
    for method in MinimizationMethod.allCases {
      var seen: [OptimizationProgress] = []
      let minimum = try minimize(Valleys.rosenbrock, from: [-1.2, 1], method: method) { progress in
        seen.append(progress)
        return .goOn
      }
      XCTAssertEqual(seen.map(\.iteration), Array(1...minimum.iterations))
      XCTAssertEqual(seen.last?.position, minimum.position)
      XCTAssertEqual(seen.last?.value, minimum.value)
      XCTAssertEqual(seen.last?.gradientNorm, minimum.gradientNorm)
      XCTAssertTrue(zip(seen, seen.dropFirst()).allSatisfy { $0.value > $1.value }, "\(method)")
    }
  }

  func testACallbackCanStop() throws {
    let minimum = try minimize(Valleys.rosenbrock, from: [-1.2, 1]) { $0.iteration == 3 ? .stop : .goOn }
    XCTAssertEqual(minimum.iterations, 3)
    XCTAssertEqual(minimum.reason, .stopped)
    XCTAssertFalse(minimum.isConverged)

    let fit = try leastSquares(rosenbrockResiduals, from: [-1.2, 1]) { $0.iteration == 2 ? .stop : .goOn }
    XCTAssertEqual(fit.iterations, 2)
    XCTAssertEqual(fit.reason, .stopped)
    XCTAssertFalse(fit.isConverged)
  }

  func testTheNumberOfIterationsIsBounded() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(
        Valleys.rosenbrock, from: [-1.2, 1], method: method, options: MinimizationOptions(maximumIterations: 4))
      XCTAssertEqual(minimum.iterations, 4)
      XCTAssertEqual(minimum.reason, .maximumIterations)
    }
    let fit = try leastSquares(rosenbrockResiduals, from: [-1.2, 1], options: FitOptions(maximumIterations: 1))
    XCTAssertEqual(fit.reason, .maximumIterations)
  }

  func testValuesAndStepsThatHardlyChangeEndItWhereThatIsAskedFor() throws {
    let start = [-1.2, 1.0]
    let byValue = try minimize(
      Valleys.powell, from: [3, -1, 0, 1],
      options: MinimizationOptions(gradientTolerance: 0, valueTolerance: 0.5))
    XCTAssertEqual(byValue.reason, .valueTolerance)
    let byStep = try minimize(
      Valleys.rosenbrock, from: start, options: MinimizationOptions(gradientTolerance: 0, stepTolerance: 1e-3))
    XCTAssertEqual(byStep.reason, .stepTolerance)
    let fit = try leastSquares(
      { x in x.map { Value.cos($0) + 2 } + [x[0]] }, from: [2],
      options: FitOptions(gradientTolerance: 0, valueTolerance: 1e-3, stepTolerance: 0))
    XCTAssertEqual(fit.reason, .valueTolerance)
  }

  func testEvaluationsAreCounted() throws {
    var calls = 0
    func counted(_ x: [Value]) -> Value {
      calls += 1
      return Valleys.rosenbrock(x)
    }
    let minimum = try minimize(
      counted, from: [-1.2, 1], method: .trustRegion, options: MinimizationOptions(compiles: false))
    XCTAssertEqual(minimum.evaluations.values, calls)
    XCTAssertGreaterThan(minimum.evaluations.hessianVectorProducts, 0)
    calls = 0
    let descent = try minimize(counted, from: [-1.2, 1], options: MinimizationOptions(compiles: false))
    XCTAssertEqual(descent.evaluations.values, calls)
    XCTAssertEqual(descent.evaluations.derivatives, calls)
    XCTAssertEqual(descent.evaluations.hessianVectorProducts, 0)
  }

  func testReasonsSayWhatTheyMean() {
    XCTAssertEqual("\(StoppingReason.gradientTolerance)", "the gradient is within its tolerance")
    XCTAssertEqual(StoppingReason.allCases.filter(\.isConvergence).count, 4)
    XCTAssertEqual(Set(StoppingReason.allCases.map(\.description)).count, StoppingReason.allCases.count)
  }

  private func rosenbrockResiduals(_ x: [Value]) -> [Value] { [10 * (x[1] - x[0].squared()), 1 - x[0]] }
}
