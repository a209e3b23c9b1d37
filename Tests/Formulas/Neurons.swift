import Foundation
import Micrograd

let neurons = [
  Formula("tanhFromExponentials", at: [0.7, -0.3]) { v in tanhFromExponentials(v[0], v[1]) },
  Formula("activations", at: [0.7]) { v in activations(v[0]) },
  Formula("twoInputNeuron", at: [2, -3, 0.5, 1, 6.88]) { v in twoInputNeuron(v[0], v[1], v[2], v[3], v[4]) },
  Formula("maxMarginLoss", at: [0.7, -0.3, 1.8]) { v in maxMarginLoss(v, [1, 1, -1]) },
  Formula("gelu", at: [0.7]) { v in gelu(v[0]) },
]

func tanhFromExponentials(_ n: Value, _ o: Value) -> Value {
  ((2 * n).exp() - 1) / ((2 * n).exp() + 1) + o
}

func activations(_ x: Value) -> Value {
  1 / (1 + exp(-x)) + 2 * tanh(3 * x) - log(1 + x * x)
}

func twoInputNeuron(_ x1: Value, _ w1: Value, _ x2: Value, _ w2: Value, _ b: Value) -> Value {
  tanh(x1 * w1 + x2 * w2 + b)
}

func maxMarginLoss(_ scores: [Value], _ labels: [Double]) -> Value {
  zip(scores, labels).map { (1 - $1 * $0).relu() }.sum() * (1 / Double(labels.count))
}

func gelu(_ x: Value) -> Value {
  0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
}
