import Micrograd
import MicrogradNN
import XCTest

final class LBFGSTests: XCTestCase {
  /// A loss over parameters of its own; calling it leaves the gradients behind.
  private struct Problem {
    let trained: any Trainable
    let evaluate: () -> Double

    static func network(penalty: Double) -> Problem {
      let network = TanhNetwork()
      return Problem(trained: network) { network.evaluate(penalty: penalty) }
    }

    static func leastSquares() -> Problem {
      of([0, 0, 0]) { p in
        let errors = (0...10).map { k -> Value in
          let x = -2 + 0.5 * Double(k)
          let target = 0.5 * x * x * x - x + 1
          return (p[0] * (x * x) + p[1] * x + p[2] - target) ** 2
        }
        return errors.mean()
      }
    }

    static func rosenbrock() -> Problem {
      of([-1.2, 1]) { p in
        let (x, y) = (p[0], p[1])
        return (1 - x) ** 2 + 100 * (y - x ** 2) ** 2
      }
    }

    static func barrier(from start: Double = 5) -> Problem { of([start]) { p in p[0] - log(p[0]) } }

    private struct Block: Module {
      let numbers: Parameters
      var parameters: [Value] { Array(numbers) }
    }

    private static func of(_ start: [Double], _ loss: @escaping (Parameters) -> Value) -> Problem {
      let block = Block(numbers: Parameters(start))
      return Problem(trained: block) {
        Tape.scope {
          let value = loss(block.numbers)
          block.zeroGradients()
          value.backward()
          return value.data
        }
      }
    }
  }

  private let makers: [String: (Problem) -> LBFGS] = [
    "network, strong Wolfe": { LBFGS($0.trained, maxIterations: 1, maxEvaluations: 10, lineSearch: .strongWolfe) },
    "network, several iterations": { LBFGS($0.trained, maxIterations: 5, lineSearch: .strongWolfe) },
    "network, fixed steps": { LBFGS($0.trained, learningRate: 0.2, maxIterations: 1) },
    "network, short history": { LBFGS($0.trained, learningRate: 0.1, maxIterations: 2, historySize: 5) },
    "least squares, strong Wolfe": { LBFGS($0.trained, lineSearch: .strongWolfe) },
    "least squares, fixed steps": { LBFGS($0.trained, learningRate: 0.5, maxIterations: 2) },
    "Rosenbrock, strong Wolfe": { LBFGS($0.trained, maxIterations: 1, maxEvaluations: 10, lineSearch: .strongWolfe) },
    "Rosenbrock, default iterations": { LBFGS($0.trained, lineSearch: .strongWolfe) },
    "Rosenbrock, short history": {
      LBFGS(
        $0.trained, learningRate: 0.5, maxIterations: 3, maxEvaluations: 5, gradientTolerance: 1e-4,
        changeTolerance: 1e-7, historySize: 2, lineSearch: .strongWolfe)
    },
    "Rosenbrock, first steps of 0.001": { LBFGSTests.longSearch($0, 0.001, maxIterations: 2) },
    "Rosenbrock, first steps of 0.01": { LBFGSTests.longSearch($0, 0.01) },
    "Rosenbrock, first steps of 300.0": { LBFGSTests.longSearch($0, 300) },
    "Rosenbrock, few evaluations": {
      LBFGS($0.trained, learningRate: 1e-3, maxIterations: 4, maxEvaluations: 3, lineSearch: .strongWolfe)
    },
    "Rosenbrock, fixed steps": { LBFGS($0.trained, learningRate: 0.05, maxIterations: 3, maxEvaluations: 2) },
  ]

  private static func longSearch(_ problem: Problem, _ learningRate: Double, maxIterations: Int = 4) -> LBFGS {
    LBFGS(
      problem.trained, learningRate: learningRate, maxIterations: maxIterations, maxEvaluations: 60,
      lineSearch: .strongWolfe)
  }

  private func problem(_ name: String) -> Problem {
    switch name {
    case "network, fixed steps": .network(penalty: 0)
    case _ where name.hasPrefix("network"): .network(penalty: 0.01)
    case _ where name.hasPrefix("least squares"): .leastSquares()
    default: .rosenbrock()
    }
  }

