import Micrograd

/// The indices of rows in groups, for one pass over a data set; each row is in exactly one group.
///
/// All groups have the same size but the last, which has what is left. Groups are made as they are asked for, out of
/// one list of indices: a pass over a large set copies no rows.
///
/// ```swift
/// for batch in data.batches(of: 32, shuffledBy: &random) {
///   let rows = batch.map(data.row)  // 32 rows
/// }
/// ```
public struct Batches: RandomAccessCollection, Sendable, Equatable {
  private let order: [Int]
  private let size: Int

  init(order: [Int], size: Int) {
    require(size >= 1, "Cannot make batches of \(size) rows: give 1 or more.")
    self.order = order
    self.size = size
  }

  /// The number of the first batch, 0.
  public var startIndex: Int { 0 }

  /// The number of batches: the number of rows divided by the batch size, rounded up.
  public var endIndex: Int { order.count / size + (order.count.isMultiple(of: size) ? 0 : 1) }

  /// Returns the indices of the rows in batch `position`, which must be one of 0 to `count` − 1.
  ///
  /// ```swift
  /// let batches = try Dataset(inputs: [[0], [1], [2]], numbers: [0, 0, 0]).batches(of: 2)
  /// batches[1]  // [2]
  /// ```
  public subscript(position: Int) -> [Int] {
    require(indices.contains(position), "There is no batch \(position) among \(count): count them from 0.")
    let first = position * size
    return Array(order[first..<first + Swift.min(size, order.count - first)])
  }
}

extension Dataset {
  /// Returns the indices of all rows in their order, `size` at a time.
  ///
  /// `size` must be at least 1. The last batch has fewer where `count` is no multiple; a larger `size` than `count`
  /// gives one batch.
  ///
  /// ```swift
  /// let line = try Dataset(inputs: [[0], [1], [2], [3], [4]], numbers: [0, 1, 2, 3, 4])
  /// Array(line.batches(of: 2))  // [[0, 1], [2, 3], [4]]
  /// ```
  public func batches(of size: Int) -> Batches { Batches(order: Array(0..<count), size: size) }

  /// Returns the indices of all rows in random order, `size` at a time: call it anew for every epoch.
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
    return Batches(order: order, size: size)
  }
}
