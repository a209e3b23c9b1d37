import Micrograd

/// A lookup table of vectors: PyTorch's `nn.Embedding`.
///
/// Its parameter is `weight` [count, width], drawn from the standard normal distribution.
public struct Embedding: Model {
  private let block: Parameters

  /// The number of rows of the table.
  public let count: Int
  /// The number of elements of a row.
  public let width: Int

  /// Creates a table of `count` rows of `width` elements, drawn row by row. Both must be at least 1.
  public init(count: Int, width: Int, using random: inout PythonRandom) {
    require(count >= 1 && width >= 1, "a table has at least one row and one column")
    let size = checkedCount("Embedding(count: \(count), width: \(width))", count, width)
    block = Parameters((0..<size).map { _ in random.gauss() })
    self.count = count
    self.width = width
  }

  private var table: Matrix { block.matrix(rows: count, columns: width) }

  /// The table in row-major order.
  public var parameters: [Value] { Array(block) }

  /// `weight` [count, width].
  public var namedParameters: [NamedParameter] { [NamedParameter("weight", shape: [count, width], block)] }

  /// Returns the rows at some indices, one below the other. Traps if an index is not from 0 to count - 1.
  public func callAsFunction(_ indices: [Int]) -> Matrix { table.gathering(rows: indices) }

  /// Returns the rows at the indices in each sample, side by side: from rows × n indices to rows × (n · width).
  ///
  /// - Precondition: The indices are whole numbers from 0 to count - 1. No gradient flows into them.
  public func callAsFunction(_ batch: Matrix) -> Matrix { Embedding.look(up: batch, in: table) }

  /// Returns a predictor with the table of this moment.
  public func predictor() -> Predictor {
    let (numbers, count, width) = (block.data, count, width)
    return Predictor { Embedding.look(up: $0, in: .constant(rows: count, columns: width, numbers)) }
  }

  private static func look(up batch: Matrix, in table: Matrix) -> Matrix {
    let indices = batch.data.map { number in
      let index = Int(exactly: number)
      require(
        index.map { $0 >= 0 && $0 < table.rows } ?? false,
        "\(number) is looked up in a table of \(table.rows) rows: give whole numbers from 0 to \(table.rows - 1)")
      return index ?? 0
    }
    return table.gathering(rows: indices).reshaped(rows: batch.rows, columns: batch.columns * table.columns)
  }
}
