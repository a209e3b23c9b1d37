import Micrograd

/// Residuals under a robust loss, as residuals whose squares are the losses.
///
/// A step uses the curvature of the losses themselves, after B. Triggs and others, *Bundle adjustment: a modern synthesis* (2000),
/// 4.3: a row of the Jacobian is multiplied by s, the residual of the linear model is ψ / s. So the gradient is exact. s² is the second
/// derivative of the loss, ψ', but at least a tenth of the weight ρ', so that the model is bounded below.
internal final class RobustResiduals: Residuals {
  private let inner: Residuals
  private let loss: FitLoss
  /// The residuals that were evaluated last, and where.
  private var last: (parameters: [Double], residuals: [Double])?

  init(_ inner: Residuals, _ loss: FitLoss) {
    self.inner = inner
    self.loss = loss
    super.init { _ in [] }  // Not called: all evaluations are those of `inner`.
  }

  override var evaluation: FunctionEvaluation { inner.evaluation }

  override func prepare(at parameters: [Double]) { inner.prepare(at: parameters) }

  override func numbers(at parameters: [Double]) -> [Double] {
    let residuals = inner.numbers(at: parameters)
    last = (parameters, residuals)
    return residuals.map(loss.root)
  }

  override func derivatives(at parameters: [Double]) -> Columns { inner.derivatives(at: parameters) }

  override func makePoint(_ parameters: [Double], _ residuals: [Double], _ jacobian: consuming Columns) -> FitPoint {
    var jacobian = jacobian
    let weights = plain(at: parameters).map { ($0, loss.weight($0)) }
    let scales = weights.map { max($1.slope, 0.1 * $1.weight).squareRoot() }
    let linear = zip(weights, scales).map { $1 > 0 ? $0.0 * ($0.1.weight / $1) : 0 }
    jacobian.multiplyRows(by: scales)
    return FitPoint(parameters: parameters, residuals: residuals, jacobian: jacobian, linear: linear)
  }

  override func withoutLoss(_ point: FitPoint) -> FitPoint {
    FitPoint(
      parameters: point.parameters, residuals: plain(at: point.parameters),
      jacobian: inner.derivatives(at: point.parameters))
  }

  private func plain(at parameters: [Double]) -> [Double] {
    if let last, last.parameters == parameters { return last.residuals }
    return inner.numbers(at: parameters)
  }
}
