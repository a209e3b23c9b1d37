import Foundation
import Micrograd
import MicrogradNN
import XCTest

/// A network's loss as native code, against the same loss interpreted.
final class NativeModelTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  func testTheMoonsLossTrainsAsInterpreted() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("native-model-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var numpy = NumPyRandom(seed: 1)
    var random = PythonRandom(seed: 1337)
    let moons = makeMoons(count: 60, noise: 0.1, using: &numpy)
    let batch = Samples(zip(moons.inputs, moons.signedLabels).map { $0 + [$1] })
    let columns = Samples(columns: batch.columns)
    let model = MLP(2, [16, 16, 1], using: &random)
    let loss = try compile(at: [0, 0, 1]) { x in
      let margin = x[2] * model([x[0], x[1]])[0]
      return (1 - margin).relu() + 1e-4 * sum(model.parameters.map { $0 * $0 })
    }
    let native = try loss.native(folder: folder.path)
    var optimizer = SGD(model, learningRate: 0.1)
    for step in 0..<5 {
      func gradients(_ backward: () throws -> Double) rethrows -> [Double] {
        model.zeroGradients()
        return [try backward()] + model.parameters.map(\.grad)
      }
      let expected = try gradients { try loss.backward(at: batch) }
      let columnwise = try gradients { try native.backward(at: columns) }
      let found = try gradients { try native.backward(at: batch) }
      XCTAssertEqual(found, columnwise)
      for (k, (a, b)) in zip(found, expected).enumerated() {
        XCTAssertEqual(a, b, accuracy: 1e-14 + 1e-12 * abs(b), "step \(step), number \(k)")
      }
      optimizer.step()
    }
  }
}
