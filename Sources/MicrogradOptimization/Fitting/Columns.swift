import Micrograd

/// A column-major matrix with at least as many rows as columns.
internal struct Columns: Sendable {
  let rows: Int
  let columns: Int
  var numbers: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    numbers = [Double](repeating: 0, count: rows * columns)
  }

  subscript(row: Int, column: Int) -> Double {
    get { numbers[column * rows + row] }
    set { numbers[column * rows + row] = newValue }
  }

  func column(_ k: Int) -> [Double] { Array(numbers[k * rows..<(k + 1) * rows]) }

  /// The columns at some indices only, in rising order.
  func selecting(_ indices: [Int]) -> Columns {
    if indices.count == columns { return self }
    var part = Columns(rows: rows, columns: indices.count)
    part.numbers = indices.flatMap { numbers[$0 * rows..<($0 + 1) * rows] }
    return part
  }

  /// Divides each column by a length; where that is 0, the column becomes zero.
  mutating func divideColumns(by lengths: [Double]) {
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let start = numbers.baseAddress else { return }
      for k in 0..<columns {
        if lengths[k] > 0 {
          (start + k * rows).divide(by: lengths[k], rows)
        } else {
          (start + k * rows).update(repeating: 0, count: rows)
        }
      }
    }
  }

  /// Multiplies each row by a factor.
  mutating func multiplyRows(by factors: [Double]) {
    for k in 0..<columns {
      for row in 0..<rows { numbers[k * rows + row] *= factors[row] }
    }
  }

  /// Returns the product of the matrix of magnitudes with a vector.
  func magnitudesTimes(_ x: [Double]) -> [Double] {
    var product = [Double](repeating: 0, count: rows)
    withColumns { start in
      product.withUnsafeMutableBufferPointer { product in
        guard let product = product.baseAddress else { return }
        for k in 0..<columns { product.add(x[k], timesMagnitudesOf: start + k * rows, rows) }
      }
    }
    return product
  }

  /// Returns the product with a vector.
  func times(_ x: [Double]) -> [Double] {
    var product = [Double](repeating: 0, count: rows)
    withColumns { start in
      product.withUnsafeMutableBufferPointer { product in
        guard let product = product.baseAddress else { return }
        for k in 0..<columns where x[k] != 0 { product.add(x[k], times: start + k * rows, rows) }
      }
    }
    return product
  }

  /// The product of the transposed matrix with a vector.
  func transposedTimes(_ y: [Double]) -> [Double] {
    withColumns { start in vector(columns) { (start + $0 * rows).dot(y, rows) } } ?? vector(columns) { _ in 0 }
  }

  /// The Euclidean norm of each column, without overflow.
  var norms: [Double] { withColumns { start in vector(columns) { (start + $0 * rows).norm(rows) } } ?? [] }

  /// Where the first column begins; nothing is done for a matrix without numbers.
  @discardableResult
  private func withColumns<Result>(_ body: (UnsafePointer<Double>) -> Result) -> Result? {
    numbers.withUnsafeBufferPointer { $0.baseAddress.map(body) }
  }
}

/// √Σx², also where squares would overflow or vanish.
internal func euclideanNorm(_ x: [Double]) -> Double { x.norm }
