import Micrograd
import MicrogradNN
import XCTest

final class SGDTests: XCTestCase {
  /// Parameters of two modules, in an order that is neither's.
  private struct Line: Module {
    let slope = Parameters([2])
    let unused = Parameters([7])
    let offset = Parameters([1])
    var parameters: [Value] { [offset[0], slope[0]] }
    func callAsFunction(_ x: Double) -> Value { slope[0] * x + offset[0] }
  }

  func testStepMovesAgainstTheGradient() {
    let line = Line()
    var optimizer = SGD(line, learningRate: 0.1)
    Tape.scope { line(3).backward() }
    optimizer.step()
    XCTAssertEqual(line.slope.data[0], 2 - 0.1 * 3, accuracy: 1e-15)
    XCTAssertEqual(line.offset.data[0], 1 - 0.1, accuracy: 1e-15)
    XCTAssertEqual(line.unused.data[0], 7)
  }

  /// Fresh tapes name their first parameters alike.
  func testModulesOfTwoTapesAreBothTrained() {
    let tapes = [Tape(), Tape()]
    let lines = tapes.map { tape in tape.use { Line() } }
    var optimizer = SGD(lines.flatMap(\.parameters), schedule: .constant(0.1))
    for (tape, line) in zip(tapes, lines) { tape.scope { line(3).backward() } }
    optimizer.step()
    for line in lines { XCTAssertEqual(line.slope.data[0], 2 - 0.1 * 3, accuracy: 1e-15) }
  }

  func testGradientsAreLeftAsTheyAre() {
    let line = Line()
    var optimizer = SGD(line, learningRate: 0.1)
    Tape.scope { line(3).backward() }
    optimizer.step()
    XCTAssertEqual(line.slope.gradients, [3])
    optimizer.zeroGradients()
    XCTAssertEqual(line.slope.gradients + line.offset.gradients, [0, 0])
  }

  func testParametersDescendByThemselves() {
    let weights = Parameters([0.5, -0.5])
    Tape.scope { (weights[0] * Value(3.0) + weights[1]).backward() }
    weights.descend(learningRate: 0.1)
    assertClose(weights.data, [0.5 - 0.1 * 3, -0.5 - 0.1], 1e-15)
  }

  func testFitsALine() {
    let line = Line()
    var optimizer = SGD(line, learningRate: 0.05)
    for _ in 0..<2000 {
      Tape.scope {
        let losses = [-1.0, 0, 1, 2].map { x in (line(x) - (0.5 * x - 3)) ** 2 }
        line.zeroGradients()
        losses.mean().backward()
        optimizer.step()
      }
    }
    assertClose([line.slope.data[0], line.offset.data[0]], [0.5, -3], 1e-9)
  }

  func testScheduleOfTheNotebook() {
    let schedule = LearningRateSchedule.linear(from: 1, to: 0.1, steps: 100)
    for step in 0..<100 { XCTAssertEqual(schedule(step), 1 - 0.9 * Double(step) / 100, accuracy: 1e-15) }
    XCTAssertEqual(schedule(500), 0.1, accuracy: 1e-15)
  }

  func testStepsAreCounted() {
    let line = Line()
    var optimizer = SGD(line, schedule: LearningRateSchedule { 1 / Double($0 + 1) })
    XCTAssertEqual(optimizer.learningRate, 1)
    optimizer.step()
    XCTAssertEqual(optimizer.learningRate, 0.5)
    XCTAssertEqual(optimizer.stepCount, 1)
  }
}
