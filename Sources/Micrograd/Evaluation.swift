import CMicrograd

/// How a layer of neurons is put on the tape.
public enum Evaluation: String, CaseIterable, Sendable {
  /// Every multiplication, addition and activation a node, in micrograd's order.
  case scalar
  /// One node a neuron.
  case fused
  /// One block a layer and batch, its products of matrices computed by BLAS where the package is built with it and they
  /// are large enough for it to be faster than the engine's own kernels.
  case blas
  /// For a batch ``blas``; for one sample ``fused`` or ``blas``, whichever is faster for the layer's size.
  case automatic

  /// From this many weights on, a block is faster than neurons one by one for a single sample.
  private static let blasWeights = 1 << 14

  /// How one sample is recorded neuron by neuron; `nil` where it is one block.
  internal func recording(weights: Int) -> LayerRecording? {
    switch self {
    case .scalar: .scalar
    case .fused: .fused
    case .blas: nil
    case .automatic: weights >= Evaluation.blasWeights ? nil : .fused
    }
  }
}

/// The BLAS library that the package was built with, with its version, the processor whose kernels it chose, and its
/// threading; "none (own kernels)" when it was built without the trait `OpenBLAS`.
///
/// OpenBLAS 0.3.21, Debian's, does not know processors newer than itself and takes kernels for `Haswell` there, which use half
/// of a vector unit of 512 bits. Where the description names an older processor than yours, start the program with
/// `OPENBLAS_CORETYPE=SkylakeX` (or another that yours can do) in its environment: OpenBLAS reads it when it is loaded, so
/// nothing inside the program can. How many threads OpenBLAS uses is the program's own choice too
/// (`OPENBLAS_NUM_THREADS`, `openblas_set_num_threads`); the engine never changes it.
public var blasDescription: String { String(cString: mg_blas_description()) }
