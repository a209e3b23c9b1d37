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
  private let columns: [BoundColumn]
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
    columns = try encoder.columns.map { try BoundColumn($0, table) }
    let about = table.columns[target]
    classNames = about.kind == .text ? about.texts : nil
    if about.name == table.target { return }
    try table.forEachRow(0..<table.count) { row, numbers in
      if numbers[target].isNaN { throw table.error(.missingTarget(row: row, column: about.name)) }
    }
  }

  private init(_ other: BinaryTableRows, _ selection: BinaryTable.Selection) {
    (table, inputNames, target) = (other.table, other.inputNames, other.target)
    (columns, classNames, inputCount) = (other.columns, other.classNames, other.inputCount)
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
    var classes: [Int] = []
    if classNames == nil { targets.reserveCapacity(indices.count) } else { classes.reserveCapacity(indices.count) }
    try inputs.withUnsafeMutableBufferPointer { inputs in
      var start = 0
      try table.forEachRow(indices.lazy.map(tableRow(_:))) { row, numbers in
        for column in columns {
          try column.write(numbers[column.place], to: inputs, from: start, table, row)
          start += column.encoder.inputCount
        }
        if numbers[target].isNaN {
          throw table.error(.missingTarget(row: row, column: table.columns[target].name))
        }
        if classNames == nil {
          targets.append(numbers[target])
        } else {
          classes.append(try table.code(numbers[target], row, target))
        }
      }
    }
    if let inputScaling { inputs = inputScaling.transform(inputs) }
    guard let classNames else {
      if let targetScaling { targets = targetScaling.transform(targets) }
      return Dataset(checked: inputs, inputCount, .numbers(targets, columns: 1), inputNames)
    }
    return Dataset(checked: inputs, inputCount, .classes(classes, names: classNames), inputNames)
  }

  /// The row of the table at an index of the selection.
  private func tableRow(_ index: Int) -> Int {
    require(index >= 0 && index < count, "There is no row \(index) among \(count): count rows from 0.")
    return switch selection {
    case .all: index
    case .rows(let rows): rows[index]
    case .blocks(let blocks, let size): blocks[index / size] * size + index % size
    }
  }

  private func check(_ scaling: Standardizer?, _ columns: Int) {
    require(
      scaling.map { $0.means.count == columns } ?? true,
      "The standardizer has \(scaling?.means.count ?? 0) columns for \(columns): give as many.")
  }
}

/// A column of a table with its preparation.
private struct BoundColumn: Sendable {
  let encoder: ColumnEncoder
  /// The index of the column in the table.
  let place: Int
  /// For each text, its category, or 0 or 1; -1 for a category that the preparation does not have.
  private let codes: [Int]

  init(_ encoder: ColumnEncoder, _ table: BinaryTable) throws(BinaryTableError) {
    self.encoder = encoder
    place = try table.index(of: encoder.name)
    let column = table.columns[place]
    func otherKind(_ wanted: String) -> BinaryTableError {
      table.error(.otherKind(column: column.name, wanted: wanted))
    }
    switch encoder.kind {
    case .number:
      guard column.kind == .number else { throw otherKind("numbers") }
      codes = []
    case .date:
      guard column.kind == .date else { throw otherKind("dates") }
      codes = []
    case .boolean:
      guard column.kind == .text else { throw otherKind("words such as yes and no") }
      var codes: [Int] = []
      for text in column.texts {
        guard let value = BooleanWord.value(text) else {
          throw table.error(.notABoolean(text, column: column.name))
        }
        codes.append(value ? 1 : 0)
      }
      self.codes = codes
    case .category:
      guard column.kind == .text else { throw otherKind("text") }
      codes = column.texts.map { encoder.categories.firstIndex(of: $0) ?? -1 }
    }
  }

  @inline(__always)
  func write(
    _ number: Double, to inputs: UnsafeMutableBufferPointer<Double>, from start: Int, _ table: BinaryTable, _ row: Int
  ) throws {
    if number.isNaN {
      if encoder.kind != .category { inputs[start] = encoder.fill }
      if encoder.hasIndicator { inputs[start + encoder.inputCount - 1] = 1 }
      return
    }
    switch encoder.kind {
    case .number, .date: inputs[start] = number
    case .boolean: inputs[start] = Double(codes[try table.code(number, row, place)])
    case .category:
      let code = codes[try table.code(number, row, place)]
      if code >= 0 { inputs[start + code] = 1 }
    }
  }
}
