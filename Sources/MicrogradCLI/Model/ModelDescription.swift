import MicrogradNN
import MicrogradTables

/// The description of a model in a file, as JSON: all that predictions need besides the weights.
struct ModelDescription: Codable, Equatable {
  /// The key in the file's metadata.
  static let key = "model"
  /// Version 1 had no preparation: all columns were numbers.
  static let currentVersion = 2

  var version = currentVersion
  var layers: [LayerDescription]
  /// The input columns, in order.
  var inputs: [String]
  /// How the input columns become the inputs of the network; nil if they are numbers, as in version 1.
  var preparation: TableEncoder?
  /// The target column.
  var target: String
  /// The names of the classes, in the order of the outputs; `nil` for a numeric target.
  var classes: [String]?
  /// The name of the loss.
  var loss: String
  var scaling: Scaling

  /// Returns why the description contradicts itself or the tensors in the file; `nil` if it does not.
  func problem(with file: SafeTensors) -> String? {
    if !(1...Self.currentVersion).contains(version) { return "its version \(version) is unknown" }
    guard let loss = Loss(argument: loss) else { return "its loss \(loss.debugDescription) is unknown" }
    return problemOfLayers(with: file, outputs: loss == .crossEntropy ? classes?.count ?? 0 : 1)
      ?? problemOfClasses(loss) ?? problemOfScaling()
  }

  /// How the input columns become the inputs of the network.
  var encoder: TableEncoder { preparation ?? TableEncoder(inputs.map { ColumnEncoder(name: $0, kind: .number) }) }

  /// Compares the shapes before memory is allocated.
  private func problemOfLayers(with file: SafeTensors, outputs: Int) -> String? {
    if inputs.isEmpty { return "it has no inputs" }
    if let preparation, preparation.columns.map(\.name) != inputs {
      return "it prepares other columns than its inputs"
    }
    if layers.count > 1000 { return "it has \(layers.count) layers, more than 1000" }
    var width = encoder.inputCount
    for (position, layer) in layers.enumerated() {
      guard case .linear(let inputs, let outputs) = layer else { continue }
      if inputs != width { return "its layer \(position) takes \(inputs) inputs, but gets \(width)" }
      guard file["\(position).weight"]?.shape == [outputs, inputs], file["\(position).bias"]?.shape == [outputs] else {
        return "its layer \(position) has no weights of \(outputs) × \(inputs) and \(outputs) biases in the file"
      }
      width = outputs
    }
    return width == outputs ? nil : "its network has \(width) outputs, but needs \(outputs)"
  }

  private func problemOfClasses(_ loss: Loss) -> String? {
    guard let classes else { return loss.isForClasses ? "it has no classes for its loss \(self.loss)" : nil }
    let isPossible = loss == .crossEntropy ? classes.count >= 2 : loss.isForClasses && classes.count == 2
    if !isPossible { return "its loss \(self.loss) is not for \(classes.count) classes" }
    return Set(classes).count == classes.count ? nil : "two of its classes have the same name"
  }

  private func problemOfScaling() -> String? {
    if let found = scaling.inputs?.means.count, found != encoder.inputCount {
      return "it scales \(found) inputs, but has \(encoder.inputCount)"
    }
    if let found = scaling.targets?.means.count, found != 1 || classes != nil { return "it scales \(found) targets" }
    return nil
  }
}
