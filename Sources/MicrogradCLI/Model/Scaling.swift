import MicrogradNN

/// The scaling between the numbers of a table and those of a network.
struct Scaling: Codable, Equatable {
  /// The scaling of the inputs; `nil` for none.
  var inputs: Standardizer?
  /// The scaling of numeric targets; `nil` for none.
  var targets: Standardizer?

  /// Fits the scaling of inputs and numeric targets to mean 0 and standard deviation 1.
  ///
  /// - Parameters:
  ///   - data: The training rows.
  ///   - target: The name of the target.
  ///   - areMeasured: For each input, false if it is 0 or 1 and stays so; nil to scale all.
  /// - Throws: `ExitMessage` for a column of numbers that are too large.
  static func fitting(_ data: Dataset, target: String, areMeasured: [Bool]? = nil) throws -> Scaling {
    var scaling = Scaling()
    if case .numbers(let numbers, let columns) = data.targets {
      scaling.targets = try standardizer(fitting: numbers, Array(repeating: target, count: columns))
    }
    let inputs = try standardizer(fitting: data.inputs, data.inputNames ?? [])
    let areMeasured = areMeasured ?? inputs.means.map { _ in true }
    scaling.inputs = Standardizer(
      means: zip(inputs.means, areMeasured).map { $1 ? $0 : 0 },
      standardDeviations: zip(inputs.standardDeviations, areMeasured).map { $1 ? $0 : 1 })
    return scaling
  }

  private static func standardizer(fitting numbers: [Double], _ names: [String]) throws -> Standardizer {
    do {
      return try Standardizer(fitting: numbers, columns: names.count)
    } catch {
      guard case .notFinite(let column) = error else { throw error }
      throw ExitMessage(
        "the numbers of column “\(names[column])” are too large to average: scale them, or give --no-standardize.")
    }
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
    let deviation = targets?.standardDeviations[0] ?? 1
    return Metric("mean absolute error", isBetterWhenHigher: false) { outputs, targets in
      Metric.meanAbsoluteError(outputs, targets) * deviation
    }
  }
}
