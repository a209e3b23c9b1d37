import Micrograd

/// Brings every gradient into -bound … bound, as PyTorch's `clip_grad_value_`; NaN stays NaN.
///
/// ```swift
/// loss.backward()
/// clipGradients(of: model, toValue: 0.5)
/// optimizer.step()
/// ```
///
/// - Parameters:
///   - trained: A module or a list of parameters.
///   - bound: The largest magnitude that is left, at least 0.
public func clipGradients(of trained: some Trainable, toValue bound: Double) {
  require(bound >= 0, "toValue is \(bound): it is a number of 0 or more")
  trained.trainedParameters.clampGradients(to: bound)
}

/// Scales all gradients, so that their Euclidean norm is at most `bound`, as PyTorch's `clip_grad_norm_`.
///
/// ```swift
/// loss.backward()
/// clipGradients(of: model, toNorm: 1)
/// optimizer.step()
/// ```
///
/// They are multiplied by min(bound / (norm + 10⁻⁶), 1). Non-finite gradients are let through, as in PyTorch unless told
/// otherwise: where the norm is infinite, finite gradients become 0 and infinite ones NaN; where it is NaN, all do. The
/// norm of finite gradients does not overflow before it is itself too large; in PyTorch it does from 10¹⁵⁴ on.
///
/// - Parameters:
///   - trained: A module or a list of parameters.
///   - bound: The largest norm that is left, at least 0.
/// - Returns: The norm before, 0 of no gradients.
@discardableResult
public func clipGradients(of trained: some Trainable, toNorm bound: Double) -> Double {
  require(bound >= 0, "toNorm is \(bound): it is a number of 0 or more")
  let parameters = trained.trainedParameters
  let norm = parameters.gradientNorm
  let factor = bound / (norm + 1e-6)
  // A factor of NaN is none of 1 or more, and goes on to the gradients.
  if !(factor >= 1) { parameters.scaleGradients(by: factor) }
  return norm
}
