import Foundation

/// The textbook's engine: what `Micrograd` has to compute, in the plainest Swift that computes it.
///
/// Every number of an expression is an object. It knows the objects from which it was computed and how to pass its own
/// derivative on to them, by the chain rule:
///
///     let x = Reference(3)
///     let y = x * x + x      // y.data == 12
///     y.backward()           // x.grad == 7
///
/// An object a number and a closure an operation make it a few hundred times slower than a tape, and that is all that is
/// wrong with it. Tests record the same graph here and there and compare.
final class Reference {
  let data: Double
  /// The derivative of the last root with respect to this number. Leaves accumulate those of all roots.
  var grad = 0.0

  private let operands: [Reference]
  /// Maps the derivative of the root with respect to this number to the contribution to each operand.
  private let passOn: (_ grad: Double) -> [Double]

  init(_ data: Double) {
    self.data = data
    operands = []
    passOn = { _ in [] }
  }

  private init(_ data: Double, _ operands: [Reference], _ passOn: @escaping (Double) -> [Double]) {
    self.data = data
    self.operands = operands
    self.passOn = passOn
  }

  var isLeaf: Bool { operands.isEmpty }

  /// Computes the derivatives of this number, times `seed`, with respect to everything it was computed from.
  ///
  /// A number may pass its derivative on only after all its users have added theirs. Going backwards through
  /// `numbersBelow`, where operands come before their users, ensures that.
  func backward(seed: Double = 1) {
    let order = numbersBelow()
    for number in order where !number.isLeaf { number.grad = 0 }
    grad += seed
    for number in order.reversed() {
      for (operand, share) in zip(number.operands, number.passOn(number.grad)) { operand.grad += share }
    }
  }

  /// Returns this number and everything it was computed from, operands before their users.
  ///
  /// This is a depth-first search with its own stack: graphs are deeper than call stacks. A number is first met on the way
  /// down and put back below its operands. It is met again on the way up, when they are done.
  private func numbersBelow() -> [Reference] {
    var order: [Reference] = []
    var met: Set<ObjectIdentifier> = [], done: Set<ObjectIdentifier> = []
    var stack = [self]
    while let number = stack.popLast() {
      if met.insert(ObjectIdentifier(number)).inserted {
        stack.append(number)
        stack += number.operands
      } else if done.insert(ObjectIdentifier(number)).inserted {
        order.append(number)
      }
    }
    return order
  }
}

// MARK: - Operations, each with its derivative

extension Reference {
  static func + (x: Reference, y: Reference) -> Reference {
    Reference(x.data + y.data, [x, y]) { [$0, $0] }
  }
  static func - (x: Reference, y: Reference) -> Reference {
    Reference(x.data - y.data, [x, y]) { [$0, -$0] }
  }

  static func * (x: Reference, y: Reference) -> Reference {
    Reference(x.data * y.data, [x, y]) { [$0 * y.data, $0 * x.data] }
  }

  static func / (x: Reference, y: Reference) -> Reference {
    Reference(x.data / y.data, [x, y]) { [$0 / y.data, -$0 * x.data / (y.data * y.data)] }
  }

  static prefix func - (x: Reference) -> Reference { Reference(-x.data, [x]) { [-$0] } }

  /// x to the power of a constant. Squares and cubes are products, which rounds a little differently.
  func power(_ n: Double) -> Reference {
    let x = data
    let y = n == 2 ? x * x : n == 3 ? x * x * x : pow(x, n)
    return Reference(y, [self]) { [$0 * n * pow(x, n - 1)] }
  }

  func relu() -> Reference {
    let x = data
    return Reference(x < 0 ? 0 : x, [self]) { [x > 0 ? $0 : 0] }
  }

  func exp() -> Reference {
    let y = Foundation.exp(data)
    return Reference(y, [self]) { [$0 * y] }
  }

  func tanh() -> Reference {
    let y = roundedHyperbolicTangent(data)
    let slope = 1 / (cosh(data) * cosh(data))  // 1 - y² cancels where y comes close to 1
    return Reference(y, [self]) { [$0 * slope] }
  }
}
