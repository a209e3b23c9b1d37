import Micrograd

/// The square.
package func square<T: DifferentiableNumber>(_ x: T) -> T { x * x }

extension Module {
  static let hello = Module(
    name: "hello",
    functions: [
      "square": Function { (x: Double) in square(x) },
      "double": Function { (x: Double) in gradient(at: x) { square($0) } },
    ])
}

extension Double: Input {}
