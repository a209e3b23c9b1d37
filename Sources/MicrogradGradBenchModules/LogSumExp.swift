import Micrograd

/// log Σ exp(xᵢ), shifted by the largest so that nothing overflows, out of primitive operations.
package func logSumExp<T: DifferentiableNumber>(_ x: [T]) -> T {
  var largest = -Double.infinity
  for element in x { largest = max(largest, element.number) }
  return largest + T.log(.sum(x.map { .exp($0 - largest) }))
}

extension Module {
  static let lse = Module(
    name: "lse",
    functions: [
      "primal": Function { (input: LogSumExpInput) in logSumExp(input.x) },
      "gradient": Function { (input: LogSumExpInput) in gradient(at: input.x) { logSumExp($0) } },
    ])
}

/// The exponents.
package struct LogSumExpInput: Input {
  let x: [Double]

  package func check() throws(InputError) { try expect(!x.isEmpty, "x is empty") }
}
