import Micrograd

extension Matrix {
  /// Returns a model's outputs for rows of plain numbers. Runs 1024 rows at a time, to limit memory.
  ///
  /// - Precondition: There is at least one row.
  package static func outputs(ofRows numbers: [Double], columns: Int, _ model: (Matrix) -> Matrix) -> Matrix {
    let count = numbers.count / columns
    var outputs: [Double] = []
    for start in stride(from: 0, to: count, by: 1024) {
      let end = min(start + 1024, count)
      let piece = Array(numbers[start * columns..<end * columns])
      outputs += model(Matrix.constant(rows: end - start, columns: columns, piece)).data
    }
    return Matrix.constant(rows: count, columns: outputs.count / count, outputs)
  }

  /// The column of the largest number of each row; the first one on a tie. NaN is never the largest.
  package var largestColumns: [Int] {
    let numbers = data
    return (0..<rows).map { row in
      let scores = numbers[row * columns..<(row + 1) * columns]
      return scores.enumerated().reduce((0, -Double.infinity)) { $1.element > $0.1 ? ($1.offset, $1.element) : $0 }.0
    }
  }
}
