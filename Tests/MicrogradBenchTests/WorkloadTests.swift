import Micrograd
import MicrogradBenchWorkloads
import XCTest

/// What is compared computes the same.
final class WorkloadTests: XCTestCase {
  /// Twice over by default, which shows that nothing is left over from the first time.
  private func assertContestantsAgree(
    _ test: Case, iterations: Int = 2, accuracy: Double = 1e-9, line: UInt = #line
  ) {
    let expected = test.contestants[0].run(iterations).numbers
    for contestant in test.contestants.dropFirst() {
      let actual = contestant.run(iterations).numbers
      XCTAssertEqual(actual.count, expected.count, "\(test.name), \(contestant.name)", line: line)
      for (k, (a, e)) in zip(actual, expected).enumerated() {
        let name = "\(test.name), \(contestant.name), number \(k)"
        XCTAssertEqual(a, e, accuracy: accuracy * max(1, abs(e)), name, line: line)
      }
    }
  }

  /// On a tape of its own: the counts are those of the whole tape. Swift's own differentiation has none.
  private func nodes(_ test: @autoclosure () -> Case) -> [Int] {
    Tape().use { test().contestants.filter { $0.role != .language }.map { $0.run(1).nodes } }
  }

  func testReadmeExpressionIsTheREADMEs() {
    let numbers = readmeCase().contestants[0].run(1).numbers
    for (number, expected) in zip(numbers, [24.7041, 138.8338, 645.5773]) {
      XCTAssertEqual(number, expected, accuracy: 5e-5)
    }
  }

  func testReadmeExpressionOnEitherSideOfItsKinks() {
    for (a, b) in [(-4.0, 2.0), (1.5, 0.7), (0.4, 3.1), (-1.3, -2.6), (-3.2, -0.5)] {
      assertContestantsAgree(readmeCase(a: a, b: b))
    }
  }

  func testSingleSamplesInterpretedAndNative() {
    assertContestantsAgree(singleReadmeCase())
    assertContestantsAgree(singleReadmeCase(a: 0.4, b: 3.1))
    assertContestantsAgree(singleRosenbrockCase())
    assertContestantsAgree(readmeSamplesCase(count: 131))
  }

  func testFitsAndMinimaRecordedAndCompiled() {
    for test in [fitCurveCase(points: 300), trackingCase(), valleyCase(variables: 20)]
      + minimumCases(variables: 10) + [constrainedMinimumCase()]
    {
      assertContestantsAgree(test)
    }
  }

  func testPicturesOfAGraphShowAllOfIt() {
    assertContestantsAgree(graphPictureCase(nodes: 60))
  }

  func testRootsAndIntegrals() {
    assertContestantsAgree(rootCase(payments: 12))
    assertContestantsAgree(integralCase())
    // One operation beside two evaluations, and none of the iterations.
    let counts = nodes(rootCase(payments: 12))
    XCTAssertLessThan(counts[1], counts[0] / 2)
  }

  func testDifferentialEquations() {
    assertContestantsAgree(lorenzCase(time: 2))
    assertContestantsAgree(pleiadesCase(time: 1))
    for (test, other) in zip(orderEightCases(lorenz: 2, pleiades: 1), [lorenzCase(time: 2), pleiadesCase(time: 1)]) {
      assertContestantsAgree(test)
      for (found, expected) in zip(test.contestants[0].run(1).numbers, other.contestants[0].run(1).numbers) {
        XCTAssertEqual(found, expected, accuracy: 1e-6, test.name)
      }
    }
    assertContestantsAgree(solutionGradientCase(steps: 1_000), accuracy: 1e-10)
    for test in adaptiveGradientCases() {
      let (solution, gradient) = (test.contestants[0].run(1).numbers, test.contestants[1].run(1).numbers)
      XCTAssertEqual(gradient[0], solution[0], accuracy: 1e-9 * abs(solution[0]), test.name)
      XCTAssertTrue(gradient.allSatisfy { $0.isFinite } && gradient.dropFirst().contains { $0 != 0 }, test.name)
    }
  }

  /// In four ways, of which Swift's own differentiation is one where the toolchain has it.
  func testBuilding() {
    assertContestantsAgree(buildingCase())
    XCTAssertGreaterThan(nodes(buildingCase())[0], 20 * 20)
  }

  func testLoops() {
    assertContestantsAgree(buildingLoopCase(steps: 8_000))
    assertContestantsAgree(lorenzLoopCase(steps: 3_000), accuracy: 1e-8)
  }

  func testTaylorSeries() {
    let numbers = taylorCase(order: 20).contestants.map { $0.run(1).numbers }
    XCTAssertEqual(numbers[1].count, 21)
    XCTAssertEqual(numbers[1][0], numbers[0][0])
    XCTAssertEqual(numbers[1][6] * 720, numbers[2][0], accuracy: 1e-9)
  }

  func testFloatsComputeWhatDoublesDo() {
    for test in floatCases(count: 300, documents: 32) { assertContestantsAgree(test, accuracy: 1e-4) }
  }

  func testRosenbrock() {
    assertContestantsAgree(rosenbrockCase(variables: 2))
    assertContestantsAgree(rosenbrockCase(variables: 101))
  }

