import Foundation
import Micrograd

/// The name by which the formulas know it.
package typealias Value = CountedNumber

/// A plain number that counts the operations by which it was computed: as many as a Value records nodes.
package struct CountedNumber: Sendable, Equatable {
  package var number: Double

  /// Operations since it was last set to zero. The tests run one after the other.
  nonisolated(unsafe) package static var operationCount = 0

  /// A number of a formula's point.
  package init(counted number: Double) { self.number = number }

  /// A leaf.
  init(_ number: Double) { self.init(operations: 1, number) }

  fileprivate init(operations: Int, _ number: Double) {
    CountedNumber.operationCount += operations
    self.number = number
  }
}

extension CountedNumber {
  static func + (a: Self, b: Self) -> Self { Self(operations: 1, a.number + b.number) }
  static func + (a: Self, b: Double) -> Self { Self(operations: 1, a.number + b) }
  static func + (a: Double, b: Self) -> Self { Self(operations: 1, a + b.number) }
  static func - (a: Self, b: Self) -> Self { Self(operations: 1, a.number - b.number) }
  static func - (a: Self, b: Double) -> Self { Self(operations: 1, a.number - b) }
  static func - (a: Double, b: Self) -> Self { Self(operations: 1, a - b.number) }
  static func * (a: Self, b: Self) -> Self { Self(operations: 1, a.number * b.number) }
  static func * (a: Self, b: Double) -> Self { Self(operations: 1, a.number * b) }
  static func * (a: Double, b: Self) -> Self { Self(operations: 1, a * b.number) }
  static func / (a: Self, b: Self) -> Self { Self(operations: 1, a.number / b.number) }
  static func / (a: Self, b: Double) -> Self { Self(operations: 1, a.number / b) }
  static func / (a: Double, b: Self) -> Self { Self(operations: 1, a / b.number) }
  static func ** (a: Self, b: Self) -> Self { Self(operations: 1, pow(a.number, b.number)) }
  static func ** (a: Self, b: Double) -> Self { Self(operations: 1, pow(a.number, b)) }
  static func ** (a: Double, b: Self) -> Self { Self(operations: 1, pow(a, b.number)) }
  @_disfavoredOverload static func ** (a: Self, n: Int) -> Self { a ** Double(n) }
  static prefix func - (a: Self) -> Self { Self(operations: 1, -a.number) }
  static func += (a: inout Self, b: Self) { a = a + b }
  @_disfavoredOverload static func += (a: inout Self, b: Double) { a = a + b }
  static func < (a: Self, b: Double) -> Bool { a.number < b }

  func exp() -> Self { Self(operations: 1, Foundation.exp(number)) }
  func relu() -> Self { Self(operations: 1, Swift.max(number, 0)) }

}

extension Sequence where Element == CountedNumber {
  /// One operation, as a sum of Values is.
  func sum() -> CountedNumber { CountedNumber(operations: 1, reduce(0) { $0 + $1.number }) }
}

func sum(_ terms: [CountedNumber]) -> CountedNumber { terms.sum() }

func exp(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.exp(x.number)) }
func log(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.log(x.number)) }
func log10(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.log10(x.number)) }
func sqrt(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, x.number.squareRoot()) }
func sin(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.sin(x.number)) }
func cos(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.cos(x.number)) }
func tan(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.tan(x.number)) }
func asin(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.asin(x.number)) }
func atan(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.atan(x.number)) }
func tanh(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.tanh(x.number)) }
func erf(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.erf(x.number)) }
func erfc(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Foundation.erfc(x.number)) }
func logGamma(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, lgamma(x.number)) }
func sigmoid(_ x: CountedNumber) -> CountedNumber {
  CountedNumber(operations: 1, 1 / (1 + Foundation.exp(-x.number)))
}
func abs(_ x: CountedNumber) -> CountedNumber { CountedNumber(operations: 1, Swift.abs(x.number)) }

/// Two operations: the constant becomes a leaf of an operation on two Values.
func max(_ x: CountedNumber, _ y: Double) -> CountedNumber {
  CountedNumber(operations: 2, Swift.max(x.number, y))
}
