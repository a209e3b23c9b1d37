import Micrograd
import MicrogradNN
import XCTest

/// The ways of putting a layer on the tape give the same numbers and the same gradients.
final class EvaluationTests: XCTestCase {
  private struct Outcome {
    var outputs: [Double]
    var parameterGradients: [Double]
    var inputGradients: [Double]
  }

  private func outcome(_ model: MLP, _ x: [Double], _ evaluation: Evaluation, contiguous: Bool) -> Outcome {
    var model = model
    model.evaluation = evaluation
    model.zeroGradients()
    return Tape.scope {
      var inputs = x.map { Value($0) }
      if !contiguous { inputs = inputs.reversed().map { $0 + 0.0 }.reversed() }
      let outputs = model(inputs)
      dot(outputs, outputs).backward()
      return Outcome(
        outputs: outputs.map(\.data), parameterGradients: model.parameters.map(\.grad),
        inputGradients: inputs.map(\.grad))
    }
  }

  private func assertSameInAllWays(_ sizes: [Int], seed: Int) {
    var random = PythonRandom(seed: seed)
    let model = MLP(sizes[0], Array(sizes.dropFirst()), using: &random)
    let x = (0..<sizes[0]).map { _ in random.uniform(-1, 1) }
    let expected = outcome(model, x, .scalar, contiguous: true)
    for evaluation in Evaluation.allCases {
      for contiguous in [true, false] {
        let actual = outcome(model, x, evaluation, contiguous: contiguous)
        assertClose(actual.outputs, expected.outputs, 1e-12)
        assertClose(actual.parameterGradients, expected.parameterGradients, 1e-12)
        assertClose(actual.inputGradients, expected.inputGradients, 1e-12)
      }
    }
  }

  func testSmallNetworks() {
    for (seed, sizes) in [[1, 1], [1, 3, 1], [2, 16, 16, 1], [7, 5, 3, 2], [9, 1, 4]].enumerated() {
      assertSameInAllWays(sizes, seed: seed)
    }
  }

  func testWideLayers() {
    assertSameInAllWays([64, 33, 1], seed: 42)
    assertSameInAllWays([300, 150, 7], seed: 43)
  }

  func testConstantInputsAreAllowed() {
    var random = PythonRandom(seed: 5)
    let model = MLP(2, [3, 1], evaluation: .fused, using: &random)
    Tape.scope {
      let mixed = model([Value.constant(0.5), Value(-0.25)])[0].data
      XCTAssertEqual(mixed, model([0.5, -0.25])[0].data)
    }
  }

  func testTheEngineSaysWhichBLASItHas() {
    XCTAssertTrue(
      blasDescription.hasPrefix("OpenBLAS ") && blasDescription.hasSuffix(")")
        || blasDescription.hasPrefix("none (own kernels): "), blasDescription)
  }
}
