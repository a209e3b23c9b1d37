/// Numbers of many samples, as many of each: what a ``CompiledFunction`` is called with, and what it gives back by sample.
///
///     let points = Samples([[1, 2], [3, 4], [5, 6]])
///     points.count     // 3
///     points[1]        // [3.0, 4.0]
public struct Samples: Sendable, Hashable {
  /// All numbers, sample after sample.
  public var numbers: [Double]
  /// How many numbers a sample has.
  public let width: Int
  /// How many samples there are.
  public let count: Int

  /// The rows of an array, a sample each.
  ///
  /// - Precondition: All rows are of one length, and there is at least one.
  public init(_ rows: [[Double]]) {
    require(!rows.isEmpty, "no rows: how many numbers a sample has is known from the first; see Samples(_:width:)")
    let width = rows[0].count
    for (k, row) in rows.enumerated() where row.count != width {
      trap("row \(k) has \(row.count) numbers, the first \(width): give each sample as many")
    }
    self.init(rows.flatMap(\.self), width: width, count: rows.count)
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

  internal init(_ numbers: [Double], width: Int, count: Int) {
    self.numbers = numbers
    self.width = width
    self.count = count
  }

  /// The numbers of one sample, 0 to count - 1.
  public subscript(sample: Int) -> [Double] {
    require(sample >= 0 && sample < count, "sample \(sample) of \(count)")
    return Array(numbers[sample * width..<(sample + 1) * width])
  }

  /// The samples as an array of rows.
  public var rows: [[Double]] { (0..<count).map { self[$0] } }
}
