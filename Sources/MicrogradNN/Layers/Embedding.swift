import Micrograd

/// A table of rows, looked up by number: PyTorch's `nn.Embedding`.
///
/// Its parameter is `weight` [count, width], drawn from a normal distribution.
public struct Embedding: Model {
  private let block: Parameters

  /// How many rows the table has.
  public let count: Int
  /// How many numbers a row has.
  public let width: Int

  /// A table of `count` rows with `width` numbers, at least 1 each, drawn row by row from the standard normal distribution.
  public init(count: Int, width: Int, using random: inout PythonRandom) {
    require(count >= 1 && width >= 1, "a table has at least one row and one column")
    let size = checkedCount("Embedding(count: \(count), width: \(width))", count, width)
    block = Parameters((0..<size).map { _ in random.gauss() })
    self.count = count
    self.width = width
  }

  private var table: Matrix { block.matrix(rows: count, columns: width) }

  /// The table, row by row.
  public var parameters: [Value] { Array(block) }

  /// `weight` [count, width].
  public var namedParameters: [NamedParameter] { [NamedParameter("weight", shape: [count, width], block)] }

  /// The rows of some numbers, 0 to count - 1 each, one below the other.
  public func callAsFunction(_ indices: [Int]) -> Matrix { table.gathering(rows: indices) }

  /// For each sample the rows of its numbers, side by side: from rows × n numbers to rows × (n · width).
  ///
  /// - Precondition: The numbers are whole, 0 to count - 1; no gradient flows into them.
  public func callAsFunction(_ batch: Matrix) -> Matrix { Embedding.look(up: batch, in: table) }

  /// The table on plain numbers.
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
