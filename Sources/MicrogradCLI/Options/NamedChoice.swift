import ArgumentParser
import MicrogradNN

/// A type whose values have names on the command line.
protocol NamedChoice: ExpressibleByArgument, Equatable {
  static var named: KeyValuePairs<String, Self> { get }
}

extension NamedChoice {
  /// Returns the choice with this name; `nil` if there is none.
  public init?(argument: String) {
    guard let choice = Self.named.first(where: { $0.key == argument })?.value else { return nil }
    self = choice
  }

  /// All names.
  public static var allValueStrings: [String] { named.map(\.key) }
  var name: String { Self.named.first { $0.value == self }?.key ?? "\(self)" }
  /// The name in help texts.
  public var defaultValueDescription: String { name }
}

extension Loss: NamedChoice {}

extension Activation: NamedChoice {
  static let named: KeyValuePairs<String, Activation> = [
    "identity": .identity, "relu": .relu, "leaky-relu": .leakyReLU(), "elu": .elu(), "gelu": .gelu,
    "gelu-tanh": .geluTanh, "silu": .silu, "softplus": .softplus, "sigmoid": .sigmoid, "tanh": .tanh,
  ]
}

extension Initializer: NamedChoice {
  static let named: KeyValuePairs<String, Initializer> = [
    "torch": .torchLinear, "micrograd": .micrograd, "glorot-uniform": .glorotUniform(),
    "glorot-normal": .glorotNormal(), "he-uniform": .heUniform, "he-normal": .heNormal,
  ]
}
