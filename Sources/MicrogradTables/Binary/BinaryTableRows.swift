import Micrograd
import MicrogradNN

/// Rows of a ``BinaryTable``, prepared for a network when they are read: the training data of a table that is larger than
/// memory.
///
/// ```swift
/// let table = try BinaryTable(contentsOf: url)
/// let inputs = table.columns.map(\.name).filter { $0 != table.target }
/// let encoder = TableEncoder(try table.survey(columns: inputs))
/// var rows = try BinaryTableRows(table, encoder)
/// rows.inputScaling = try Standardizer(fittingRowsOf: rows)
/// try trainer.fit(rows)
/// ```
public struct BinaryTableRows: RowSource {
  /// The table.
  public let table: BinaryTable
  /// The selected rows.
  public let selection: BinaryTable.Selection
  /// The number of rows.
  public let count: Int
  /// The names of the classes; nil if the targets are numbers.
  public let classNames: [String]?
  /// Scales the inputs; nil for none. It must have as many columns as there are inputs.
  public var inputScaling: Standardizer? { didSet { check(inputScaling, inputCount) } }
  /// Scales targets that are numbers; nil for none. It must have one column.
  public var targetScaling: Standardizer? { didSet { check(targetScaling, 1) } }

  private let inputNames: [String]
  private let plan: [CellPlan]
  private let plain: PlainColumns?
  /// See ``CellPlan``.
  private let codes: [Int]
  private let target: Int

  /// The number of inputs of a row.
  public let inputCount: Int

  /// Prepares rows of a table.
  ///
  /// Throws ``BinaryTableError`` if a column does not exist or is of another kind, and if a target is missing. To find that
  /// out, reads the column once if it is not the table's target, in which no value is missing.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - encoder: How the columns become inputs.
  ///   - target: The column to predict; nil for the table's. Texts are classes.
  ///   - selection: The rows.
  public init(
    _ table: BinaryTable, _ encoder: TableEncoder, target: String? = nil, _ selection: BinaryTable.Selection = .all
  ) throws {
    self.table = table
    inputNames = encoder.inputNames
    self.selection = selection
    let target = try table.index(of: target ?? table.target)
    self.target = target
    count = table.count(of: selection)
    require(count > 0, "There are no rows: select at least one, a source of rows is never empty.")
    inputCount = encoder.inputCount
    var plan: [CellPlan] = []
    var codes: [Int] = []
    var start = 0
    for column in encoder.columns {
      plan.append(try CellPlan(column, start: start, table, &codes))
      start += column.inputCount
    }
    (self.plan, self.codes) = (plan, codes)
    plain = PlainColumns(plan)
    let about = table.columns[target]
    classNames = about.kind == .text ? about.texts : nil
    if about.name == table.target { return }
    try table.forEachRow(0..<table.count) { row, numbers in
      if numbers[target].isNaN { throw table.error(.missingTarget(row: row, column: about.name)) }
    }
  }

  private init(_ other: BinaryTableRows, _ selection: BinaryTable.Selection) {
    (table, inputNames, target) = (other.table, other.inputNames, other.target)
    (plan, plain, codes) = (other.plan, other.plain, other.codes)
    (classNames, inputCount) = (other.classNames, other.inputCount)
    self.selection = selection
    count = table.count(of: selection)
    inputScaling = other.inputScaling
    targetScaling = other.targetScaling
  }

  /// Returns other rows of the table, prepared in the same way. There must be at least one.
  public func selecting(_ selection: BinaryTable.Selection) -> BinaryTableRows {
    require(table.count(of: selection) > 0, "There are no rows: select at least one, a source of rows is never empty.")
    return BinaryTableRows(self, selection)
  }

