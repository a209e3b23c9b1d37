import Micrograd

/// Rows of inputs with their targets: the data for training.
///
/// It has at least one row, and a row has at least one input. Rows are stored in one array, eight bytes per number. NaN and
/// infinities are allowed.
///
/// ```swift
/// let table = try Dataset(inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], classes: [0, 1, 1, 0])
/// table.count       // 4
/// table.inputCount  // 2
/// table.row(1)      // [0.0, 1.0]
/// table.targets     // .classes([0, 1, 1, 0], names: ["0", "1"])
/// ```
public struct Dataset: Sendable, Equatable {
  /// The targets of the rows, in order.
  public enum Targets: Sendable, Equatable {
    /// Numbers to predict, or ±1, or 0 and 1, as the loss requires: `columns` per row, row-major.
    case numbers([Double], columns: Int)

    /// The class of each row, an index into `names`.
    case classes([Int], names: [String])
  }

  /// The inputs of all rows, row-major: `count` · `inputCount` numbers.
  public let inputs: [Double]

  /// The number of inputs, at least 1.
  public let inputCount: Int

  /// The targets of the rows.
  public let targets: Targets

  /// The names of the inputs; `nil` if they have none.
  public let inputNames: [String]?

  /// Creates a data set from row-major inputs and their targets.
  ///
  /// Throws `DatasetError` if there are no rows or no inputs, if counts do not match, if a class has no name, or if two
  /// classes have the same name.
  ///
  /// ```swift
  /// let line = try Dataset(inputs: [0, 1, 2], inputCount: 1, targets: .numbers([1, 3, 5], columns: 1))
  /// line.count  // 3
  /// ```
  public init(
    inputs: [Double], inputCount: Int, targets: Targets, inputNames: [String]? = nil
  ) throws(DatasetError) {
    guard inputCount > 0 else { throw .noInputs }
    guard !inputs.isEmpty else { throw .empty }
    guard inputs.count.isMultiple(of: inputCount) else {
      throw .incompleteRow(numbers: inputs.count, columns: inputCount)
    }
    if let inputNames, inputNames.count != inputCount {
      throw .nameCount(names: inputNames.count, inputs: inputCount)
    }
    try targets.check(rows: inputs.count / inputCount)
    self.init(checked: inputs, inputCount, targets, inputNames)
  }

  /// Creates a data set from parts that are known to fit.
  package init(checked inputs: [Double], _ inputCount: Int, _ targets: Targets, _ inputNames: [String]?) {
    self.inputs = inputs
    self.inputCount = inputCount
    self.targets = targets
    self.inputNames = inputNames
  }

  /// The number of rows, at least 1.
  ///
  /// ```swift
  /// try Dataset(inputs: [[0.5, -1], [2, 3]], numbers: [1, -1]).count  // 2
  /// ```
  public var count: Int { inputs.count / inputCount }

  /// The inputs as a matrix of constants, one row per row.
  package var inputMatrix: Matrix { Matrix.constant(rows: count, columns: inputCount, inputs) }

  /// Returns the inputs of row `index`, `inputCount` numbers.
  ///
  /// `index` must be from 0 to `count` − 1.
  ///
  /// ```swift
  /// try Dataset(inputs: [[0.5, -1], [2, 3]], numbers: [1, -1]).row(1)  // [2.0, 3.0]
  /// ```
  public func row(_ index: Int) -> [Double] {
    require(index >= 0 && index < count, "There is no row \(index) among \(count): count rows from 0.")
    return Array(inputs[index * inputCount..<(index + 1) * inputCount])
  }
}

extension Dataset.Targets {
  /// Throws unless these are targets for this number of rows.
  fileprivate func check(rows: Int) throws(DatasetError) {
    switch self {
    case .numbers(let numbers, let columns):
      guard columns > 0 else { throw .noTargets }
      guard numbers.count.isMultiple(of: columns) else {
        throw .incompleteRow(numbers: numbers.count, columns: columns)
      }
      guard numbers.count / columns == rows else {
        throw .rowCounts(inputs: rows, targets: numbers.count / columns)
      }
    case .classes(let classes, let names):
      guard classes.count == rows else { throw .rowCounts(inputs: rows, targets: classes.count) }
      for (row, label) in classes.enumerated() where label < 0 || label >= names.count {
        throw .classOutOfRange(row: row, label: label, classes: names.count)
      }
      var seen: Set<String> = []
      for name in names where !seen.insert(name).inserted {
        throw .repeatedClassName(name)
      }
    }
  }
}
