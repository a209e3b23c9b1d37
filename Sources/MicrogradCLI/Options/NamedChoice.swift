import ArgumentParser
import MicrogradNN

/// A type whose values have names on the command line.
protocol NamedChoice: ExpressibleByArgument, Equatable {
  associatedtype Names: Collection where Names.Element == (key: String, value: Self)
  static var named: Names { get }
}

extension NamedChoice {
  /// Returns the choice with this name; `nil` if there is none.
  public init?(argument: String) {
    guard let choice = Self.named.first(where: { $0.key == argument })?.value else { return nil }
    self = choice
  }

  /// All names.
  public static var allValueStrings: [String] { named.map(\.key) }
  /// What the shell completes.
  public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
  var name: String { Self.named.first { $0.value == self }?.key ?? "\(self)" }
  /// The name in help texts.
  public var defaultValueDescription: String { name }
}

extension Loss: NamedChoice {}

extension Activation: NamedChoice {
  static let named = all.map { (key: $0.name, value: $0.activation) }
}

extension Initializer: NamedChoice {
  static let named: KeyValuePairs<String, Initializer> = [
    "torch": .torchLinear, "micrograd": .micrograd, "glorot-uniform": .glorotUniform(),
    "glorot-normal": .glorotNormal(), "he-uniform": .heUniform, "he-normal": .heNormal,
  ]
}
