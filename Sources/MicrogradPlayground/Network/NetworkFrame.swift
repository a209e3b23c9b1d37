import Micrograd

/// What the page shows of a run at a step.
struct NetworkFrame: Encodable {
  /// Numbers on all training points, and on those that are held out, with the weights of this step.
  struct Now: Encodable {
    let total: Double, penalty: Double, accuracy: Double?
    let validation: Double?, validationAccuracy: Double?
    let largestGradient: Double, largestPlace: String
    let rate: Double
  }

  /// What the last steps found before they moved the weights.
  struct Losses: Encodable {
    /// The number of the first of the steps.
    let from: Int
    let total: PackedNumbers, loss: PackedNumbers
    let validation: PackedNumbers?
  }

  var kind = "frame"
  let step: Int
  let losses: Losses
  let now: Now
  let field: NetworkFields.Field
  let units: NetworkFields.Units
  /// Layer by layer, the weights [outputs, inputs] and then the biases.
  let weights: PackedNumbers
  /// In the order of the weights, of the loss on all training points.
  let gradients: PackedNumbers
  /// The number of steps that can be taken back.
  let past: Int
  let trouble: NetworkTrouble?
}

/// How a frame is to be drawn.
struct NetworkView: Decodable {
  /// The side of the field's grid.
  var size: Int?
  /// The neuron whose field is shown; nil for the output.
  var neuron: Int?
}

extension NetworkRun {
  /// The frame of this moment.
  ///
  /// - Parameter count: The number of last steps whose losses it has.
  func frame(_ fields: NetworkFields, _ view: NetworkView, lastSteps count: Int) throws -> NetworkFrame {
    let last = records.suffix(count)
    let outcome = try evaluateAll()
    let (largest, place) = largestGradient()
    let field = try view.neuron.flatMap { try fields.neuron($0, size: view.size ?? 80) }
    let now = NetworkFrame.Now(
      total: outcome.total, penalty: outcome.penalty, accuracy: try fields.accuracy(points.training),
      validation: try loss.ofValidation(), validationAccuracy: try fields.accuracy(points.validation),
      largestGradient: largest, largestPlace: model.name(ofParameter: place), rate: rate)
    return NetworkFrame(
      step: step,
      losses: NetworkFrame.Losses(
        from: step - last.count, total: PackedNumbers(last.map(\.total)), loss: PackedNumbers(last.map(\.loss)),
        validation: points.validation.isEmpty ? nil : PackedNumbers(last.map { $0.validation ?? .nan })),
      now: now, field: try field ?? fields.output(size: view.size ?? 80), units: try fields.allNeurons(),
      weights: PackedNumbers(model.runs.data), gradients: PackedNumbers(model.runs.gradients), past: pastCount,
      trouble: trouble)
  }
}
