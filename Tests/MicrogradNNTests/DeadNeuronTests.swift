import Foundation
import Micrograd
import MicrogradNN
import XCTest

/// Parameters whose gradients are zero from some step on, as those of neurons that never fire.
final class DeadNeuronTests: XCTestCase {
  private func optimizers(_ parameters: Parameters) -> [any ResumableOptimizer & Optimizer] {
    [
      SGD(Array(parameters), learningRate: 0.1, momentum: 0.9),
      Adam(Array(parameters), learningRate: 0.1),
      RMSProp(Array(parameters), learningRate: 0.1, momentum: 0.9, centered: true),
    ]
  }

  func testAveragesOfZeroGradientsBecomeZeroAndNeverSubnormal() {
    for kind in 0..<3 {
      let parameters = Parameters([0.5, -2])
      var optimizer = optimizers(parameters)[kind]
      parameters[0].grad = 3
      parameters[1].grad = 1e-150
      optimizer.step()
      parameters.zeroGradients()
      for _ in 0..<100_000 { optimizer.step() }
      for (name, buffer) in optimizer.state.buffers {
        XCTAssertFalse(buffer.contains { $0.isSubnormal }, "\(type(of: optimizer)): \(name) \(buffer)")
      }
    }
  }

  /// Adam by the formulas of Kingma and Ba, with subnormal numbers.
  func testTheParametersAreThoseOfTheFormulas() {
    let parameter = Parameters([0.5])
    var adam = Adam(Array(parameter), learningRate: 0.1)
    var (x, m, v) = (0.5, 0.0, 0.0)
    for t in 1...9000 {
      let g = t <= 3 ? Double(t) : 0
      parameter[0].grad = g
      adam.step()
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      let (unbiased, square) = (m / (1 - pow(0.9, Double(t))), v / (1 - pow(0.999, Double(t))))
      x -= 0.1 * unbiased / (square.squareRoot() + 1e-8)
    }
    XCTAssertTrue(m.isSubnormal)
    XCTAssertEqual(parameter[0].data, x, accuracy: 1e-14)
  }
}
