import CMicrograd

/// The way to record a layer of neurons.
public enum Evaluation: String, CaseIterable, Sendable {
  /// One node per multiplication, addition and activation, in micrograd's order.
  case scalar
  /// One node per neuron.
  case fused
  /// One block per layer and batch. Large matrix products use OpenBLAS if ``blasDescription`` names it, else the engine's
  /// own kernels.
  case blas
  /// ``blas`` for a batch; for one sample ``fused`` or ``blas``, whichever is faster for the size of the layer.
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

/// The BLAS library in use: OpenBLAS's version, kernels and threading, and the path of its file; or "none (own kernels)"
/// and the reason.
///
/// For example `OpenBLAS 0.3.21 DYNAMIC_ARCH SkylakeX MAX_THREADS=64 (/lib/x86_64-linux-gnu/libopenblas.so.0)`.
///
/// OpenBLAS is loaded when a large product first needs it, or when this is read. It speeds up large layers and batches;
/// everything works without it. It is not used where it would not help:
///
/// - if it is not found, has 64-bit integers, or the package is built without the trait `OpenBLAS`;
/// - if it took kernels that are slower on this processor than the engine's own;
/// - if the memory of the process is limited (`ulimit -v`), as OpenBLAS waits forever for memory that it does not get.
///
/// Environment variables of the program choose, before the library is loaded:
///
/// - `MICROGRAD_BLAS`: `none`, or the path of an OpenBLAS to use in any case.
/// - `OPENBLAS_CORETYPE`: the processor whose kernels OpenBLAS takes. Unless it is set, the engine names the kernels for
///   the widest vectors of an x86-64 processor on Linux, which an OpenBLAS older than the processor does not find.
/// - `OPENBLAS_NUM_THREADS`: the number of threads that OpenBLAS uses; unless it is set, one a core.
public var blasDescription: String { String(cString: mg_blas_description()) }
