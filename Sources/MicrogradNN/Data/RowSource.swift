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

  /// Returns a data set in memory that has some rows, and where they are in it. A source other than a ``Dataset`` is read.
  package func reading(_ indices: [Int]) throws -> (data: Dataset, rows: [Int]) {
    if let data = self as? Dataset { return (data, indices) }
    return (try rows(at: indices), Array(indices.indices))
  }

  /// A hash of all rows, which tells other rows from these: that of a ``FingerprintedRows``, or one of all numbers.
  package var fingerprint: UInt64 {
    get throws {
      if let rows = self as? any FingerprintedRows { return rows.storedFingerprint }
      var fingerprint = Fingerprint()
      try forEachPiece { piece in
        fingerprint.add(piece.inputs)
        switch piece.targets {
        case .numbers(let numbers, _): fingerprint.add(numbers)
        case .classes(let classes, _): for index in classes { fingerprint.add(index) }
        }
      }
      return fingerprint.value
    }
  }
}

/// Rows in a file that has a hash of them, such as a checksum: they need not be read to compare them with others.
package protocol FingerprintedRows: RowSource {
  /// The hash.
  var storedFingerprint: UInt64 { get }
}
