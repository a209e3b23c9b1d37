import Micrograd
import RealModule

/// The parameters of a mixture of Gaussians: `weights` are logarithms of its weights, up to a constant; of the square
/// roots Q of the precisions, lower triangular, there are the logarithms q of the diagonal, and the rows below it.
package struct GaussianMixture<T: DifferentiableNumber> {
  let weights: [T]
  let means: [[T]]
  let diagonals: [[T]]
  let rows: [[[T]]]

  /// All parameters in one list, as ``GaussianMixtureInput/parameters`` has them.
  package init(_ parameters: [T], components: Int, dimensions: Int) {
    var rest = parameters[...]
    func take(_ count: Int) -> [T] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    weights = take(components)
    means = (0..<components).map { _ in take(dimensions) }
    diagonals = (0..<components).map { _ in take(dimensions) }
    rows = (0..<components).map { _ in (0..<dimensions).map { take($0) } }
  }
}

/// A Wishart prior of the precisions.
package struct Wishart {
  let gamma: Double
  let m: Int
}

extension GaussianMixture {
  /// The logarithm of the posterior probability of points, without what depends on neither.
  ///
  /// Q (x - μ) is computed as the product of (-Q μ, Q) and (1, x), whose first column does not depend on the point; so
  /// each element of it is one dot product.
  package func logPosterior(_ points: [[Double]], _ prior: Wishart) -> T {
    let scales = diagonals.map { $0.map { T.exp($0) } }
    let sums = diagonals.map { T.sum($0) }
    let heads = zip(weights, sums).map { $0 + $1 }
    let maps = weights.indices.map { root(rows[$0], scales[$0], means[$0]) }
    var z = means[0]
    var exponents = weights
    let terms = points.map { point in
      let prefixes = prefixes(of: [T(1)] + point.map { T($0) })
      for (k, map) in maps.enumerated() {
        for (j, row) in map.enumerated() { z[j] = .dot(row, prefixes[j]) }
        exponents[k] = heads[k] - .dot(z, z)
      }
      return T.logSumExp(exponents)
    }
    let count = Double(points.count)
    let normalization = count * (halfLogTau * Double(z.count) + T.logSumExp(weights))
    return .sum(terms) - normalization + logPrior(prior, scales, sums)
  }

  /// (-Q μ, Q) / √2, row by row, each in one piece.
  private func root(_ rows: [[T]], _ scales: [T], _ mean: [T]) -> [[T]] {
    let factor = 0.5.squareRoot()
    return rows.indices.map { j in
      let shift = T.dot(rows[j], Array(mean[..<j])) + scales[j] * mean[j]
      return [-factor * shift] + rows[j].map { factor * $0 } + [factor * scales[j]]
    }
  }

  /// The first two of a list, the first three, and so on to all.
  private func prefixes(of list: [T]) -> [[T]] { (2...list.count).map { Array(list[..<$0]) } }

  func logPrior(_ prior: Wishart, _ scales: [[T]], _ sums: [T]) -> T {
    let dimensions = means[0].count
    let squares = T.sum(scales.map { .dot($0, $0) }) + .sum(rows.joined().map { .dot($0, $0) })
    let n = Double(dimensions + prior.m + 1)
    let constant =
      n * Double(dimensions) * Double.log(prior.gamma / 2.0.squareRoot()) - logGamma(n / 2, dimensions: dimensions)
    let gammas = prior.gamma * prior.gamma / 2
    return Double(weights.count) * constant - gammas * squares + Double(prior.m) * T.sum(sums)
  }
}

/// ½ log 2π.
let halfLogTau = 0.5 * Double.log(2 * Double.pi)

/// The logarithm of the multivariate gamma function.
func logGamma(_ x: Double, dimensions: Int) -> Double {
  let d = Double(dimensions)
  return d * (d - 1) / 4 * Double.log(.pi) + (0..<dimensions).map { Double.logGamma(x - Double($0) / 2) }.reduce(0, +)
}
