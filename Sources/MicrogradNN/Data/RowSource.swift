import Micrograd

/// Rows of inputs with their targets that a ``Trainer`` reads batch by batch: a ``Dataset`` in memory, or a table in a file
/// that is larger than memory.
///
/// The same rows in the same order give the same training run, bit for bit, wherever they are stored.
public protocol RowSource: Sendable {
  /// The number of rows, at least 1.
  var count: Int { get }

  /// The number of inputs of a row, at least 1.
  var inputCount: Int { get }

  /// Returns the rows at these indices, in this order. There is at least one index, each from 0 to `count` − 1.
  ///
  /// Throws if the rows cannot be read.
  func rows(at indices: [Int]) throws -> Dataset
}

extension Dataset: RowSource {
  /// Returns the rows at these indices, in this order: the same as ``subset(_:)``.
  ///
  /// ```swift
  /// try Dataset(inputs: [[0], [1], [2]], numbers: [0, 1, 4]).rows(at: [2]).inputs  // [2.0]
  /// ```
  public func rows(at indices: [Int]) -> Dataset { subset(indices) }
}

extension RowSource {
  /// Calls `body` with all rows in order, a piece at a time.
  package func forEachPiece(of size: Int = 4096, _ body: (Dataset) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: size) {
      try body(rows(at: Array(start..<min(start + size, count))))
    }
  }
}
