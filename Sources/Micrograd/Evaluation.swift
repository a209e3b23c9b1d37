import CMicrograd

/// How a layer of neurons is put on the tape.
public enum Evaluation: String, CaseIterable, Sendable {
  /// Every multiplication, addition and activation a node, in micrograd's order.
  case scalar
  /// One node a neuron.
  case fused
  /// One node a neuron, the dot products of the layer computed by BLAS where the package is built with it.
  case blas
  /// ``fused`` or ``blas``, whichever is faster for the layer's size.
  case automatic

  /// From this many weights on, BLAS is faster than the engine's own loop, by about a tenth for one sample, also where
  /// it hands parts to other threads.
  private static let blasWeights = 1 << 14

  internal func recording(weights: Int) -> LayerRecording {
    switch self {
    case .scalar: .scalar
    case .fused: .fused
    case .blas: .blas
    case .automatic: weights >= Evaluation.blasWeights ? .blas : .fused
    }
  }
}

/// The BLAS library that the package was built with, with its version and threading; "none (own kernels)" when it was
/// built without the trait `OpenBLAS`.
public var blasDescription: String { String(cString: mg_blas_description()) }
