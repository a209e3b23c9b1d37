import Micrograd

extension Dataset {
  /// Returns the rows at these indices, in this order. An index may occur more than once.
  ///
  /// There must be at least one index, each from 0 to `count` − 1. All class names are kept. The rows are copied.
  ///
  /// ```swift
  /// let table = try Dataset(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], classes: [0, 1, 1, 0])
  /// table.subset([3, 1]).inputs  // [1.0, 1.0, 0.0, 1.0]
  /// ```
  public func subset(_ indices: [Int]) -> Dataset {
    require(!indices.isEmpty, "There are no indices: give at least one, a data set is never empty.")
    var rows: [Double] = []
    rows.reserveCapacity(indices.count * inputCount)
    for index in indices {
      require(index >= 0 && index < count, "There is no row \(index) among \(count): count rows from 0.")
      rows += inputs[index * inputCount..<(index + 1) * inputCount]
    }
    return Dataset(checked: rows, inputCount, targets.subset(indices), inputNames)
  }

  /// Splits the rows at random into training and validation data.
  ///
  /// The validation part has `count` · `fraction` rows, rounded to the nearest (a half up), but each part has at least one
  /// row. Classes are not balanced between the parts: a rare class may be in one part only. The same data and the same
  /// state of `random` give the same parts.
  ///
  /// - Parameters:
  ///   - fraction: The fraction of the rows for validation, between 0 and 1, both excluded.
  ///   - random: The random stream. `count` − 1 integers are drawn.
  ///
  /// Throws if there is only one row. Every row is copied once.
  ///
  /// ```swift
  /// var random = PythonRandom(seed: 1)
  /// let (training, validation) = try table.split(validation: 0.2, using: &random)
  /// // of 10 rows, training has 8 and validation 2
  /// ```
  public func split(
    validation fraction: Double, using random: inout PythonRandom
  ) throws(DatasetError) -> (training: Dataset, validation: Dataset) {
    require(
      fraction > 0 && fraction < 1,
      "The share for validation is \(fraction): give one between 0 and 1, such as 0.2.")
    guard count > 1 else { throw .tooFewToSplit }
    var order = Array(0..<count)
    random.shuffle(&order)
    let share = Int((Double(count) * fraction).rounded())
    let held = min(max(share, 1), count - 1)
    return (subset(Array(order[held...])), subset(Array(order[..<held])))
  }
}

extension Dataset.Targets {
  package func subset(_ indices: [Int]) -> Dataset.Targets {
    switch self {
    case .numbers(let numbers, let columns):
      .numbers(indices.flatMap { numbers[$0 * columns..<($0 + 1) * columns] }, columns: columns)
    case .classes(let classes, let names):
      .classes(indices.map { classes[$0] }, names: names)
    }
  }
}
