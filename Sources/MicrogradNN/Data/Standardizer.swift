import Micrograd

/// Standardises columns of numbers: shifts and scales them to mean 0 and standard deviation 1 over the data it was fitted
/// to. It gives the results of scikit-learn's `StandardScaler`.
///
/// Networks learn badly from inputs of different scales. Fit the standardizer to the training rows only, and apply it to
/// all inputs of the model; otherwise validation rows influence the training. The standard deviation is that of the
/// population (divided by *n*). A column that is constant up to rounding is only shifted. To save a standardizer with a
/// model, encode it.
///
/// ```swift
/// let line = try Dataset(inputs: [[1, 5], [3, 5]], numbers: [0, 1])
/// let standardizer = try Standardizer(fitting: line)
/// standardizer.means                    // [2.0, 5.0]
/// standardizer.standardDeviations       // [1.0, 1.0]
/// standardizer.transform(line).inputs   // [-1.0, 0.0, 1.0, 0.0]
/// ```
public struct Standardizer: Sendable, Equatable {
  /// The number that is subtracted from each column; finite.
  public let means: [Double]

  /// The number by which each column is then divided; finite and above 0. For a constant column it is 1.
  public let standardDeviations: [Double]

  /// Fits the standardizer to the inputs of a data set.
  ///
  /// Throws `DatasetError.notFinite` if a column has NaN or an infinity, or numbers whose squares overflow. Takes two
  /// passes, so that a large mean does not cost digits of a small deviation.
  ///
  /// ```swift
  /// let training = try Dataset(inputs: [[1], [3]], numbers: [0, 1])
  /// try Standardizer(fitting: training).means  // [2.0]
  /// ```
  public init(fitting dataset: Dataset) throws(DatasetError) {
    try self.init(fitting: dataset.inputs, columns: dataset.inputCount)
  }

  /// Fits the standardizer to the columns of row-major numbers, such as the targets of a regression.
  ///
  /// Throws if there are no numbers or no columns, if the last row is incomplete, and `DatasetError.notFinite` as for a
  /// data set.
  ///
  /// ```swift
  /// try Standardizer(fitting: [1, 10, 5, 10], columns: 2).means  // [3.0, 10.0]
  /// ```
  public init(fitting numbers: [Double], columns: Int) throws(DatasetError) {
    guard columns > 0 else { throw .noInputs }
    guard !numbers.isEmpty else { throw .empty }
    guard numbers.count.isMultiple(of: columns) else {
      throw .incompleteRow(numbers: numbers.count, columns: columns)
    }
    try self.init(ColumnMoments(numbers, columns))
  }

  /// Fits the standardizer to the inputs of rows that may be in a file, or to their targets if these are numbers.
  ///
  /// The result is the same, bit for bit, as that of a ``Dataset`` with these rows. Reads all rows twice. Throws errors of
  /// the source, and `DatasetError.notFinite` as for a data set; `DatasetError.noTargets` if the targets are classes.
  ///
  /// ```swift
  /// let line = try Dataset(inputs: [[1], [3]], numbers: [0, 10])
  /// try Standardizer(fittingRowsOf: line).means                  // [2.0]
  /// try Standardizer(fittingRowsOf: line, targets: true).means  // [5.0]
  /// ```
  public init(fittingRowsOf source: any RowSource, targets: Bool = false) throws {
    var columns = source.inputCount
    if targets {
      guard case .numbers(_, let count) = try source.rows(at: [0]).targets else { throw DatasetError.noTargets }
      columns = count
    }
    let moments = try ColumnMoments(columns: columns, count: source.count) { body in
      try source.forEachPiece { piece in
        if case .numbers(let numbers, _) = piece.targets, targets { body(numbers) } else { body(piece.inputs) }
      }
    }
    try self.init(moments)
  }

  private init(_ moments: ColumnMoments) throws(DatasetError) {
    let columns = moments.means.count
    for column in 0..<columns where !moments.isFinite(column) { throw .notFinite(column: column) }
    means = moments.means
    standardDeviations = (0..<columns).map { moments.isConstant($0) ? 1 : moments.variances[$0].squareRoot() }
  }

  /// Creates a standardizer from known means and deviations, such as those of another program.
  ///
  /// There must be as many means as deviations, at least one. Means must be finite, deviations finite and above 0.
  ///
  /// ```swift
  /// Standardizer(means: [2], standardDeviations: [4]).transform([10])  // [2.0]
  /// ```
  public init(means: [Double], standardDeviations: [Double]) {
    require(
      !means.isEmpty && means.count == standardDeviations.count && means.allSatisfy(\.isFinite)
        && standardDeviations.allSatisfy { $0.isFinite && $0 > 0 },
      "A standardizer needs a finite mean and a positive, finite deviation for each column.")
    self.means = means
    self.standardDeviations = standardDeviations
  }

  /// Returns the data set with standardised inputs. Targets and names are kept.
  ///
  /// It must have as many inputs as the data set that was fitted.
  ///
  /// ```swift
  /// let (training, validation) = try data.split(validation: 0.2, using: &random)
  /// let standardizer = try Standardizer(fitting: training)
  /// let judged = standardizer.transform(validation)
  /// ```
  public func transform(_ dataset: Dataset) -> Dataset {
    require(
      dataset.inputCount == means.count,
      "The data set has \(dataset.inputCount) inputs, the fitted one had \(means.count): give as many.")
    return Dataset(
      checked: transform(dataset.inputs), dataset.inputCount, dataset.targets, dataset.inputNames)
  }

  /// Returns the standardised numbers of one or more whole rows: (number − mean) / deviation.
  ///
  /// ```swift
  /// let standardizer = try Standardizer(fitting: [1, 10, 5, 10], columns: 2)
  /// standardizer.transform([7, 12])  // [2.0, 2.0]
  /// ```
  public func transform(_ numbers: [Double]) -> [Double] {
    mapColumns(numbers) { ($0 - $1) / $2 }
  }

  /// Undoes `transform`, up to rounding: number · deviation + mean.
  ///
  /// ```swift
  /// let standardizer = try Standardizer(fitting: [1, 10, 5, 10], columns: 2)
  /// standardizer.inverse([2, 2])  // [7.0, 12.0]
  /// ```
  public func inverse(_ numbers: [Double]) -> [Double] {
    mapColumns(numbers) { $0 * $2 + $1 }
  }

  private func mapColumns(
    _ numbers: [Double], _ function: (_ number: Double, _ mean: Double, _ deviation: Double) -> Double
  ) -> [Double] {
    require(
      numbers.count.isMultiple(of: means.count),
      "\(numbers.count) numbers do not fill rows of \(means.count): give whole rows.")
    var column = 0
    return numbers.map { number in
      defer { column = column + 1 == means.count ? 0 : column + 1 }
      return function(number, means[column], standardDeviations[column])
    }
  }
}

extension Standardizer: Codable {
  private enum CodingKeys: CodingKey {
    case means, standardDeviations
  }

  /// Decodes a standardizer.
  ///
  /// Throws `DecodingError.dataCorrupted` if there are no columns, if the counts of means and deviations differ, or if a
  /// number is impossible.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    means = try container.decode([Double].self, forKey: .means)
    standardDeviations = try container.decode([Double].self, forKey: .standardDeviations)
    guard !means.isEmpty, means.count == standardDeviations.count,
      means.allSatisfy(\.isFinite), standardDeviations.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .standardDeviations, in: container,
        debugDescription: "a standardizer has a finite mean and a positive, finite deviation for each column")
    }
  }
}
