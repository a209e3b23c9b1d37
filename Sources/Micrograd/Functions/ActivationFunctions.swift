/// What one number and a matrix of them have in common.
package protocol ActivationFunctions {
  func relu() -> Self
  func leakyReLU(slope: Double) -> Self
  func elu(scale: Double) -> Self
  func gelu() -> Self
  func geluTanh() -> Self
  func silu() -> Self
  func softplus() -> Self
  func sigmoid() -> Self
  func tanh() -> Self
}

extension Value: ActivationFunctions {}
extension Matrix: ActivationFunctions {}
