extension Dataset {
  /// Creates a data set with one number as the target of each row, such as a measured value or ±1.
  ///
  /// ```swift
  /// let line = try Dataset(inputs: [[0], [1], [2]], numbers: [1, 3, 5], inputNames: ["x"])
  /// line.targets  // .numbers([1.0, 3.0, 5.0], columns: 1)
  /// ```
  public init(inputs: [[Double]], numbers: [Double], inputNames: [String]? = nil) throws(DatasetError) {
    try self.init(rows: inputs, targets: .numbers(numbers, columns: 1), inputNames: inputNames)
  }

  /// Creates a data set with several numbers as the targets of each row.
  ///
  /// ```swift
  /// let turned = try Dataset(inputs: [[1, 2], [3, 4]], numbers: [[-2, 1], [-4, 3]])
  /// turned.targets  // .numbers([-2.0, 1.0, -4.0, 3.0], columns: 2)
  /// ```
  public init(inputs: [[Double]], numbers: [[Double]], inputNames: [String]? = nil) throws(DatasetError) {
    let columns = numbers.first?.count ?? 1
    let flat = try Self.joined(numbers, columns)
    try self.init(rows: inputs, targets: .numbers(flat, columns: columns), inputNames: inputNames)
  }

  /// Creates a data set with a class for each row.
  ///
  /// Without `names`, classes are named by their numbers, from 0 to the largest, which must then be less than the number of
  /// rows.
  ///
  /// ```swift
  /// let fruit = try Dataset(inputs: [[7, 1], [20, 3]], classes: [1, 0], names: ["banana", "apple"])
  /// fruit.targets  // .classes([1, 0], names: ["banana", "apple"])
  /// ```
  public init(
    inputs: [[Double]], classes: [Int], names: [String]? = nil, inputNames: [String]? = nil
  ) throws(DatasetError) {
    let called = if let names { names } else { try Self.numberNames(ofRows: classes) }
    try self.init(rows: inputs, targets: .classes(classes, names: called), inputNames: inputNames)
  }

  /// Creates a data set from points and their classes, which are named by their numbers.
  ///
  /// Throws if there are no points, or points without coordinates.
  ///
  /// ```swift
  /// var random = NumPyRandom(seed: 1337)
  /// let moons = try Dataset(makeMoons(count: 100, noise: 0.1, using: &random))
  /// moons.inputCount  // 2
  /// ```
  public init(_ points: LabeledPoints) throws(DatasetError) {
    try self.init(inputs: points.inputs, classes: points.labels)
  }

  /// Returns the default names of classes: their numbers, up to the largest.
  static func numberNames(for classes: [Int]) -> [String] {
    guard let largest = classes.max(), largest >= 0 else { return [] }
    return (0...largest).map(String.init)
  }

  /// Returns the default names of classes. Throws if there would be more names than rows.
  private static func numberNames(ofRows classes: [Int]) throws(DatasetError) -> [String] {
    if let row = classes.firstIndex(where: { $0 >= classes.count }) {
      throw .classBeyondRows(row: row, label: classes[row], rows: classes.count)
    }
    return numberNames(for: classes)
  }

  private init(rows: [[Double]], targets: Targets, inputNames: [String]?) throws(DatasetError) {
    let columns = rows.first?.count ?? 1
    try self.init(
      inputs: Self.joined(rows, columns), inputCount: columns, targets: targets, inputNames: inputNames)
  }

  private static func joined(_ rows: [[Double]], _ columns: Int) throws(DatasetError) -> [Double] {
    for (row, numbers) in rows.enumerated() where numbers.count != columns {
      throw .raggedRow(row: row, numbers: numbers.count, expected: columns)
    }
    return rows.flatMap { $0 }
  }
}