  func testRosenbrocksGradientIsThatOfCentralDifferences() {
    let x = [0.3, 0.636, 0.664]
    func f(_ x: [Double]) -> Double { Tape.scope { rosenbrock(x.map { Value($0) }).data } }
    for (k, slope) in gradient(at: x, of: rosenbrock).enumerated() {
      var (above, below) = (x, x)
      above[k] += 1e-5
      below[k] -= 1e-5
      XCTAssertEqual(slope, (f(above) - f(below)) / 2e-5, accuracy: 1e-6)
    }
  }

  func testGradientsOfGradBenchBesideTheirValues() {
    for test in [mixtureCase(dimensions: 3, components: 4, points: 10), rungeKuttaCase(variables: 30, steps: 10)] {
      let (plain, library) = (test.contestants[0].run(2).numbers, test.contestants[1].run(2).numbers)
      XCTAssertEqual(plain.count, 1)
      XCTAssertEqual(library[0], plain[0], accuracy: 1e-12 * abs(plain[0]), test.name)
      XCTAssertTrue(library.dropFirst().contains { $0 != 0 }, test.name)
    }
    XCTAssertGreaterThan(nodes(mixtureCase(dimensions: 3, components: 4, points: 10))[1], 10 * 4 * 4)
  }

  func testMoonsStepByStep() {
    for steps in [1, 2, 5] { assertContestantsAgree(moonsCase(steps: steps), iterations: steps) }
  }

  func testMoonsInOneBatchStepByStep() {
    for steps in [1, 2, 5] { assertContestantsAgree(moonsBatchCase(steps: steps), iterations: steps) }
    let apart = moonsCase(steps: 5).contestants[0].run(5).numbers
    for contestant in moonsBatchCase(steps: 5).contestants.dropFirst() {
      for (a, b) in zip(contestant.run(5).numbers, apart) { XCTAssertEqual(a, b, accuracy: 1e-9, contestant.name) }
    }
  }

  func testASystemIsSolvedAlikeWithItsGradient() { assertContestantsAgree(linearSystemCase(size: 20)) }

  func testTrainersTakeTheStepsOfALoopByHand() {
    for size in [1, 32, 600] { assertContestantsAgree(trainerCase(batchSize: size, epochs: 1), iterations: 1) }
  }

  func testMoonsOnTwoThreadsAndCompiledAnew() {
    assertContestantsAgree(moonsThreadsCase(samples: 301))
    assertContestantsAgree(moonsCompilingCase())
    XCTAssertGreaterThan(nodes(moonsCompilingCase())[0], 1000)
  }

  func testRosenbrockAtManyPoints() {
    func contestants() -> [Contestant] { rosenbrockPointsCase(count: 75, variables: 4).contestants }
    let points = rosenbrockPoints(count: 75, variables: 4)
    // They write into one place: each into a place of its own here.
    let numbers = contestants().indices.map { contestants()[$0].run(2).numbers }
    for (value, x) in zip(numbers[0], points) {
      XCTAssertEqual(value, Tape.scope { rosenbrock(x.map { Value($0) }).data }, accuracy: 1e-12)
    }
    let slopes = points.flatMap { x in gradient(at: x) { rosenbrock($0) } }
    for (contestant, gradients) in zip(contestants(), numbers).dropFirst() {
      XCTAssertEqual(gradients.count, slopes.count, contestant.name)
      for (a, e) in zip(gradients, slopes) { XCTAssertEqual(a, e, accuracy: 1e-9, contestant.name) }
    }
  }

  func testGPTStepByStep() {
    for steps in [1, 3] {
      assertContestantsAgree(gptCase(documents: steps), iterations: steps)
      for size in [5, 8, 16] {
        let test = gptBatchCase(documents: steps * size, batchSize: size)
        assertContestantsAgree(test, iterations: steps * size)
      }
    }
  }

  func testDigitsLearn() {
    let test = digitsCase(threads: 1, sizes: [12, 9, 7, 4], batch: 10)
    let losses = [1, 400].map { test.contestants[1].run($0).numbers[0] }
    XCTAssertLessThan(losses[1], losses[0] / 2)
    XCTAssertEqual(test.contestants[0].run(1).nodes, 0)
  }

  func testMoonsStartAtTheNotebooksLoss() {
    XCTAssertEqual(moonsCase(steps: 1).contestants[0].run(1).numbers[0], 0.8958441028683222, accuracy: 1e-14)
  }

  func testChain() { assertContestantsAgree(chainCase(nodes: 10_000)) }

  func testDotProduct() { assertContestantsAgree(dotCase(count: 100)) }

  func testBareTapeRecordsTheNodesOfTheLibrary() {
    XCTAssertEqual(nodes(readmeCase()), [0, 27, 27, 27])
    XCTAssertEqual(nodes(rosenbrockCase(variables: 11)), [0, 92, 92])
    XCTAssertEqual(nodes(chainCase(nodes: 100)), [0, 103, 103])
    let moons = nodes(moonsCase(steps: 1))
    XCTAssertEqual(moons[1], moons[2])
    XCTAssertEqual(Array(nodes(dotCase(count: 10)).prefix(3)), [0, 31, 31])
  }

  func testANodeTakes24BytesAConstant8AndANodeInABatch16() {
    let uses = allMemoryUses(isQuick: true)
    XCTAssertEqual(uses[0].bytesPerNode, 24)
    XCTAssertEqual(uses[1].bytesPerNode, 32, accuracy: 1e-3)
    XCTAssertEqual(uses[2].bytesPerNode, 16, accuracy: 1e-2)
    XCTAssertLessThan(uses[3].bytesPerNode, 0.1)
  }
}