  func testStepsAndEvaluationsArePyTorchs() throws {
    let fixture = Fixture.optimizers.minimizations
    XCTAssertEqual(Set(fixture.map(\.name)), Set(makers.keys))
    for record in fixture {
      let problem = problem(record.name)
      var optimizer = try XCTUnwrap(makers[record.name])(problem)
      for (k, expected) in record.parameters.enumerated() {
        let name = "\(record.name), step \(k + 1)"
        let before = optimizer.evaluationCount
        let loss = optimizer.step(problem.evaluate)
        assertEqual([loss], [record.losses[k]], within: 1e-10, name)
        XCTAssertEqual(optimizer.evaluationCount - before, record.evaluations[k], name)
        assertEqual(problem.trained.trainedParameters.data, expected, within: 1e-10, name)
      }
    }
  }

  func testRestoredOptimizersGoOnBitForBit() throws {
    for (name, make) in makers {
      let (first, second) = (problem(name), problem(name))
      var (optimizer, resumed) = (make(first), make(second))
      for _ in 0..<3 { optimizer.step(first.evaluate) }
      resumed.step(second.evaluate)
      try resumed.restore(optimizer.state)
      second.trained.trainedParameters.data = first.trained.trainedParameters.data
      for _ in 0..<4 { XCTAssertEqual(optimizer.step(first.evaluate), resumed.step(second.evaluate), name) }
      XCTAssertEqual(first.trained.trainedParameters.data, second.trained.trainedParameters.data, name)
      XCTAssertEqual(optimizer.state, resumed.state, name)
    }
  }

  func testStateBeforeTheFirstStepIsRestored() throws {
    let problem = Problem.rosenbrock()
    var optimizer = LBFGS(problem.trained)
    let fresh = optimizer.state
    optimizer.step(problem.evaluate)
    try optimizer.restore(fresh)
    XCTAssertEqual(optimizer.state, fresh)
  }

  func testModuleWithoutParametersIsEvaluatedOnce() {
    var optimizer = LBFGS([Value]())
    XCTAssertEqual(optimizer.step { 3 }, 3)
    XCTAssertEqual(optimizer.evaluationCount, 1)
  }

  func testRosenbrocksValleyIsFollowedToItsEnd() {
    let problem = Problem.rosenbrock()
    var optimizer = LBFGS(
      problem.trained, maxIterations: 100, gradientTolerance: 1e-12, changeTolerance: 0, lineSearch: .strongWolfe)
    optimizer.step(problem.evaluate)
    assertEqual(problem.trained.trainedParameters.data, [1, 1], within: 1e-9, "the minimum is at (1, 1)")
  }

  func testLossThatIsNotANumberEndsTheStep() {
    for search in [LBFGS.LineSearch.fixedStep, .strongWolfe] {
      let block = Parameters([1])
      var optimizer = LBFGS(Array(block), lineSearch: search)
      let loss = optimizer.step {
        block[0].grad = .nan
        return .nan
      }
      XCTAssertTrue(loss.isNaN)
      XCTAssertLessThanOrEqual(optimizer.evaluationCount, 26)
    }
  }

  func testPointsThatAreNotFiniteAreNeverAccepted() {
    // The logarithm is NaN below 0, where the first steps lead; the minimum is 1 at 1.
    for search in [LBFGS.LineSearch.fixedStep, .strongWolfe] {
      for maxIterations in [1, 2, 20] {
        let problem = Problem.barrier()
        var optimizer = LBFGS(problem.trained, maxIterations: maxIterations, maxEvaluations: 25, lineSearch: search)
        for _ in 0..<40 {
          optimizer.step(problem.evaluate)
          XCTAssertTrue(problem.evaluate().isFinite, "\(search), \(maxIterations)")
        }
        assertEqual(problem.trained.trainedParameters.data, [1], within: 1e-5, "\(search), \(maxIterations)")
      }
    }
  }

  func testAStepFromWhereTheLossIsNotFiniteChangesNothing() {
    for search in [LBFGS.LineSearch.fixedStep, .strongWolfe] {
      let problem = Problem.barrier(from: -1)
      var optimizer = LBFGS(problem.trained, lineSearch: search)
      XCTAssertTrue(optimizer.step(problem.evaluate).isNaN)
      XCTAssertEqual(problem.trained.trainedParameters.data, [-1])
    }
  }
}
