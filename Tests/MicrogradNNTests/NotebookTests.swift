import Micrograd
import MicrogradNN
import TestSupport
import XCTest

/// micrograd's demo notebook, against what its code made in Python.
final class NotebookTests: XCTestCase {
  private struct Notebook: Decodable {
    let inputs: [[Double]]
    let labels: [Int]
    let initialParameters: [Double]
    let firstGradients: [Double]
    let losses: [Double]
    let accuracies: [Double]
    let finalParameters: [Double]
  }

  private let notebook: Notebook = try! readFixture("moons.json")

  func testMoonsAreTheNotebooks() {
    var random = NumPyRandom(seed: 1337)
    let moons = makeMoons(count: 100, noise: 0.1, using: &random)
    XCTAssertEqual(moons.labels, notebook.labels)
    for (actual, expected) in zip(moons.inputs, notebook.inputs) {
      XCTAssertEqual(actual[0], expected[0], accuracy: 1e-15)
      XCTAssertEqual(actual[1], expected[1], accuracy: 1e-15)
    }
  }

  func testParametersAreTheNotebooks() {
    let model = notebookModel(.automatic)
    XCTAssertEqual(model.parameters.map(\.data), notebook.initialParameters)
  }

  func testScalarTrainingGivesTheNotebooksLines() { assertTraining(.scalar) }
  func testFusedTrainingGivesTheNotebooksLines() { assertTraining(.fused) }
  func testBLASTrainingGivesTheNotebooksLines() { assertTraining(.blas) }

  private func notebookModel(_ evaluation: Evaluation) -> MLP {
    var random = PythonRandom(seed: 1337)
    return MLP(2, [16, 16, 1], evaluation: evaluation, using: &random)
  }

  private func assertTraining(_ evaluation: Evaluation) {
    let model = notebookModel(evaluation)
    let expected = notebook.labels.map { $0 == 1 ? 1.0 : -1.0 }
    var optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
    for step in 0..<100 {
      Tape.scope {
        let scores = notebook.inputs.map { model($0)[0] }
        let loss = maxMarginLoss(scores: scores, expected: expected) + l2Penalty(model.parameters, weight: 1e-4)
        assertClose(loss.data, notebook.losses[step], 1e-9)
        XCTAssertEqual(
          signAccuracy(scores: scores.map(\.data), expected: expected), notebook.accuracies[step], accuracy: 1e-12)
        model.zeroGradients()
        loss.backward()
        if step == 0 { assertClose(model.parameters.map(\.grad), notebook.firstGradients, 1e-12) }
        optimizer.step()
      }
    }
    assertClose(model.parameters.map(\.data), notebook.finalParameters, 1e-8)
  }
}
