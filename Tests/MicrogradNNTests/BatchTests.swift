import Micrograd
import MicrogradNN
import XCTest

/// A batch gives the outputs and the gradients of its samples one by one, however it is put on the tape.
final class BatchTests: XCTestCase {
  private struct Outcome {
    var outputs: [Double]
    var parameters: [Double]
    var inputs: [Double]
  }

  private func outcome(_ model: MLP, _ x: [[Double]], _ evaluation: Evaluation) -> Outcome {
    var model = model
    model.evaluation = evaluation
    model.zeroGradients()
    return Tape.scope {
      let batch = Matrix(x)
      let y = model(batch)
      let upstream = (0..<y.count).map { cos(Double($0)) }
      dot(y, .constant(rows: y.rows, columns: y.columns, upstream)).backward()
      return Outcome(
        outputs: y.data, parameters: model.namedParameters.flatMap(\.gradients), inputs: batch.gradients)
    }
  }

  /// Sample by sample on the scalar graph, as micrograd does it.
  private func textbook(_ model: MLP, _ x: [[Double]]) -> Outcome {
    var model = model
    model.evaluation = .scalar
    model.zeroGradients()
    var outputs: [Double] = [], inputs: [Double] = []
    for row in x {
      Tape.scope {
        let leaves = row.map { Value($0) }
        let y = model(leaves)
        sum(y.enumerated().map { $1 * cos(Double(outputs.count + $0)) }).backward()
        outputs += y.map(\.data)
        inputs += leaves.map(\.grad)
      }
    }
    return Outcome(outputs: outputs, parameters: model.namedParameters.flatMap(\.gradients), inputs: inputs)
  }

  private func assertSameInAllWays(_ sizes: [Int], batch: Int, seed: Int, _ evaluations: [Evaluation]) {
    var random = PythonRandom(seed: seed)
    let model = MLP(sizes[0], Array(sizes.dropFirst()), using: &random)
    let x = (0..<batch).map { _ in (0..<sizes[0]).map { _ in random.uniform(-1, 1) } }
    let expected = textbook(model, x)
    for evaluation in evaluations {
      let actual = outcome(model, x, evaluation)
      let context = "\(sizes), batch \(batch), \(evaluation), seed \(seed)"
      assertClose(actual.outputs, expected.outputs, context)
      assertClose(actual.parameters, expected.parameters, context)
      assertClose(actual.inputs, expected.inputs, context)
    }
  }

  /// To 1e-12 of the largest: sums of products that nearly cancel have no better relative accuracy of their own.
  private func assertClose(_ actual: [Double], _ expected: [Double], _ context: String) {
    XCTAssertEqual(actual.count, expected.count, context)
    let scale = expected.map(abs).max() ?? 0
    let worst = zip(actual, expected).map { abs($0 - $1) }.max() ?? 0
    XCTAssertLessThanOrEqual(worst, 1e-12 * scale, context)
  }

  func testRandomNetworksOfManyShapes() {
    let seed = 20_261_123
    var random = PythonRandom(seed: seed)
    for k in 0..<60 {
      let sizes = (0..<random.randint(2, 4)).map { _ in random.randint(1, 40) }
      assertSameInAllWays(sizes, batch: random.randint(1, 33), seed: seed + k, Evaluation.allCases)
    }
  }

  func testEdgesOfTheKernels() {
    for sizes in [[1, 1], [1, 1, 1], [8, 6], [7, 5], [9, 17, 1], [16, 16, 1], [64, 64]] {
      for batch in [1, 2, 5, 6, 7, 64, 257] {
        assertSameInAllWays(sizes, batch: batch, seed: batch, [.fused, .blas])
      }
    }
  }

  func testLayersLargeEnoughForBLAS() {
    assertSameInAllWays([500, 300, 10], batch: 1, seed: 1, Evaluation.allCases)
    assertSameInAllWays([300, 500], batch: 64, seed: 2, [.blas, .automatic])
    assertSameInAllWays([500, 300], batch: 9, seed: 3, [.blas])
    assertSameInAllWays([120, 70, 3], batch: 257, seed: 4, [.blas])
  }

  func testPlainNumbersGiveTheSameOutputsAndNoInputGradients() {
    var random = PythonRandom(seed: 7)
    let model = MLP(3, [5, 2], using: &random)
    let x = [[0.5, -1, 2], [1, 0.25, -0.75]]
    for evaluation in Evaluation.allCases {
      var model = model
      model.evaluation = evaluation
      Tape.scope {
        let recorded = model(Matrix(x)), plain = model(x), silent = withoutGradients { model(x) }
        XCTAssertEqual(recorded.data, plain.data)
        for (a, b) in zip(silent.data, plain.data) { XCTAssertEqual(a, b, accuracy: 1e-14) }
        XCTAssertTrue(silent.isConstant)
      }
    }
  }

  func testAutomaticEvaluationWithoutGradientsGivesTheSameBits() {
    var random = PythonRandom(seed: 8)
    let model = MLP(20, [30, 30, 2], using: &random)
    let x = (0..<50).map { _ in (0..<20).map { _ in random.uniform(-1, 1) } }
    Tape.scope { XCTAssertEqual(model(x).data, withoutGradients { model(x) }.data) }
  }

  func testOneSampleOfABatchCanBeDifferentiated() {
    var random = PythonRandom(seed: 9)
    let model = MLP(2, [3, 1], using: &random)
    let batch = Matrix([[0.5, -1], [0.25, 2], [-1, 1]])
    model(batch)[1, 0].backward()
    let alone = [Value(0.25), Value(2.0)]
    model(alone)[0].backward()
    XCTAssertEqual(batch.gradients[2], alone[0].grad, accuracy: 1e-15)
    XCTAssertEqual(batch.gradients[3], alone[1].grad, accuracy: 1e-15)
    XCTAssertEqual([0, 1, 4, 5].map { batch.gradients[$0] }, [0, 0, 0, 0])
  }
}
