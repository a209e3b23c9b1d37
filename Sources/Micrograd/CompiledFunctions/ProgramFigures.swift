/// What a program consists of and what it costs; see ``CompiledFunction/figures(of:path:)``.
public struct ProgramFigures: Sendable, Hashable {
  /// How many nodes the recording had, its inputs included.
  public let recordedNodes: Int
  /// Recorded nodes on which no result and no comparison depends.
  public let unusedNodes: Int
  /// Recorded nodes that have the same value as another, whatever the numbers.
  public let mergedNodes: Int
  /// Recorded nodes that are the same number for all samples and parameters: it was computed while compiling.
  public let constantNodes: Int
  /// Values that do not depend on the sample, beside the parameters: they are computed once a call.
  public let hoistedValues: Int
  /// Instructions, each of them run over a block of samples at a time.
  public let instructions: Int
  /// Rows: numbers of which each sample in a block has one. Rows are used again when nobody needs what is in them.
  public let rows: Int
  /// How many samples a block has at most, such that its rows stay in the nearest cache.
  public let samplesPerBlock: Int
  /// Floating-point operations a sample: additions, multiplications, divisions, comparisons, and each function and each
  /// derivative of one as one. What a ``CustomOperation`` does is not counted.
  public let operations: Int
  /// How many of them are done within an instruction with others: in a sum, or a matrix.
  public let fusedOperations: Int
  /// Bytes of rows that instructions read and write, a sample.
  public let bytes: Int

  /// Bytes that the rows of a block take.
  public var bytesOfRows: Int { 8 * rows * samplesPerBlock }
}
