import CMicrograd

extension Tape {
  /// The first recorded number, in the order of recording, that is NaN or infinite; `nil` if all are finite.
  ///
  /// ```swift
  /// let x = Value(1)
  /// let loss = log(x - x) * 2
  /// loss.data  // -inf
  /// Tape.current.firstNonFinite?.operation?.name  // "logarithm"
  /// ```
  ///
  /// If a loss is NaN, this is where the NaN came from.
  public var firstNonFinite: Value? { firstNonFinite(from: 0) }

  /// Returns the first one from a position in the order of recording on.
  package func firstNonFinite(from start: Int) -> Value? {
    let node = mg_tape_first_non_finite(pointer, Int32(start))
    return node == Value.noNode ? nil : Value(live: node, on: pointer)
  }
}

/// The origin of a number that is NaN or infinite.
public struct NonFiniteNumber: Sendable, Equatable, CustomStringConvertible {
  /// The name of the operation that computed it, as in the engine's table; `nil` for an input.
  public let operation: String?
  /// The number.
  public let data: Double
  /// The operands; at most the first eight.
  public let operands: [Double]
  /// The line that recorded it, in debug builds; see ``Value/origin``.
  public var origin: Origin? { stack?.origin }

  private let stack: RecordedStack?

  /// Looks at one node.
  public init(_ value: Value) {
    operation = value.operation?.name
    data = value.unwatchedData
    operands = value.operands.prefix(8).map(\.unwatchedData)
    stack = value.pointer.map { RecordedStack(of: value.node(on: $0), on: $0) }
  }

  /// A sentence such as `logarithm of 0.0 is -inf`; in debug builds `logarithm of 0.0 is -inf, recorded at Model.swift:42`.
  public var description: String {
    let place = origin.map { ", recorded at \($0)" } ?? ""
    guard let operation else { return "an input is \(data)\(place)" }
    let list = operands.map { "\($0)" }.joined(separator: ", ")
    return "\(operation) of \(list)\(operands.count == 8 ? ", …" : "") is \(data)\(place)"
  }
}
