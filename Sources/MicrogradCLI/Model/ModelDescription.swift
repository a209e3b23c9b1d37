import MicrogradNN

/// What a file says of a model beside its weights, as JSON: all that predictions need.
struct ModelDescription: Codable, Equatable {
  /// Under which key of the file's metadata it is.
  static let key = "model"
  static let currentVersion = 1

  var version = currentVersion
  var layers: [LayerDescription]
  /// The columns, in the order of the network's inputs.
  var inputs: [String]
  /// The column that is predicted.
  var target: String
  /// The names of the classes, in the order of the network's outputs; `nil` where numbers are predicted.
  var classes: [String]?
  /// The name of the loss.
  var loss: String
  var scaling: Scaling

  /// Why the description contradicts itself or the tensors beside it; `nil` where it does not.
  func problem(with file: SafeTensors) -> String? {
    if version != Self.currentVersion { return "it is of version \(version), which is not known here" }
    guard let loss = Loss(argument: loss) else { return "its loss \(loss.debugDescription) is not known" }
    return problemOfLayers(with: file, outputs: loss == .crossEntropy ? classes?.count ?? 0 : 1)
      ?? problemOfClasses(loss) ?? problemOfScaling()
  }

  /// The shapes are compared before memory is taken for them.
  private func problemOfLayers(with file: SafeTensors, outputs: Int) -> String? {
    if inputs.isEmpty { return "it has no inputs" }
    if layers.count > 1000 { return "it has \(layers.count) layers, more than 1000" }
    var width = inputs.count
    for (position, layer) in layers.enumerated() {
      guard case .linear(let inputs, let outputs) = layer else { continue }
      if inputs != width { return "its layer \(position) takes \(inputs) numbers, where there are \(width)" }
      guard file["\(position).weight"]?.shape == [outputs, inputs], file["\(position).bias"]?.shape == [outputs] else {
        return "its layer \(position) has no weights of \(outputs) × \(inputs) and \(outputs) biases in the file"
      }
      width = outputs
    }
    return width == outputs ? nil : "its network has \(width) outputs, where \(outputs) are needed"
  }

  private func problemOfClasses(_ loss: Loss) -> String? {
    guard let classes else { return loss.isForClasses ? "it has no classes for its loss \(self.loss)" : nil }
    let isPossible = loss == .crossEntropy ? classes.count >= 2 : loss.isForClasses && classes.count == 2
    if !isPossible { return "its loss \(self.loss) is not for \(classes.count) classes" }
    return Set(classes).count == classes.count ? nil : "two of its classes have one name"
  }

  private func problemOfScaling() -> String? {
    if let found = scaling.inputs?.means.count, found != inputs.count {
      return "it scales \(found) inputs, and has \(inputs.count)"
    }
    if let found = scaling.targets?.means.count, found != 1 || classes != nil { return "it scales \(found) targets" }
    return nil
  }
}
