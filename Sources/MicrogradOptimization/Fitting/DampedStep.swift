import Micrograd

/// Finds the step s that minimises `|r + J s|` subject to `|D s| ≤ radius`, to a tenth of the radius.
///
/// It solves `(JᵀJ + λ D²) s = -Jᵀr` for some λ ≥ 0, as in J. J. Moré, *The Levenberg–Marquardt algorithm: implementation
/// and theory* (1978). For each λ it solves the least-squares problem `[J; √λ D] s = [-r; 0]`, with the triangle R of J in
/// place of J. JᵀJ is never formed, because it has only half the digits.
internal struct DampedStep {
  private let triangle: QRFactorization
  private let projection: [Double]
  private let scale: [Double]
  private let rank: Int
  /// `|D⁻¹ Jᵀ r|`.
  private let slope: Double

  /// - Parameters:
  ///   - columns: The columns of the free parameters, of R in place of J.
  ///   - values: The first elements of Qᵀr, in place of r.
  ///   - rowCount: The number of residuals.
  ///   - scale: The diagonal of D; all elements positive.
  init(columns: Columns, values: [Double], rowCount: Int, scale: [Double]) {
    triangle = QRFactorization(columns)
    projection = triangle.projection(values)
    self.scale = scale
    rank = triangle.rank(tolerance: Double.ulpOfOne * Double(max(rowCount, 10)))
    slope = euclideanNorm(zip(columns.transposedTimes(values), scale).map { $0 / $1 })
  }

  /// The norm of the projection of r onto the columns.
  var reach: Double { euclideanNorm(Array(projection.prefix(rank))) }

  /// Returns the step and its λ.
  func step(within radius: Double, guess: Double) -> (step: [Double], damping: Double) {
    let newton = triangle.unpermuted(triangle.solve(projection.map { -$0 }, rank: rank))
    var excess = norm(newton) - radius
    if excess <= 0.1 * radius { return (newton, 0) }

    // The solution is between these bounds; φ(λ) = |D s(λ)| - radius is convex and decreasing.
    var lower = 0.0
    if rank == scale.count { lower = excess / radius / decay(newton, triangle) }
    var upper = slope / radius
    if upper == 0 { upper = Double.leastNormalMagnitude / min(radius, 0.1) }
    var damping = min(max(guess, lower), upper)
    if damping == 0 { damping = slope / norm(newton) }
    var step = newton
    for iteration in 1...10 {
      if damping == 0 { damping = max(Double.leastNormalMagnitude, 0.001 * upper) }
      let damped = self.damped(damping)
      step = damped.unpermuted(damped.solve(rightHandSide(of: damped), rank: scale.count))
      let last = excess
      excess = norm(step) - radius
      if abs(excess) <= 0.1 * radius || (lower == 0 && excess <= last && last < 0) || iteration == 10 { break }
      let correction = excess / radius / decay(step, damped)
      if excess > 0 { lower = max(lower, damping) }
      if excess < 0 { upper = min(upper, damping) }
      damping = max(lower, damping + correction)
    }
    return (step, damping)
  }

  private func norm(_ step: [Double]) -> Double { euclideanNorm(zip(step, scale).map { $0 * $1 }) }

  /// Returns `|R⁻ᵀ Pᵀ D² s| / |D s|` squared, for Newton's step for λ.
  private func decay(_ step: [Double], _ factors: QRFactorization) -> Double {
    let length = norm(step)
    let direction = factors.order.map { scale[$0] * (scale[$0] * step[$0] / length) }
    let solved = euclideanNorm(factors.solveTransposed(direction))
    return solved * solved
  }

  /// Returns the QR factors of `[R Pᵀ; √λ D]`.
  private func damped(_ damping: Double) -> QRFactorization {
    let count = scale.count
    var matrix = Columns(rows: 2 * count, columns: count)
    let root = damping.squareRoot()
    for (k, column) in triangle.order.enumerated() {
      for i in 0...k { matrix[i, column] = triangle.r(i, k) }
      matrix[count + column, column] = root * scale[column]
    }
    return QRFactorization(matrix)
  }

  /// Returns the projection of its right-hand side `[-Qᵀr; 0]`.
  private func rightHandSide(of factors: QRFactorization) -> [Double] {
    factors.projection(projection.map { -$0 } + [Double](repeating: 0, count: scale.count))
  }
}
