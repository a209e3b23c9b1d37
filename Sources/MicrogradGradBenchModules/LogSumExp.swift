import Micrograd

/// log Σ exp(xᵢ), shifted by the largest so that nothing overflows, out of primitive operations, as GradBench asks for.
package func primitiveLogSumExp(_ x: [Value]) -> Value {
  let terms = Matrix(rows: 1, columns: x.count, values: x)
  var largest = -Double.infinity
  for number in terms.data { largest = max(largest, number) }
  return largest + log((terms - largest).exp().sum())
}

extension Module {
  static let lse = Module(
    name: "lse",
    functions: [
      "primal": Function { (input: LogSumExpInput) in number(at: input.x) { primitiveLogSumExp($0) } },
      "gradient": Function { (input: LogSumExpInput) in gradient(at: input.x) { primitiveLogSumExp($0) } },
    ])
}

/// The exponents.
package struct LogSumExpInput: Input {
  let x: [Double]

  package func check() throws(InputError) { try expect(!x.isEmpty, "x is empty") }
}
