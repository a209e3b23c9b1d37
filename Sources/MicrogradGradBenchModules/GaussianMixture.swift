import Micrograd
import RealModule

/// The parameters of a mixture of Gaussians, as matrices of one row for each component.
///
/// Each component has a lower triangular matrix Q, a square root of its precision.
struct GaussianMixture {
  /// Logarithms of the weights, up to a constant: one row.
  let weights: Matrix
  let means: Matrix
  /// Logarithms of the diagonals of the Q.
  let diagonals: Matrix
  /// The elements of each Q below its diagonal, row by row.
  let rows: ArraySlice<Value>

  /// Takes all parameters from one list, in the order of ``GaussianMixtureInput/parameters``.
  init(_ parameters: [Value], components k: Int, dimensions d: Int) {
    func matrix(_ rows: Int, _ columns: Int, from start: Int) -> Matrix {
      Matrix(rows: rows, columns: columns, values: Array(parameters[start..<start + rows * columns]))
    }
    weights = matrix(1, k, from: 0)
    means = matrix(k, d, from: k)
    diagonals = matrix(k, d, from: k + k * d)
    rows = parameters[(k + 2 * k * d)...]
  }
}

/// A Wishart prior of the precisions.
struct Wishart {
  let gamma: Double
  let m: Int
}

extension GaussianMixture {
  /// The logarithm of the posterior probability of points, one a row, without what depends on neither.
  ///
  /// All Q (x - μ) are one affine map of the points, whose bias is -Q μ.
  func logPosterior(_ points: Matrix, _ prior: Wishart) -> Value {
    let (k, d) = (means.rows, means.columns)
    let roots = roots()
    let shifts = (roots * means.gathering(rows: (0..<k * d).map { $0 / d })).rowSums()
    let z = points.affine(weights: roots, bias: (-shifts).flattened)
    let squares = z.squared().reshaped(rows: points.rows * k, columns: d).rowSums()
    let heads = weights + diagonals.rowSums().reshaped(rows: 1, columns: k)
    let exponents = -0.5 * squares.reshaped(rows: points.rows, columns: k) + heads
    let normalization = Double(points.rows) * (halfLogTau * Double(d) + weights.logSumExp().sum())
    return exponents.logSumExp().sum() - normalization + logPrior(prior, roots)
  }

  /// The rows of all Q, one below the other.
  private func roots() -> Matrix {
    let (k, d) = (means.rows, means.columns)
    let scales = diagonals.exp().values
    let zero = Value.constant(0)
    var elements: [Value] = []
    elements.reserveCapacity(k * d * d)
    var next = rows.startIndex
    for row in 0..<k * d {
      let below = row % d
      elements += rows[next..<next + below]
      elements.append(scales[row])
      for _ in below + 1..<d { elements.append(zero) }
      next += below
    }
    return Matrix(rows: k * d, columns: d, values: elements)
  }

  private func logPrior(_ prior: Wishart, _ roots: Matrix) -> Value {
    let d = means.columns
    let n = Double(d + prior.m + 1)
    let constant = n * Double(d) * Double.log(prior.gamma / 2.0.squareRoot()) - logGamma(n / 2, dimensions: d)
    let squares = prior.gamma * prior.gamma / 2 * dot(roots, roots)
    return Double(means.rows) * constant - squares + Double(prior.m) * diagonals.sum()
  }
}

/// ½ log 2π.
private let halfLogTau = 0.5 * Double.log(2 * Double.pi)

/// The logarithm of the multivariate gamma function.
private func logGamma(_ x: Double, dimensions: Int) -> Double {
  let d = Double(dimensions)
  return d * (d - 1) / 4 * Double.log(.pi) + (0..<dimensions).map { Double.logGamma(x - Double($0) / 2) }.reduce(0, +)
}