  /// Returns the rows at these indices of the selection, in this order. Throws ``BinaryTableError`` if they are damaged.
  public func rows(at indices: [Int]) throws -> Dataset {
    var inputs = [Double](repeating: 0, count: indices.count * inputCount)
    var targets: [Double] = []
    let rows = tableRows(indices)
    try inputs.withUnsafeMutableBufferPointer { inputs in
      try table.withRows(rows) { places in
        // Touches all rows first, so that the processor waits for many at once.
        targets = places.map { $0[target] }
        if let plain {
          plain.write(places, to: inputs, inputScaling)
        } else {
          for cell in plan { try write(cell, places, to: inputs, rows) }
        }
      }
    }
    guard let classNames else {
      if let index = targets.firstIndex(where: \.isNaN) { throw invalidTarget(.nan, rows[index]) }
      if let targetScaling { targets = targetScaling.transform(targets) }
      return Dataset(checked: inputs, inputCount, .numbers(targets, columns: 1), inputNames)
    }
    let classCount = classNames.count
    var classes = [Int](repeating: 0, count: targets.count)
    for (index, number) in targets.enumerated() {
      guard let text = BinaryTable.textIndex(number, among: classCount) else {
        throw invalidTarget(number, rows[index])
      }
      classes[index] = text
    }
    return Dataset(checked: inputs, inputCount, .classes(classes, names: classNames), inputNames)
  }

  private func invalidTarget(_ number: Double, _ row: Int) -> BinaryTableError {
    let name = table.columns[target].name
    return table.error(number.isNaN ? .missingTarget(row: row, column: name) : .notAText(row: row, column: name))
  }

  /// The rows of the table at indices of the selection.
  private func tableRows(_ indices: [Int]) -> [Int] {
    if case .all = selection { return indices }  // the table checks them
    for index in indices {
      require(index >= 0 && index < count, "There is no row \(index) among \(count): count rows from 0.")
    }
    return switch selection {
    case .all: indices
    case .rows(let rows): indices.map { rows[$0] }
    case .blocks(let blocks, let size): indices.map { blocks[$0 / size] * size + $0 % size }
    }
  }

  /// Writes the inputs of a column, scaled.
  private func write(
    _ cell: CellPlan, _ places: UnsafeBufferPointer<UnsafePointer<Double>>,
    to inputs: UnsafeMutableBufferPointer<Double>, _ rows: [Int]
  ) throws {
    let width = inputCount
    if cell.kind == .number {
      let mean = inputScaling?.means[cell.start] ?? 0, deviation = inputScaling?.standardDeviations[cell.start] ?? 1
      for index in places.indices {
        let number = places[index][cell.place]
        inputs[index * width + cell.start] = ((number.isNaN ? cell.fill : number) - mean) / deviation
      }
    } else {
      for index in places.indices {
        let number = places[index][cell.place], start = index * width + cell.start
        if number.isNaN {
          if cell.kind == .boolean { inputs[start] = cell.fill }
          continue
        }
        let code = codes[cell.firstCode + (try table.code(number, rows[index], cell.place))]
        if cell.kind == .boolean { inputs[start] = Double(code) } else if code >= 0 { inputs[start + code] = 1 }
      }
    }
    if let indicator = cell.indicator {
      for index in places.indices where places[index][cell.place].isNaN {
        inputs[index * width + cell.start + indicator] = 1
      }
    }
    guard let inputScaling else { return }
    // The others are 0 or 1, and stay so unless they are scaled.
    for column in cell.start + (cell.kind == .number ? 1 : 0)..<cell.end {
      let mean = inputScaling.means[column], deviation = inputScaling.standardDeviations[column]
      if mean == 0, deviation == 1 { continue }
      for index in places.indices {
        inputs[index * width + column] = (inputs[index * width + column] - mean) / deviation
      }
    }
  }

  private func check(_ scaling: Standardizer?, _ columns: Int) {
    require(
      scaling.map { $0.means.count == columns } ?? true,
      "The standardizer has \(scaling?.means.count ?? 0) columns for \(columns): give as many.")
  }
}

extension BinaryTableRows: FingerprintedRows {
  /// A hash of the table's checksums and of what is selected and how it is scaled, so that the rows need not be read.
  package var storedFingerprint: UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.add(table.fingerprint)
    switch selection {
    case .all: fingerprint.add(0)
    case .rows(let rows):
      fingerprint.add(1)
      for row in rows { fingerprint.add(row) }
    case .blocks(let blocks, let size):
      fingerprint.add(size + 1)
      for block in blocks { fingerprint.add(block) }
    }
    for scaling in [inputScaling, targetScaling] {
      fingerprint.add(scaling?.means ?? [])
      fingerprint.add(scaling?.standardDeviations ?? [])
    }
    fingerprint.add(inputNames.joined(separator: ", "))
    return fingerprint.value
  }
}
