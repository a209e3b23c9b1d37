import MicrogradNN
import MicrogradTables

/// The scaling between the numbers of a table and those of a network.
struct Scaling: Codable, Equatable {
  /// The scaling of the inputs; `nil` for none.
  var inputs: Standardizer?
  /// The scaling of numeric targets; `nil` for none.
  var targets: Standardizer?

  /// Fits the scaling of inputs and numeric targets to mean 0 and standard deviation 1.
  ///
  /// - Parameters:
  ///   - rows: The training rows.
  ///   - target: The name of the target.
  ///   - names: The names of the inputs.
  ///   - areMeasured: For each input, false if it is 0 or 1 and stays so; nil to scale all.
  /// - Throws: `ExitMessage` for a column of numbers that are too large.
  static func fitting(
    _ rows: any RowSource, target: String, names: [String], areMeasured: [Bool]? = nil
  ) throws -> Scaling {
    var scaling = Scaling()
    if case .numbers = try rows.rows(at: [0]).targets {
      scaling.targets = try naming([target]) { try Standardizer(fittingRowsOf: rows, targets: true) }
    }
    let inputs = try naming(names) { try Standardizer(fittingRowsOf: rows) }
    let areMeasured = areMeasured ?? inputs.means.map { _ in true }
    scaling.inputs = Standardizer(
      means: zip(inputs.means, areMeasured).map { $1 ? $0 : 0 },
      standardDeviations: zip(inputs.standardDeviations, areMeasured).map { $1 ? $0 : 1 })
    return scaling
  }

  private static func naming(_ names: [String], _ fit: () throws -> Standardizer) throws -> Standardizer {
    do {
      return try fit()
    } catch let error as DatasetError {
      guard case .notFinite(let column) = error else { throw error }
      throw ExitMessage(
        "the numbers of column “\(names[column])” are too large to average: scale them, or give --no-standardize.")
    }
  }

  /// Returns scaled rows.
  func callAsFunction(_ rows: any RowSource) throws -> any RowSource {
    if let data = rows as? Dataset { return try self(data) as Dataset }
    guard var rows = rows as? BinaryTableRows else { return rows }
    rows.inputScaling = inputs
    rows.targetScaling = rows.classNames == nil ? targets : nil
    return rows
  }

  func callAsFunction(_ data: Dataset) throws -> Dataset {
    let scaled = inputs?.transform(data) ?? data
    guard let targets, case .numbers(let numbers, let columns) = data.targets else { return scaled }
    return try Dataset(
      inputs: scaled.inputs, inputCount: scaled.inputCount,
      targets: .numbers(targets.transform(numbers), columns: columns), inputNames: scaled.inputNames)
  }

  /// The metric in reports: the accuracy, or the error in the units of the table.
  func metric(for loss: Loss) -> Metric {
    if loss.isForClasses { return .accuracy }
    return .meanAbsoluteError.scaled(by: targets?.standardDeviations[0] ?? 1)
  }
}
