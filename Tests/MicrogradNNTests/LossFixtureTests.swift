import Micrograd
import MicrogradNN
import TestSupport
import XCTest

/// Losses, functions of rows and norms, with their gradients, are PyTorch's, at ±1000 and on kinks too.
final class LossFixtureTests: XCTestCase {
  private struct Case: Decodable {
    let name: String
    let rows, columns: Int
    let x, value, dx: [Double]
    let expected, gain, bias, dgain, dbias: [Double]?
    let delta: Double?
    let classes: [Int]?
  }

  private struct Content: Decodable { let cases: [Case] }

  private let columnwise: [String: (Matrix) -> Matrix] = [
    "softmax": { $0.softmax() }, "logSoftmax": { $0.logSoftmax() }, "logSumExp": { $0.logSumExp() },
  ]

  private func loss(_ c: Case, _ x: Matrix) -> Value? {
    let expected = c.expected ?? []
    return switch c.name {
    case "hinge": maxMarginLoss(scores: x, expected: expected)
    case "squaredHinge": squaredHingeLoss(scores: x, expected: expected)
    case "meanSquared": meanSquaredError(predicted: x, expected: expected)
    case "meanAbsolute": meanAbsoluteError(predicted: x, expected: expected)
    case "huber": huberLoss(predicted: x, expected: expected, delta: c.delta!)
    case "binaryCrossEntropy": binaryCrossEntropy(logits: x, expected: expected)
    case "crossEntropy": crossEntropy(logits: x, classes: c.classes!)
    default: nil
    }
  }

  private func loss(_ c: Case, _ x: [Value]) -> Value? {
    let expected = c.expected ?? []
    return switch c.name {
    case "hinge": maxMarginLoss(scores: x, expected: expected)
    case "squaredHinge": squaredHingeLoss(scores: x, expected: expected)
    case "meanSquared": meanSquaredError(predicted: x, expected: expected)
    case "meanAbsolute": meanAbsoluteError(predicted: x, expected: expected)
    case "huber": huberLoss(predicted: x, expected: expected, delta: c.delta!)
    case "binaryCrossEntropy": binaryCrossEntropy(logits: x, expected: expected)
    default: nil
    }
  }

  private func assertClose(_ actual: [Double], _ expected: [Double], _ context: String) {
    XCTAssertEqual(actual.count, expected.count, context)
    for (a, e) in zip(actual, expected) { XCTAssertEqual(a, e, accuracy: 1e-12 * max(1, abs(e)), context) }
  }

  private func backward(_ y: Matrix) {
    dot(y, .constant(rows: y.rows, columns: y.columns, (0..<y.count).map { cos(Double($0)) })).backward()
  }

  func testLossesAndTheirGradients() throws {
    let cases = try (readFixture("losses.json") as Content).cases.filter { $0.expected != nil || $0.classes != nil }
    XCTAssertEqual(cases.count, 24)
    for c in cases {
      Tape.scope {
        let x = Matrix(rows: c.rows, columns: c.columns, c.x)
        let value = loss(c, x)!
        value.backward()
        assertClose([value.data], c.value, c.name)
        assertClose(x.gradients, c.dx, c.name)
        XCTAssertEqual(loss(c, x.detached)!.data, value.data, accuracy: 1e-13 * max(1, abs(value.data)), c.name)
        let leaves = c.x.map { Value($0) }
        guard let single = loss(c, leaves) else { return }
        single.backward()
        assertClose([single.data], c.value, c.name)
        assertClose(leaves.map(\.grad), c.dx, c.name)
      }
    }
  }

  func testFunctionsOfRowsAndTheirGradients() throws {
    let cases = try (readFixture("losses.json") as Content).cases.filter { columnwise[$0.name] != nil }
    XCTAssertEqual(cases.count, 6)
    for c in cases {
      Tape.scope {
        let x = Matrix(rows: c.rows, columns: c.columns, c.x)
        let y = columnwise[c.name]!(x)
        backward(y)
        assertClose(y.data, c.value, c.name)
        assertClose(x.gradients, c.dx, c.name)
        XCTAssertEqual(columnwise[c.name]!(x.detached).data, y.data, c.name)
      }
    }
  }

  func testNormsAndTheirGradients() throws {
    let cases = try (readFixture("losses.json") as Content).cases.filter { $0.gain != nil }
    XCTAssertEqual(cases.count, 4)
    for c in cases {
      Tape.scope {
        let x = Matrix(rows: c.rows, columns: c.columns, c.x), gain = Vector(c.gain!)
        let bias = c.bias.map { Vector($0) }
        func norm(_ x: Matrix) -> Matrix {
          bias.map { x.layerNorm(gain: gain, bias: $0) } ?? x.rmsNorm(gain: gain)
        }
        let y = norm(x)
        backward(y)
        assertClose(y.data, c.value, c.name)
        assertClose(x.gradients, c.dx, c.name)
        assertClose(gain.gradients, c.dgain!, c.name)
        if let bias { assertClose(bias.gradients, c.dbias!, c.name) }
        XCTAssertEqual(withoutGradients { norm(x.detached) }.data, y.data, c.name)
      }
    }
  }

  func testCrossEntropyOfOneSample() {
    let logits = [Value(1.0), Value(1.0), Value(1.0), Value(1.0)]
    let loss = crossEntropy(logits: logits, class: 2)
    loss.backward()
    XCTAssertEqual(loss.data, log(4), accuracy: 1e-15)
    XCTAssertEqual(logits.map(\.grad), [0.25, 0.25, -0.75, 0.25])
  }

  func testPenaltyOfAModuleIsThatOfItsParameters() {
    let model = MLP(3, [4, 1])
    let (a, b) = (l2Penalty(model.parameters, weight: 0.5), l2Penalty(model, weight: 0.5))
    XCTAssertEqual(a.data, b.data, accuracy: 1e-14)
    b.backward()
    for parameter in model.parameters { XCTAssertEqual(parameter.grad, parameter.data, accuracy: 1e-15) }
  }

  func testAccuracyOfClasses() {
    let logits = Matrix.constant([[1, 2, 0], [5, 5, 1], [0, 0, 3], [-1, -2, -3]])
    XCTAssertEqual(classAccuracy(logits: logits, classes: [1, 0, 2, 1]), 0.75)
  }
}
