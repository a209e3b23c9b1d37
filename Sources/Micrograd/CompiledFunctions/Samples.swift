/// A table of samples with the same number of elements: the input of a ``CompiledFunction``, and its results by sample.
///
/// ```swift
/// let points = Samples([[1, 2], [3, 4], [5, 6]])
/// points.count  // 3
/// points[1]  // [3.0, 4.0]
/// points == Samples(columns: [[1, 3, 5], [2, 4, 6]])  // true
/// ```
///
/// They are stored by row, sample after sample, or by column, as they were given. A compiled function reads and writes
/// columns faster.
public struct Samples: Sendable {
  /// All numbers, row by row, or column by column if ``isByColumn``.
  public var numbers: [Double] {
    didSet { require(numbers.count == width * count, "\(numbers.count) numbers for \(count) samples of \(width)") }
  }
  /// The number of elements of a sample.
  public let width: Int
  /// The number of samples.
  public let count: Int
  /// True if the numbers are stored column by column: the first elements of all samples, then the second ones, and so on.
  public let isByColumn: Bool

  /// Creates samples from the rows of an array.
  ///
  /// - Precondition: There is at least one row, and all have the same length.
  public init(_ rows: [[Double]]) {
    require(!rows.isEmpty, "no rows: how many numbers a sample has is known from the first; see Samples(_:width:)")
    Samples.requireEqualLengths(rows, "rows", "give each sample as many")
    self.init(rows.flatMap(\.self), width: rows[0].count, count: rows.count)
  }

  /// Creates samples from numbers in row-major order, `width` per sample.
  ///
  /// - Precondition: `width` is at least 1 and divides the count of numbers.
  public init(_ numbers: [Double], width: Int) {
    require(
      width > 0 && numbers.count % width == 0,
      "\(numbers.count) numbers are not samples of \(width): give a width that divides their count")
    self.init(numbers, width: width, count: numbers.count / width)
  }

  /// Creates samples from the columns of a table: one array per element of a sample, with one number per sample.
  ///
  /// - Precondition: There is at least one column, and all have the same length.
  public init(columns: [[Double]]) {
    require(!columns.isEmpty, "no columns: how many samples there are is known from the first")
    Samples.requireEqualLengths(columns, "columns", "give each as many as there are samples")
    self.init(columns.flatMap(\.self), width: columns.count, count: columns[0].count, isByColumn: true)
  }

  /// Creates samples of zeros, stored by column.
  package init(count: Int, width: Int) {
    self.init([Double](repeating: 0, count: count * width), width: width, count: count, isByColumn: true)
  }

  /// Makes these samples of zeros, stored by column, unless they have this shape already.
  package mutating func reshape(count: Int, width: Int) {
    if count != self.count || width != self.width || !isByColumn { self = Samples(count: count, width: width) }
  }

  internal init(_ numbers: [Double], width: Int, count: Int, isByColumn: Bool = false) {
    self.numbers = numbers
    self.width = width
    self.count = count
    self.isByColumn = isByColumn
  }

  private static func requireEqualLengths(_ lists: [[Double]], _ what: String, _ remedy: String) {
    for (k, list) in lists.enumerated() where list.count != lists[0].count {
      trap("\(what)[\(k)] has \(list.count) numbers, \(what)[0] has \(lists[0].count): \(remedy)")
    }
  }

  /// The elements of a sample, 0 to count - 1.
  public subscript(sample: Int) -> [Double] {
    require(sample >= 0 && sample < count, "sample \(sample) of \(count)")
    return (0..<width).map { numbers[isByColumn ? $0 * count + sample : sample * width + $0] }
  }

  /// The samples as an array of rows.
  public var rows: [[Double]] { (0..<count).map { self[$0] } }

  /// The samples as an array of columns.
  public var columns: [[Double]] {
    (0..<width).map { column in
      (0..<count).map { numbers[isByColumn ? column * count + $0 : $0 * width + column] }
    }
  }
}

extension Samples: Equatable {
  /// Returns true if the numbers are equal, whatever their storage order.
  public static func == (a: Samples, b: Samples) -> Bool {
    a.width == b.width && a.count == b.count
      && (a.isByColumn == b.isByColumn ? a.numbers == b.numbers : a.rows == b.rows)
  }
}

extension Samples: CustomStringConvertible {
  /// The rows, printed as an array.
  public var description: String { "\(rows)" }
}
