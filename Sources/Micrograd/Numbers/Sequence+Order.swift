// What sequences of Comparable elements have, for numbers that are not. Disfavoured, so that sequences of Doubles keep their
// own.
extension Sequence where Element: DifferentiableNumber {
  /// The elements in ascending order of their data. Elements with equal data keep their order.
  @_disfavoredOverload
  public func sorted() -> [Element] { sorted { $0 < $1 } }

  /// The element with the largest data, `nil` if there is none.
  ///
  /// This compares and chooses; the operation that chooses again when the tape is recomputed is
  /// ``max(_:_:)-(Value,Value)``.
  @_disfavoredOverload
  public func max() -> Element? { self.max { $0 < $1 } }

  /// The element with the least data, `nil` if there is none. It compares and chooses, as `max()` does.
  @_disfavoredOverload
  public func min() -> Element? { self.min { $0 < $1 } }
}
