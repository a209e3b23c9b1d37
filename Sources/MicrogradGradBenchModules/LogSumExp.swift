import Micrograd

/// log Σ exp(xᵢ), shifted by the largest so that nothing overflows, out of primitive operations, as GradBench asks for.
package func primitiveLogSumExp<T: DifferentiableNumber>(_ x: [T]) -> T {
  var largest = -Double.infinity
  for element in x { largest = max(largest, element.number) }
  return largest + T.log(.sum(x.map { .exp($0 - largest) }))
}

extension Module {
  static let lse = Module(
    name: "lse",
    functions: [
      "primal": Function { (input: LogSumExpInput) in primitiveLogSumExp(input.x) },
      "gradient": Function { (input: LogSumExpInput) in gradient(at: input.x) { primitiveLogSumExp($0) } },
    ])
}

/// The exponents.
package struct LogSumExpInput: Input {
  let x: [Double]

  package func check() throws(InputError) { try expect(!x.isEmpty, "x is empty") }
}
