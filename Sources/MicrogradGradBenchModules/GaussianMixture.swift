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
  package func logPosterior(_ points: [[Double]], _ prior: Wishart) -> T {
    let dimensions = means[0].count
    var terms: [T] = []
    let scales = diagonals.map { $0.map { T.exp($0) } }
    let sums = diagonals.map { T.sum($0) }
    var exponents = weights
    // Q, a row in one piece.
    let roots = zip(rows, scales).map { rows, scales in
      zip(rows, scales).map { row, scale in row.map { 1.0 * $0 } + [1.0 * scale] }
    }
    let heads = zip(weights, sums).map { $0 + $1 }
    var distances = [[T]](repeating: [], count: dimensions)
    for point in points {
      for k in weights.indices {
        let difference = (0..<dimensions).map { point[$0] - means[k][$0] }
        for j in 0..<dimensions { distances[j] = Array(difference[...j]) }
        let z = (0..<dimensions).map { T.dot(roots[k][$0], distances[$0]) }
        exponents[k] = heads[k] - 0.5 * T.dot(z, z)
      }
      terms.append(logSumExp(exponents))
    }
    let likelihood = T.sum(terms) - Double(points.count) * (halfLogTau * Double(dimensions) + logSumExp(weights))
    return likelihood + logPrior(prior, scales, sums)
  }

  func logPrior(_ prior: Wishart, _ scales: [[T]], _ sums: [T]) -> T {
    let dimensions = means[0].count
    let squares = T.sum(scales.map { T.dot($0, $0) }) + T.sum(rows.joined().filter { !$0.isEmpty }.map { T.dot($0, $0) })
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
