import MicrogradNN

/// A layer as JSON, with the name and the arguments in `torch.nn`: `["Linear", 2, 16]`, `["ReLU"]`, `["Dropout", 0.5]`.
enum LayerDescription: Equatable {
  case linear(inputs: Int, outputs: Int)
  case activation(Activation)
  case dropout(Double)

  /// Returns the layers of a network, with an activation, and perhaps dropout, after each hidden layer.
  static func network(_ sizes: [Int], _ activation: Activation, dropout: Double) -> [LayerDescription] {
    let after: [LayerDescription] = [.activation(activation)] + (dropout > 0 ? [.dropout(dropout)] : [])
    let parts = zip(sizes, sizes.dropFirst()).flatMap { [.linear(inputs: $0, outputs: $1)] + after }
    return parts.dropLast(after.count)
  }

  /// Returns the layer with newly drawn weights.
  func model(_ initializer: Initializer, using random: inout PythonRandom) -> any Model {
    switch self {
    case .linear(let inputs, let outputs): Linear(inputs, outputs, initializer: initializer, using: &random)
    case .activation(let activation): activation
    case .dropout(let probability): Dropout(probability)
    }
  }
}

extension Sequential {
  init(_ layers: [LayerDescription], _ initializer: Initializer, using random: inout PythonRandom) {
    var models: [any Model] = []
    for layer in layers { models.append(layer.model(initializer, using: &random)) }
    self.init(models)
  }
}

extension LayerDescription: Codable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    switch self {
    case .linear(let inputs, let outputs):
      try container.encode("Linear")
      try container.encode(inputs)
      try container.encode(outputs)
    case .activation(let activation):
      for text in Activation.all.first(where: { $0.activation == activation })?.module ?? [] {
        try container.encode(text)
      }
    case .dropout(let probability):
      try container.encode("Dropout")
      try container.encode(probability)
    }
  }

  /// Decodes a layer. Throws for anything that is not a valid layer.
  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    let name = try container.decode(String.self)
    var found: LayerDescription?
    switch name {
    case "Linear":
      let (inputs, outputs) = (try container.decode(Int.self), try container.decode(Int.self))
      if inputs >= 1, outputs >= 1 { found = .linear(inputs: inputs, outputs: outputs) }
    case "Dropout":
      let probability = try container.decode(Double.self)
      if probability >= 0, probability < 1 { found = .dropout(probability) }
    default:
      let argument = container.isAtEnd ? [] : [try container.decode(String.self)]
      found = Activation.all.first { $0.module == [name] + argument }.map { .activation($0.activation) }
    }
    guard let found, container.isAtEnd else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(name.debugDescription) is not a known layer")
    }
    self = found
  }
}
