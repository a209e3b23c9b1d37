import CMicrograd

/// A number and its derivative along one direction: forward mode without a tape.
///
/// ```swift
/// let x = Dual(value: 2.0, tangent: 1)
/// let y = x * x * x + .sin(x)
/// y.value  // 8.909297426825681
/// y.tangent  // 11.583853163452858, which is 3 x² + cos x
/// ```
///
/// Every operation computes the derivative beside the number, so nothing is recorded, and a derivative costs a small
/// multiple of the function. One direction is computed at a time: use it for functions of few numbers, such as the
/// derivatives inside of another function. A ``Value`` gives the derivatives by any number of arguments at once.
///
/// A dual number has the functions, the derivatives at kinks and the ends of domains of <doc:Operations>, with the bits of
/// `jacobianVectorProduct(at:along:of:)`. A zero tangent stays zero behind an infinite derivative, and no tangent is -0.
/// Comparisons compare the values.
///
/// Dual numbers nest: the tangent of a `Dual<Dual<Double>>` has a tangent, the second derivative. Those of a `Dual<Value>` are
/// recorded, so `backward()` differentiates them once more. The functions `derivative(at:of:)`, `gradient(at:of:)`,
/// `jacobian(at:of:)` and their kin make dual numbers where the closure takes them.
@frozen
public struct Dual<Number: DifferentiableNumber> {
  /// The number.
  public var value: Number
  /// Its derivative along the direction.
  public var tangent: Number

  /// A number with a derivative.
  @inlinable @inline(__always)
  public init(value: Number, tangent: Number) {
    self.value = value
    self.tangent = tangent
  }
}

/// A number with a derivative along one direction: ``Dual``.
///
/// The functions that differentiate a closure over dual numbers are generic in it. So they take part where a closure names
/// the type of its numbers, and nowhere else.
public protocol DualNumber<Number>: DifferentiableNumber {
  /// The type of the number and of its derivative.
  associatedtype Number: DifferentiableNumber

  /// The number.
  var value: Number { get set }
  /// Its derivative along the direction.
  var tangent: Number { get set }

  /// A number with a derivative.
  init(value: Number, tangent: Number)
}

extension Dual: DualNumber {}
extension Dual: Sendable where Number: Sendable {}
extension Dual: ElementwiseFunctions where Number: RecordedNumber {}
extension Dual: RecordedNumber where Number: RecordedNumber {}

extension Dual: Equatable {
  /// Returns true if the values are equal, whatever the tangents are.
  @inlinable @_implements(Equatable,==(_:_:))
  public static func hasEqualValue(_ a: Self, _ b: Self) -> Bool { a.value == b.value }
}

extension Dual: ConditionalNumber {
  /// A constant: its tangent is 0.
  @inlinable @inline(__always)
  public init(constant number: Double) { self.init(value: Number(constant: number), tangent: .zero) }

  /// The first number if the condition holds for the values, else the second.
  @inlinable
  public static func select(_ condition: Condition<Self>, _ a: Self, _ b: Self) -> Self {
    let ofValues = Condition(condition.left.value, condition.relation, condition.right.value)
    return Self(value: .select(ofValues, a.value, b.value), tangent: .select(ofValues, a.tangent, b.tangent))
  }
}

extension Dual: CustomStringConvertible {
  /// `Dual(value: 8.9093, tangent: 11.5839)`, to four decimals.
  public var description: String {
    func text(_ number: Number) -> String { (number as? Double).map(brief) ?? "\(number)" }
    return "Dual(value: \(text(value)), tangent: \(text(tangent)))"
  }
}
