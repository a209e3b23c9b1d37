import CMicrograd
import RealModule

/// A number over which a function is written once: it runs on `Double` for its value and on ``Value`` for its gradient.
///
///     func energy<T: DifferentiableNumber>(_ x: [T]) -> T { 0.5 * .dot(x, x) + .exp(-x[0]) }
///
///     energy([0.0, 2.0])  // 3.0
///     gradient(at: [0, 2]) { x in energy(x) }  // [-1.0, 2.0]
///
/// It is swift-numerics' field with elementary functions, and besides what those have no name for: plain numbers on
/// either side of an operator, which make no node, and sums and dot products of any number of terms, which are one node.
/// On `Double` and on `Value` a function gives the same bits, but for the order in which those add up their terms: it
/// is that of a vector unit for Doubles and for consecutive Values, from left to right for other Values.
///
/// Specialised for a type, which the compiler does within a module and where functions are `@inlinable`, generic code
/// costs what the same code costs when written for that type.
public protocol DifferentiableNumber: AlgebraicField, ElementaryFunctions, Comparable {
  /// A number of one's own: on ``Value`` a leaf, which a list may hold again and again at no further cost.
  init(_ number: Double)

  /// A plain number: a constant, for which ``Value`` records no node.
  init(constant number: Double)

  /// The number itself, without what it was computed from.
  var number: Double { get }

  /// The sum with a plain number.
  static func + (a: Self, b: Double) -> Self
  /// The sum of a plain number and a number.
  static func + (a: Double, b: Self) -> Self
  /// The difference to a plain number.
  static func - (a: Self, b: Double) -> Self
  /// The difference of a plain number and a number.
  static func - (a: Double, b: Self) -> Self
  /// The product with a plain number.
  static func * (a: Self, b: Double) -> Self
  /// The product of a plain number and a number.
  static func * (a: Double, b: Self) -> Self
  /// The quotient by a plain number.
  static func / (a: Self, b: Double) -> Self
  /// The quotient of a plain number and a number.
  static func / (a: Double, b: Self) -> Self

  // Those of the field, said again. Without them the compiler may take seconds for `(1 - x) * (w + y)`, and gives up at
  // times; disfavoured, because else it takes the literal of `2 * x` for a number with a node.

  /// The sum.
  @_disfavoredOverload static func + (a: Self, b: Self) -> Self
  /// The difference.
  @_disfavoredOverload static func - (a: Self, b: Self) -> Self
  /// The product.
  @_disfavoredOverload static func * (a: Self, b: Self) -> Self
  /// The quotient.
  @_disfavoredOverload static func / (a: Self, b: Self) -> Self

  /// The sum; 0 of nothing.
  static func sum(_ terms: [Self]) -> Self
  /// Σ left[i] · right[i], of two lists of one length.
  static func dot(_ left: [Self], _ right: [Self]) -> Self
  /// Σ weights[i] · terms[i] with plain numbers as weights, of two lists of one length.
  static func dot(_ weights: [Double], _ terms: [Self]) -> Self
  /// log Σ exp(terms[i]) without overflow; -∞ of nothing.
  static func logSumExp(_ terms: [Self]) -> Self
}

extension Double: DifferentiableNumber {
  /// The number itself.
  @inlinable @inline(__always)
  public init(constant number: Double) { self = number }

  /// The number itself.
  @inlinable @inline(__always)
  public var number: Double { self }

  /// The sum; 0 of nothing.
  @inlinable
  public static func sum(_ terms: [Double]) -> Double {
    var sum = 0.0
    for term in terms { sum += term }
    return sum
  }

  /// Σ left[i] · right[i], of two lists of one length.
  @inlinable
  public static func dot(_ left: [Double], _ right: [Double]) -> Double {
    require(left.count == right.count, "a dot product takes two lists of one length")
    return mg_vector_dot(left, right, Int64(left.count))
  }

  /// log Σ exp(terms[i]) without overflow; -∞ of nothing.
  @inlinable
  public static func logSumExp(_ terms: [Double]) -> Double { Micrograd.logSumExp(terms) }
}

extension Value: DifferentiableNumber {
  /// A number without a node, as ``constant(_:)`` makes.
  @inlinable @inline(__always)
  public init(constant number: Double) { self = .constant(number) }

  /// The number itself; ``data``.
  @inlinable @inline(__always)
  public var number: Double { data }

  /// The sum of the terms, one node; 0 of nothing.
  @inlinable
  public static func sum(_ terms: [Value]) -> Value { Micrograd.sum(terms) }

  /// Σ left[i] · right[i], one node, of two lists of one length.
  @inlinable
  public static func dot(_ left: [Value], _ right: [Value]) -> Value { Micrograd.dot(left, right) }

  /// Σ weights[i] · terms[i], one node, of two lists of one length.
  @inlinable
  public static func dot(_ weights: [Double], _ terms: [Value]) -> Value { Micrograd.dot(weights, terms) }

  /// log Σ exp(terms[i]) without overflow, one node; -∞ of nothing.
  @inlinable
  public static func logSumExp(_ terms: [Value]) -> Value { Micrograd.logSumExp(terms) }
}
