import Micrograd
import MicrogradNN
import XCTest

/// The steps of a sweep through networks are the sweep.
final class ModelStepsTests: XCTestCase {
  private func assertStepsAreTheSweep(_ root: Value, _ context: String, line: UInt = #line) {
    var found = [root.index!: root], pending = [root]
    while let value = pending.popLast() {
      for operand in value.operands where found.updateValue(operand, forKey: operand.index!) == nil {
        pending.append(operand)
      }
    }
    let nodes = found.sorted { $0.key < $1.key }.map(\.value)
    let steps = BackwardSteps(of: root)
    root.backward()
    XCTAssertEqual(
      steps.gradients(after: steps.count).map(\.bitPattern), nodes.map(\.grad.bitPattern), context, line: line)
  }

  func testStepsOfNetworksInEveryEvaluationAreTheSweeps() {
    for evaluation in Evaluation.allCases {
      var model = MLP(3, [4, 4, 1])
      model.evaluation = evaluation
      for x in [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1]] {
        Tape.scope {
          let y = model(x.map { Value($0) })[0]
          assertStepsAreTheSweep((y - 1) ** 2, "\(evaluation)")
        }
      }
      Tape.scope {
        let batch = Matrix.constant([[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1]])
        let loss = model(batch).squared().sum()
        assertStepsAreTheSweep(loss, "a batch, \(evaluation)")
        assertStepsAreTheSweep(loss, "a batch again, \(evaluation)")
      }
    }
  }

  func testStepsOfLossesAreTheSweeps() {
    let targets = [1.0, -1, 1], classes = [1.0, 0, 1]
    let losses: [(String, (Matrix) -> Value)] = [
      ("maxMargin", { maxMarginLoss(scores: $0, expected: targets) }),
      ("squaredHinge", { squaredHingeLoss(scores: $0, expected: targets) }),
      ("meanSquared", { meanSquaredError(predicted: $0, expected: targets) }),
      ("meanAbsolute", { meanAbsoluteError(predicted: $0, expected: targets) }),
      ("huber", { huberLoss(predicted: $0, expected: targets, delta: 0.5) }),
      ("binaryCrossEntropy", { binaryCrossEntropy(logits: $0, expected: classes) }),
    ]
    for (name, loss) in losses {
      Tape.scope {
        let x = Matrix([[0.3], [-1.4], [2.5]])
        assertStepsAreTheSweep(loss(x), name)
      }
    }
  }

  func testRulesOfLossesNameTheTarget() {
    Tape.scope {
      let x = Matrix([[0.3], [-1.4]])
      func rule(_ loss: Value) -> String? {
        BackwardSteps(of: loss, labels: ["p": x[0, 0]]).flatMap(\.operands).first { $0.name == "p" }?.rule
      }
      XCTAssertEqual(
        rule(meanSquaredError(predicted: x, expected: [-2, 1])), "d(squared error(p, -2))/dp = 2 * (p - (-2))")
      XCTAssertEqual(
        rule(huberLoss(predicted: x, expected: [1, 1], delta: 0.5)),
        "d(Huber(p, target 1, from 0.5))/dp = p - 1 if abs(p - 1) <= 0.5, else 0.5 * sign(p - 1)")
    }
  }
}
