/// Numbers of many samples, as many of each: what a ``CompiledFunction`` is called with, and what it gives back by sample.
///
/// ```swift
/// let points = Samples([[1, 2], [3, 4], [5, 6]])
/// points.count  // 3
/// points[1]  // [3.0, 4.0]
/// points == Samples(columns: [[1, 3, 5], [2, 4, 6]])  // true
/// ```
///
/// They lie sample after sample, or number after number (by column), as they were given; by column a compiled function reads
/// and writes them faster.
public struct Samples: Sendable {
  /// All numbers, sample after sample, or, where ``isByColumn``, column after column.
  public var numbers: [Double] {
    didSet { require(numbers.count == width * count, "\(numbers.count) numbers for \(count) samples of \(width)") }
  }
  /// How many numbers a sample has.
  public let width: Int
  /// How many samples there are.
  public let count: Int
  /// Whether the first numbers of all samples come first, then all second ones, and so on.
  public let isByColumn: Bool

  /// The rows of an array, a sample each.
  ///
  /// - Precondition: All rows are of one length, and there is at least one.
  public init(_ rows: [[Double]]) {
    require(!rows.isEmpty, "no rows: how many numbers a sample has is known from the first; see Samples(_:width:)")
    Samples.requireEqualLengths(rows, "rows", "give each sample as many")
    self.init(rows.flatMap(\.self), width: rows[0].count, count: rows.count)
  }

  /// Numbers that follow one another sample after sample, `width` of each.
  ///
  /// - Precondition: `width` is at least 1 and divides their count.
  public init(_ numbers: [Double], width: Int) {
    require(
      width > 0 && numbers.count % width == 0,
      "\(numbers.count) numbers are not samples of \(width): give a width that divides their count")
    self.init(numbers, width: width, count: numbers.count / width)
  }

  /// The columns of a table: an array for each number that a sample has, as long as there are samples.
  ///
  /// - Precondition: All columns are of one length, and there is at least one.
  public init(columns: [[Double]]) {
    require(!columns.isEmpty, "no columns: how many samples there are is known from the first")
    Samples.requireEqualLengths(columns, "columns", "give each as many as there are samples")
    self.init(columns.flatMap(\.self), width: columns.count, count: columns[0].count, isByColumn: true)
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

  /// The numbers of one sample, 0 to count - 1.
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
  /// Whether the numbers are equal, however they lie.
  public static func == (a: Samples, b: Samples) -> Bool {
    a.width == b.width && a.count == b.count
      && (a.isByColumn == b.isByColumn ? a.numbers == b.numbers : a.rows == b.rows)
  }
}

extension Samples: CustomStringConvertible {
  /// The rows, as an array of them is printed.
  public var description: String { "\(rows)" }
}
