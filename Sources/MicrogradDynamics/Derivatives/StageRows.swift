/// A row of numbers for each stage of a step, in one array.
internal struct StageRows {
  private var numbers: [Double] = []
  private let width: Int

  init(width: Int) { self.width = width }

  /// Creates a row for each factor: the factor times a vector.
  init(_ factors: [Double], times vector: [Double]) {
    width = vector.count
    numbers.reserveCapacity(factors.count * width)
    for factor in factors { for number in vector { numbers.append(factor * number) } }
  }

  subscript(stage: Int, k: Int) -> Double {
    get { numbers[stage * width + k] }
    set { numbers[stage * width + k] = newValue }
  }

  mutating func append(_ row: [Double]) { numbers += row }

  /// Writes a row into an array, and returns true if a number of it is not zero.
  func copy(_ stage: Int, into row: inout [Double]) -> Bool {
    var isZero = true
    for k in 0..<width {
      row[k] = self[stage, k]
      if row[k] != 0 { isZero = false }
    }
    return !isZero
  }

  /// Returns the product of a row and a vector.
  func dot(_ stage: Int, _ vector: [Double]) -> Double {
    var sum = 0.0
    for k in 0..<width { sum += self[stage, k] * vector[k] }
    return sum
  }

  /// Returns Σ weights[i] rows[i][k] of the first rows.
  func sum(_ weights: [Double], _ k: Int) -> Double {
    var sum = 0.0
    for i in weights.indices where weights[i] != 0 { sum += weights[i] * self[i, k] }
    return sum
  }
}
