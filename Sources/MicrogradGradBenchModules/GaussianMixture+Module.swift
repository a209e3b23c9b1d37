import Micrograd

extension Module {
  static let gmm = Module(
    name: "gmm",
    functions: [
      "objective": Function { (input: GaussianMixtureInput) in input.objective() },
      "jacobian": Function { (input: GaussianMixtureInput) in input.jacobian() },
    ])
}

/// A mixture, points and a prior, named as GradBench names them.
package struct GaussianMixtureInput: Input {
  let d: Int
  let k: Int
  let n: Int
  let x: [[Double]]
  let m: Int
  let gamma: Double
  let alpha: [Double]
  let mu: [[Double]]
  let q: [[Double]]
  /// Below the diagonals, column by column.
  let l: [[Double]]

  package init(
    d: Int, k: Int, n: Int, x: [[Double]], m: Int, gamma: Double, alpha: [Double], mu: [[Double]], q: [[Double]],
    l: [[Double]]
  ) {
    (self.d, self.k, self.n, self.x, self.m, self.gamma) = (d, k, n, x, m, gamma)
    (self.alpha, self.mu, self.q, self.l) = (alpha, mu, q, l)
  }

  package func check() throws(InputError) {
    try expect(d > 0 && k > 0 && n > 0, "d is \(d), k is \(k) and n is \(n): there is at least one of each")
    try expect(alpha.count == k, "alpha has \(alpha.count) elements, not k = \(k)")
    try expectShape("x", x, n, d)
    try expectShape("mu", mu, k, d)
    try expectShape("q", q, k, d)
    try expectShape("l", l, k, d * (d - 1) / 2)
    try expect(gamma > 0 && m >= 0, "gamma is \(gamma) and m is \(m): the prior needs gamma > 0 and m ≥ 0")
  }

  /// The logarithm of the posterior.
  package func objective() -> Double { objective(at: parameters) }

  func objective(at parameters: [Double]) -> Double { number(at: parameters) { logPosterior($0) } }

  /// Its gradient, in the shapes of the input.
  package func jacobian() -> GaussianMixtureGradient { GaussianMixtureGradient(measured().gradient, k, d) }

  /// Both, the gradient in one list.
  package func measured() -> Measured { Measured(at: parameters) { logPosterior($0) } }

  func logPosterior(_ parameters: [Value]) -> Value {
    GaussianMixture(parameters, components: k, dimensions: d)
      .logPosterior(.constant(x), Wishart(gamma: gamma, m: m))
  }

  /// alpha, mu, q and then l, this row by row.
  var parameters: [Double] {
    let order = rowOrder(d)
    return alpha + mu.joined() + q.joined() + l.flatMap { columns in order.map { columns[$0] } }
  }
}

/// The derivatives by each parameter.
package struct GaussianMixtureGradient: Encodable {
  package let alpha: [Double]
  package let mu: [[Double]]
  package let q: [[Double]]
  package let l: [[Double]]

  init(_ gradient: [Double], _ k: Int, _ d: Int) {
    let order = rowOrder(d)
    var rest = gradient[...]
    func take(_ rows: Int, _ columns: Int) -> [[Double]] {
      defer { rest = rest.dropFirst(rows * columns) }
      return (0..<rows).map { row in (0..<columns).map { rest[rest.startIndex + row * columns + $0] } }
    }
    (alpha, mu, q) = (take(1, k)[0], take(k, d), take(k, d))
    l = take(k, order.count).map { rows in
      var columns = rows
      for (position, element) in zip(order, rows) { columns[position] = element }
      return columns
    }
  }
}

/// For each element below a diagonal, row by row, its place among them column by column.
private func rowOrder(_ d: Int) -> [Int] {
  (0..<d).flatMap { row in (0..<row).map { column in column * (2 * d - column - 1) / 2 + row - column - 1 } }
}
