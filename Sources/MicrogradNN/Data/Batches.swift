import Micrograd

/// Batches of row indices for one pass over a data set. Each row is in exactly one batch.
///
/// All batches have the same size, except that the last may be smaller. A batch is made when it is accessed. No rows are
/// copied.
///
/// ```swift
/// for batch in data.batches(of: 32, shuffledBy: &random) {
///   let rows = batch.map(data.row)  // 32 rows
/// }
/// ```
public struct Batches: RandomAccessCollection, Sendable, Equatable {
  private let order: RowOrder
  private let size: Int

  init(order: RowOrder, size: Int) {
    require(size >= 1, "Cannot make batches of \(size) rows: give 1 or more.")
    self.order = order
    self.size = size
  }

  /// The number of the first batch, 0.
  public var startIndex: Int { 0 }

  /// The number of batches: the number of rows divided by the batch size, rounded up.
  public var endIndex: Int { order.count / size + (order.count.isMultiple(of: size) ? 0 : 1) }

  /// Returns the row indices of batch `position`, 0 to `count` − 1.
  ///
  /// ```swift
  /// let batches = try Dataset(inputs: [[0], [1], [2]], numbers: [0, 0, 0]).batches(of: 2)
  /// batches[1]  // [2]
  /// ```
  public subscript(position: Int) -> [Int] {
    require(indices.contains(position), "There is no batch \(position) among \(count): count them from 0.")
    let first = position * size
    return order.indices(first..<first + Swift.min(size, order.count - first))
  }
}

extension Batches {
  /// Returns up to `count` row indices at the start of a batch.
  internal func start(of batch: Int, count: Int) -> [Int] {
    let first = batch * size
    return order.indices(first..<first + Swift.min(size, count, order.count - first))
  }
}

extension RowSource {
  /// Returns batches of `size` row indices, in order.
  ///
  /// `size` must be at least 1. The last batch is smaller if `size` does not divide `count`.
  ///
  /// ```swift
  /// let line = try Dataset(inputs: [[0], [1], [2], [3], [4]], numbers: [0, 1, 2, 3, 4])
  /// Array(line.batches(of: 2))  // [[0, 1], [2, 3], [4]]
  /// ```
  public func batches(of size: Int) -> Batches { Batches(order: .inOrder(count), size: size) }

  /// Returns batches of `size` row indices, in random order. Call it again for every epoch.
  ///
  /// `size` must be at least 1. The order is that of `PythonRandom.shuffle` over 0 to `count` − 1, so the same state
  /// of `random` gives the same batches.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// let line = try Dataset(inputs: [[0], [1], [2], [3], [4]], numbers: [0, 1, 2, 3, 4])
  /// Array(line.batches(of: 2, shuffledBy: &random))  // [[3, 1], [2, 4], [0]]
  /// ```
  public func batches(of size: Int, shuffledBy random: inout PythonRandom) -> Batches {
    var order = Array(0..<count)
    random.shuffle(&order)
    return Batches(order: .listed(order), size: size)
  }

  /// Returns batches of `size` row indices, in an order that is random by blocks: for tables that are larger than memory.
  ///
  /// Rows are read from a disk in blocks, `block` neighbouring rows each. The blocks are put in random order. The rows of 64
  /// blocks at a time are then shuffled. So a batch has rows from up to 64 places of the table, and a pass reads every block
  /// once. Memory is in proportion to the number of blocks. Choose `block` so that it has 16 kB or more. If neighbouring rows
  /// are alike, as in a sorted table, give a small one. With `block` 1 and up to 64 rows, any order is possible.
  ///
  /// `size` and `block` must be at least 1. The same state of `random` gives the same batches.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 42)
  /// let line = try Dataset(inputs: [[0], [1], [2], [3], [4]], numbers: [0, 1, 2, 3, 4])
  /// Array(line.batches(of: 5, shuffledBy: &random, blocksOf: 2))[0].sorted()  // [0, 1, 2, 3, 4]
  /// ```
  public func batches(of size: Int, shuffledBy random: inout PythonRandom, blocksOf block: Int) -> Batches {
    Batches(order: .blocks(BlockOrder(count: count, block: block, using: &random)), size: size)
  }
}
