import Micrograd

/// ½ Σ (s(t) - Σ xⱼ tʲ)²: how far a polynomial is from the sign function s, at `count` points t from -1 to 1.
package func leastSquares<T: DifferentiableNumber>(_ x: [T], count: Int) -> T {
  let residuals = (0..<count).map { i -> T in
    let t = -1 + 2 * Double(i) / Double(count - 1)
    var powers = [1.0]
    for _ in x.indices.dropFirst() { powers.append(powers[powers.count - 1] * t) }
    let sign: Double = t > 0 ? 1 : t < 0 ? -1 : 0
    return sign - .dot(powers, x)
  }
  return 0.5 * .dot(residuals, residuals)
}

extension Module {
  static let llsq = Module(
    name: "llsq",
    functions: [
      "primal": Function { (input: LeastSquaresInput) in leastSquares(input.x, count: input.n) },
      "gradient": Function { (input: LeastSquaresInput) in
        gradient(at: input.x) { leastSquares($0, count: input.n) }
      },
    ])
}

/// The coefficients of the polynomial and how many points there are.
package struct LeastSquaresInput: Input {
  let x: [Double]
  let n: Int

  package func check() throws(InputError) {
    try expect(!x.isEmpty, "x is empty")
    try expect(n > 1, "n is \(n): there are at least two points")
  }
}
