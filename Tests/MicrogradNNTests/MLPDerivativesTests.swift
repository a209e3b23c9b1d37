import Micrograd
import MicrogradNN
import XCTest

/// Second derivatives of models are the same however their layers are put on the tape.
final class MLPDerivativesTests: XCTestCase {
  private let point = [0.5, -1.0, 0.25, 0.75, 0.1, -0.3]

  private func model(_ evaluation: Evaluation) -> MLP {
    var random = PythonRandom(seed: 1337)
    return MLP(3, [8, 5, 1], evaluation: evaluation, using: &random)
  }

  /// exp(tanh(score)) of two samples, so that something bends beside the kinks of the model.
  private func function(_ model: MLP) -> ([Value]) -> Value {
    { x in exp(model(Array(x.prefix(3)))[0].tanh() * model(Array(x.suffix(3)))[0]) }
  }

  func testHessiansByInputsAreThoseOfScalarNodes() {
    let expected = hessian(at: point, of: function(model(.scalar)))
    XCTAssertGreaterThan(expected.joined().map(abs).max()!, 0.1)
    for evaluation in Evaluation.allCases {
      let f = function(model(evaluation))
      assertEqual(hessian(at: point, of: f), expected, "\(evaluation)")
      assertEqual(jacobian(at: point) { (x: [Value]) in gradient(at: x, of: f) }, expected, "recorded \(evaluation)")
      let batch = { (x: [Value]) -> Value in
        let scores = self.model(evaluation)(Matrix(rows: 2, columns: 3, values: x))
        return exp(scores[0, 0].tanh() * scores[1, 0])
      }
      assertEqual(hessian(at: point, of: batch), expected, "batch \(evaluation)")
      assertEqual(jacobian(at: point) { (x: [Value]) in gradient(at: x, of: batch) }, expected, "recorded batch")
    }
  }

  /// The penalty on the slope by the inputs, as physics-informed networks have it, reaches the weights.
  func testAPenaltyOnASlopeReachesTheWeightsTheSameInEveryEvaluation() {
    func slopes(_ evaluation: Evaluation) -> [Double] {
      Tape.scope {
        let model = model(evaluation), f = function(model)
        let slope = gradient(at: point.map { Value($0) }, of: f)
        dot(slope, slope).backward()
        return model.parameters.map(\.grad)
      }
    }
    let expected = slopes(.scalar)
    XCTAssertGreaterThan(expected.map(abs).max()!, 0.1)
    for evaluation in Evaluation.allCases { assertEqual([slopes(evaluation)], [expected], "\(evaluation)") }
    // Central differences, in one of the weights.
    let largest = expected.indices.max { abs(expected[$0]) < abs(expected[$1]) }!
    func penalty(_ step: Double) -> Double {
      let model = model(.scalar)
      model.parameters[largest].data += step
      return gradient(at: point, of: function(model)).reduce(0) { $0 + $1 * $1 }
    }
    let difference = (penalty(1e-5) - penalty(-1e-5)) / 2e-5
    XCTAssertEqual(expected[largest], difference, accuracy: 1e-7 * abs(difference))
  }

  private func assertEqual(_ actual: [[Double]], _ expected: [[Double]], _ message: String, line: UInt = #line) {
    let largest = expected.joined().map(abs).max()!
    XCTAssertEqual(actual.map(\.count), expected.map(\.count), message, line: line)
    for (a, b) in zip(actual.joined(), expected.joined()) {
      XCTAssertEqual(a, b, accuracy: 1e-12 * largest, message, line: line)
    }
  }
}
