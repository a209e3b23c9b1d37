import MicrogradNN
import XCTest

/// The starting point of micrograd's demo notebook, against what the notebook's code made in Python.
final class NotebookTests: XCTestCase {
  private struct Notebook: Decodable {
    let inputs: [[Double]]
    let labels: [Int]
    let initialParameters: [Double]
  }

  private let notebook: Notebook = try! Fixture.read("moons.json")

  func testMoonsAreTheNotebooks() {
    var random = NumPyRandom(seed: 1337)
    let moons = makeMoons(count: 100, noise: 0.1, using: &random)
    XCTAssertEqual(moons.labels, notebook.labels)
    for (actual, expected) in zip(moons.inputs, notebook.inputs) {
      XCTAssertEqual(actual[0], expected[0], accuracy: 1e-15)
      XCTAssertEqual(actual[1], expected[1], accuracy: 1e-15)
    }
  }

  func testUniformWeightsAreTheNotebooks() {
    var random = PythonRandom(seed: 1337)
    var parameters: [Double] = []
    for (inputs, neurons) in [(2, 16), (16, 16), (16, 1)] {
      for _ in 0..<neurons {
        parameters += (0..<inputs).map { _ in random.uniform(-1, 1) } + [0]
      }
    }
    XCTAssertEqual(parameters, notebook.initialParameters)
  }
}
