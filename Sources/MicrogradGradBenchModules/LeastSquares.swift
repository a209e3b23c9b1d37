import Micrograd

/// ½ Σ (s(t) - Σ xⱼ tʲ)²: how far a polynomial is from the sign function s, at `count` points t from -1 to 1.
///
/// The values of the polynomial are one affine map of the powers of t.
package func leastSquares(_ x: [Value], count: Int) -> Value {
  var powers: [Double] = [], signs: [Double] = []
  powers.reserveCapacity(count * x.count)
  signs.reserveCapacity(count)
  for i in 0..<count {
    let t = -1 + 2 * Double(i) / Double(count - 1)
    var power = 1.0
    for _ in x.indices {
      powers.append(power)
      power *= t
    }
    signs.append(t > 0 ? 1 : t < 0 ? -1 : 0)
  }
  let polynomial = Matrix.constant(rows: count, columns: x.count, powers)
    .affine(weights: Matrix(rows: 1, columns: x.count, values: x))
  let residuals = polynomial - Matrix.constant(rows: count, columns: 1, signs)
  return 0.5 * dot(residuals, residuals)
}

extension Module {
  static let llsq = Module(
    name: "llsq",
    functions: [
      "primal": Function { (input: LeastSquaresInput) in number(at: input.x) { leastSquares($0, count: input.n) } },
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
    // The powers of the points are nodes, of which a tape has 2²⁸.
    try expect(n < (1 << 27) / x.count, "\(n) points for \(x.count) numbers are more than a tape has room for")
  }
}
