/// The size and the cost of a program; see ``CompiledFunction/figures(of:path:)``.
public struct ProgramFigures: Sendable, Hashable {
  /// The number of recorded nodes, including inputs.
  public let recordedNodes: Int
  /// The number of recorded nodes on which no result and no comparison depends.
  public let unusedNodes: Int
  /// The number of recorded nodes that always have the same value as another node.
  public let mergedNodes: Int
  /// The number of recorded nodes that are constants: they were computed while compiling.
  public let constantNodes: Int
  /// The number of values, besides parameters, that do not depend on the sample. They are computed once a call.
  public let hoistedValues: Int
  /// The number of instructions. Each is run over a block of samples at a time.
  public let instructions: Int
  /// The number of rows. A row has one number per sample of a block. Rows are reused.
  public let rows: Int
  /// The largest number of samples in a block, chosen so that its rows fit the nearest cache.
  public let samplesPerBlock: Int
  /// The number of floating-point operations per sample: additions, multiplications, divisions, comparisons, functions and
  /// derivatives of functions count as one each. Operations of a ``CustomOperation`` are not counted.
  public let operations: Int
  /// The number of operations that share an instruction with others: in a sum or a matrix product.
  public let fusedOperations: Int
  /// The bytes of rows that instructions read and write per sample.
  public let bytes: Int

  /// The size of the rows of a block in bytes.
  public var bytesOfRows: Int { 8 * rows * samplesPerBlock }
}
