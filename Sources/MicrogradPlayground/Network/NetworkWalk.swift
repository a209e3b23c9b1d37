import Micrograd
import MicrogradNN

/// One step, opened: forward and backward for one point, and the update of the weights.
struct NetworkWalk: Encodable {
  var kind = "walk"
  /// The point, its inputs of the network, and its target.
  let sample: Int, inputs: [Double], target: Double
  /// The loss of the point alone.
  let loss: Double
  /// Of all neurons, layer by layer: weighted sum, output, slope of the activation at the sum, and the derivatives of the
  /// point's loss by output and sum.
  let sums, outputs, slopes, outputGradients, sumGradients: PackedNumbers
  /// In the order of the weights: the point's gradients, those of the batch with the penalty, and the weights before and
  /// after the step.
  let sampleGradients, gradients, before, after: PackedNumbers
  /// The number of points of the batch, and their loss with the penalty.
  let batch: Int, total: Double
  let rate: Double
  let step: Int
  let lossRule, updateRule: String
}

extension NetworkRun {
  /// Opens the next step for one of the points.
  func walk(_ row: Int) throws -> NetworkWalk {
    guard points.labels.indices.contains(row) else {
      throw PlaygroundError("there is no point \(row) among \(points.labels.count)", field: "sample")
    }
    let inputs = points.networkInputs(points.inputs[row])
    let target = points.target(row, loss.loss)
    let next = try preview()
    var (sums, outputs, slopes): ([Double], [Double], [Double]) = ([], [], [])
    var (outputGradients, sumGradients): ([Double], [Double]) = ([], [])
    let value: Double = Tape.scope {
      model.runs.zeroGradients()
      var x = inputs.map { Value($0) }
      var units: [(sum: Value, output: Value)] = []
      for layer in model.layers {
        let layerSums = layer.neurons.map { neuron in dot(neuron.weights, x) + neuron.bias }
        x = layerSums.map { layer.activation($0) }
        for (sum, output) in zip(layerSums, x) { units.append((sum, output)) }
      }
      let loss = loss.loss.mean(x, [target])
      if !loss.isConstant { loss.backward() }
      for unit in units {
        sums.append(unit.sum.data)
        outputs.append(unit.output.data)
        outputGradients.append(unit.output.grad)
        sumGradients.append(unit.sum.grad)
      }
      return loss.data
    }
    let sampleGradients = model.runs.gradients
    for layer in model.layers {
      for _ in 0..<layer.outputCount {
        let sum = sums[slopes.count]
        slopes.append(gradient(at: [sum]) { layer.activation($0[0]) }[0])
      }
    }
    return NetworkWalk(
      sample: row, inputs: inputs, target: target, loss: value, sums: PackedNumbers(sums),
      outputs: PackedNumbers(outputs), slopes: PackedNumbers(slopes), outputGradients: PackedNumbers(outputGradients),
      sumGradients: PackedNumbers(sumGradients), sampleGradients: PackedNumbers(sampleGradients),
      gradients: PackedNumbers(next.gradients), before: PackedNumbers(model.runs.data),
      after: PackedNumbers(next.after), batch: next.count, total: next.outcome.total, rate: rate, step: step,
      lossRule: loss.loss.rule, updateRule: settings.updateRule)
  }
}

extension Loss {
  /// The loss of a point and its derivative by the score s, for a target y.
  fileprivate var rule: String {
    switch self {
    case .squaredHinge: "loss = max(0, 1 − y·s)², d loss/ds = −2y·max(0, 1 − y·s)"
    case .binaryCrossEntropy: "loss = −y·log σ(s) − (1 − y)·log(1 − σ(s)), d loss/ds = σ(s) − y"
    case .meanSquared: "loss = (s − y)², d loss/ds = 2(s − y)"
    default: "loss = max(0, 1 − y·s), d loss/ds = −y if y·s < 1, else 0"
    }
  }
}

extension NetworkSettings {
  /// How a weight w with the gradient g moves.
  var updateRule: String {
    switch optimizer.kind {
    case "adam": "m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − rate · m̂ / (√v̂ + ε)"
    case "adamw": "w ← w · (1 − rate · decay), then as Adam: w ← w − rate · m̂ / (√v̂ + ε)"
    case "rmsprop": "v ← αv + (1 − α)g², w ← w − rate · g / (√v + ε)"
    case "adagrad": "s ← s + g², w ← w − rate · g / (√s + ε)"
    case "lbfgs": "w moves along a direction from the last \(optimizer.memory) steps, as far as a line search finds"
    default: optimizer.momentum > 0 ? "b ← μb + g, w ← w − rate · b" : "w ← w − rate · g"
    }
  }
}
