// A Gaussian process fitted by its marginal likelihood.
//
// The kernel of two points at a distance d is a² exp(-d² / 2l²); the noise adds n² on the diagonal. The three numbers
// minimise the negative logarithm of the marginal likelihood (Rasmussen and Williams, "Gaussian Processes for Machine
// Learning", 2006, equation 2.30): (yᵀ K⁻¹ y + log |K| + m log 2π) / 2. Its derivatives go through a Cholesky factor.
import Foundation
import Micrograd
import MicrogradNN
import MicrogradOptimization

// Forty noisy values of a sine. NumPy draws the same numbers from this seed.
var random = NumPyRandom(seed: 7)
let x = random.uniform(0, 10, count: 40)
let noise = random.normal(standardDeviation: 0.1, count: 40)
let y = zip(x, noise).map { x, noise in sin(x) + noise }

/// The data, and what the kernel needs of them.
struct MarginalLikelihood {
  let y: [Double]
  let squaredDistances: Matrix

  init(x: [Double], y: [Double]) {
    self.y = y
    squaredDistances = .constant(x.map { u in x.map { v in (u - v) * (u - v) } })
  }

  /// Returns the matrix of the kernel, from the logarithms of amplitude, length scale and noise.
  func covariance(_ p: [Value]) -> Matrix {
    let (amplitude, shrinkage, noise) = (exp(2 * p[0]), -0.5 * exp(-2 * p[1]), exp(2 * p[2]))
    return squaredDistances.scaled(by: shrinkage).exp().scaled(by: amplitude)
      + Matrix.identity(y.count).scaled(by: noise)
  }

  /// Returns the negative logarithm of the marginal likelihood. It is infinite where the matrix is not positive definite:
  /// the minimiser then takes a shorter step.
  func loss(_ p: [Value]) -> Value {
    guard let factor = try? covariance(p).cholesky(),
      let white = try? factor.solveTriangular(Matrix.constant(y.map { [$0] }))
    else { return .constant(.infinity) }
    let halfLogDeterminant = factor.diagonal.matrix.log().sum()
    return 0.5 * white.squared().sum() + halfLogDeterminant + 0.5 * Double(y.count) * log(2 * Double.pi)
  }
}

let likelihood = MarginalLikelihood(x: x, y: y)
let start = [log(0.5), log(2), log(0.3)]
let fit = try minimize(likelihood.loss, from: start, method: .trustRegion)

func text(_ x: Double) -> String { String(format: "%.3f", x) }

// scikit-learn's GaussianProcessRegressor, on the same numbers, finds the same.
print("converged:", fit.isConverged)  // prints: converged: true
print("amplitude:", text(exp(fit.position[0])))  // prints: amplitude: 0.916
print("length scale:", text(exp(fit.position[1])))  // prints: length scale: 1.783
print("noise:", text(exp(fit.position[2])))  // prints: noise: 0.114
print("log marginal likelihood:", text(-fit.value))  // prints: log marginal likelihood: 12.166

// The prediction at 5, with its standard deviation: the mean is kᵀ K⁻¹ y, the variance a² - kᵀ K⁻¹ k.
let (amplitude, lengthScale) = (exp(fit.position[0]), exp(fit.position[1]))
let k = x.map { amplitude * amplitude * exp(-($0 - 5) * ($0 - 5) / (2 * lengthScale * lengthScale)) }
let weights = try likelihood.covariance(fit.position.map { .constant($0) }).solve(
  Matrix.constant(zip(y, k).map { [$0, $1] }))
let mean = zip(k, weights.column(0).data).map(*).reduce(0, +)
let variance = amplitude * amplitude - zip(k, weights.column(1).data).map(*).reduce(0, +)
print("f(5) =", text(mean), "±", text(variance.squareRoot()))  // prints: f(5) = -0.973 ± 0.037
