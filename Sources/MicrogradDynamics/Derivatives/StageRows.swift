/// A row of numbers for each stage of a step, in memory that serves all steps.
internal final class StageRows {
  let count: Int
  let width: Int
  /// The rows, one after the other.
  let numbers: UnsafeMutablePointer<Double>

  init(count: Int, width: Int) {
    (self.count, self.width) = (count, width)
    numbers = .allocate(capacity: count * width)
    numbers.initialize(repeating: 0, count: count * width)
  }

  deinit { numbers.deallocate() }

  /// The row of a stage.
  subscript(stage: Int) -> UnsafeMutablePointer<Double> { numbers + stage * width }

  subscript(stage: Int, k: Int) -> Double {
    get { numbers[stage * width + k] }
    set { numbers[stage * width + k] = newValue }
  }

  /// Sets a row.
  func set(_ stage: Int, _ row: [Double]) {
    let to = self[stage]
    row.withUnsafeBufferPointer { row in
      for k in 0..<width { to[k] = row[k] }
    }
  }

  /// Sets each row to a factor times a vector; rows without a factor to 0.
  func set(_ factors: [Double], times size: Double, _ vector: [Double]) {
    for i in 0..<count {
      let (row, factor) = (self[i], i < factors.count ? size * factors[i] : 0)
      for k in 0..<width { row[k] = factor * vector[k] }
    }
  }

  /// Writes a row into an array, and returns true if a number of it is not zero.
  func copy(_ stage: Int, into row: inout [Double]) -> Bool {
    let from = self[stage]
    return row.withUnsafeMutableBufferPointer { row in
      var isZero = true
      for k in 0..<width {
        row[k] = from[k]
        if from[k] != 0 { isZero = false }
      }
      return !isZero
    }
  }

  /// Returns the product of a row and a vector.
  func dot(_ stage: Int, _ vector: [Double]) -> Double {
    let row = self[stage]
    var sum = 0.0
    for k in 0..<width { sum += row[k] * vector[k] }
    return sum
  }

  /// Returns Σ weights[i] rows[i][k] of the first rows.
  func sum(_ weights: [Double], _ k: Int) -> Double {
    var sum = 0.0
    for i in weights.indices where weights[i] != 0 { sum += weights[i] * numbers[i * width + k] }
    return sum
  }
}
