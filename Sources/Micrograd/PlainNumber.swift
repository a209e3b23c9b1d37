/// What can stand beside a Value in a function of two, as a constant: the 0 of `max(x, 0)`, a `Double`, an `Int`.
///
/// It makes no difference to a Value's gradient. Operators have overloads of their own for plain numbers (``ConstantLiteral``);
/// functions take `some PlainNumber`, of which a literal is one by its default type.
public protocol PlainNumber {
  /// The number to compute with.
  var plainNumber: Double { get }
}

extension Double: PlainNumber {
  /// Itself.
  @inlinable
  public var plainNumber: Double { self }
}

extension Int: PlainNumber {
  /// The number as a Double, rounded where it has more than 53 bits.
  @inlinable
  public var plainNumber: Double { Double(self) }
}
