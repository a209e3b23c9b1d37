import Micrograd

/// Clamps every gradient to -bound … bound: PyTorch's `clip_grad_value_`. NaN stays NaN.
///
/// ```swift
/// loss.backward()
/// clipGradients(of: model, toValue: 0.5)
/// optimizer.step()
/// ```
///
/// - Parameters:
///   - trained: A module or a list of parameters.
///   - bound: The largest magnitude of a gradient afterwards, at least 0.
public func clipGradients(of trained: some Trainable, toValue bound: Double) {
  require(bound >= 0, "toValue is \(bound): give a number of at least 0")
  trained.trainedParameters.clampGradients(to: bound)
}

/// Scales all gradients so that their Euclidean norm is at most `bound`: PyTorch's `clip_grad_norm_`.
///
/// ```swift
/// loss.backward()
/// clipGradients(of: model, toNorm: 1)
/// optimizer.step()
/// ```
///
/// Gradients are multiplied by min(bound / (norm + 10⁻⁶), 1). As in PyTorch's default, gradients that are not finite are
/// not an error: if the norm is infinite, finite gradients become 0 and infinite ones NaN; if the norm is NaN, all become
/// NaN. The norm of finite gradients overflows only if it is itself out of range; in PyTorch it overflows from 10¹⁵⁴ on.
///
/// - Parameters:
///   - trained: A module or a list of parameters.
///   - bound: The largest norm afterwards, at least 0.
/// - Returns: The norm before scaling; 0 without gradients.
@discardableResult
public func clipGradients(of trained: some Trainable, toNorm bound: Double) -> Double {
  require(bound >= 0, "toNorm is \(bound): give a number of at least 0")
  let parameters = trained.trainedParameters
  let norm = parameters.gradientNorm
  let factor = bound / (norm + 1e-6)
  // A factor of NaN is not 1 or more either, and is passed on to the gradients.
  if !(factor >= 1) { parameters.scaleGradients(by: factor) }
  return norm
}
