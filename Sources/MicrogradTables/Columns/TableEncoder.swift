import MicrogradNN

/// The preparation of a table: how its columns become the inputs of a network.
///
/// Fit it to the training rows, apply it to all others, and save it with the model: it is `Codable`.
///
/// ```swift
/// let table = try CSVTable(text: "age,sex,fare\n22,male,7.25\n,female,71.28\n26,female,7.92\n")
/// let encoder = try TableEncoder(fitting: table, columns: table.columns)
/// encoder.inputNames               // ["age", "age is missing", "sex = female", "sex = male", "fare"]
/// try encoder.encode(table).inputs
/// // [22.0, 0.0, 0.0, 1.0, 7.25, 24.0, 1.0, 1.0, 0.0, 71.28, 26.0, 0.0, 1.0, 0.0, 7.92]
/// ```
public struct TableEncoder: Sendable, Equatable, Codable {
  /// The columns that are used, in order.
  public let columns: [ColumnEncoder]

  /// Creates the preparation of a table from those of its columns.
  ///
  /// ```swift
  /// TableEncoder([ColumnEncoder(name: "x", kind: .number)]).inputCount  // 1
  /// ```
  public init(_ columns: [ColumnEncoder]) { self.columns = columns }

  /// The number of inputs of all columns together.
  ///
  /// ```swift
  /// TableEncoder([ColumnEncoder(name: "x", kind: .number, hasIndicator: true)]).inputCount  // 2
  /// ```
  public var inputCount: Int { columns.reduce(0) { $0 + $1.inputCount } }

  /// The names of the inputs, in order.
  ///
  /// ```swift
  /// TableEncoder([ColumnEncoder(name: "x", kind: .number)]).inputNames  // ["x"]
  /// ```
  public var inputNames: [String] { columns.flatMap(\.inputNames) }

  /// For each input, true if it is a measured number or a date, which should be standardised; false if it is 0 or 1.
  ///
  /// ```swift
  /// TableEncoder([ColumnEncoder(name: "x", kind: .number, hasIndicator: true)]).areMeasured  // [true, false]
  /// ```
  public var areMeasured: [Bool] { columns.flatMap(\.areMeasured) }

  /// A cell that the training rows did not have.
  public struct Surprise: Sendable, Equatable {
    /// The name of the column.
    public let column: String
    /// The line of the file, counted from 1, of the first such cell.
    public let line: Int
    /// The category that the training rows did not have; nil for a missing cell.
    public let category: String?
    /// The number of cells like this one.
    public var count: Int
  }

  /// The result of ``TableEncoder/encode(_:rows:)``.
  public struct Encoded: Sendable, Equatable {
    /// The inputs, row-major.
    public let inputs: [Double]
    /// Cells that the training rows did not have, in the order of their lines, column by column.
    ///
    /// A category that the training rows did not have gives only zeros. A missing cell in a column without missing cells in
    /// the training rows gets the number for missing cells, or only zeros if the column has categories.
    public let surprises: [Surprise]
  }

  /// Returns the inputs of rows of a table. Columns are found by name, in any order.
  ///
  /// Throws `CSVError` if a column is not there, and for the first cell that is not of the kind of its column.
  ///
  /// ```swift
  /// let sizes = TableEncoder([ColumnEncoder(name: "size", kind: .category, categories: ["L", "S"])])
  /// try sizes.encode(CSVTable(text: "id,size\n1,S\n2,XL\n")).inputs  // [0.0, 1.0, 0.0, 0.0]
  /// ```
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - rows: The rows, counted from 0; nil for all rows.
  public func encode(_ table: CSVTable, rows: [Int]? = nil) throws(CSVError) -> Encoded {
    let rows = rows ?? Array(0..<table.count)
    let width = inputCount
    var inputs = Array(repeating: 0.0, count: rows.count * width)
    var surprises: [Surprise] = []
    var start = 0
    for column in columns {
      let place = try table.index(of: column.name)
      try column.encode(table, place, rows, into: &inputs, from: start, stride: width, &surprises)
      start += column.inputCount
    }
    return Encoded(inputs: inputs, surprises: surprises)
  }
}

extension ColumnEncoder {
  /// Writes the inputs of this column. `inputs` must be zeros there.
  fileprivate func encode(
    _ table: CSVTable, _ place: Int, _ rows: [Int], into inputs: inout [Double], from start: Int, stride: Int,
    _ surprises: inout [TableEncoder.Surprise]
  ) throws(CSVError) {
    let codes = Dictionary(zip(categories, categories.indices), uniquingKeysWith: { first, _ in first })
    var found: [String?: Int] = [:]
    func noteSurprise(_ category: String?, _ row: Int) {
      if let index = found[category] {
        surprises[index].count += 1
      } else {
        found[category] = surprises.count
        let line = table.line(row: row, column: place)
        surprises.append(.init(column: name, line: line, category: category, count: 1))
      }
    }
    for (index, row) in rows.enumerated() {
      let first = index * stride + start
      if kind == .number, let number = table.numberIfAny(row: row, column: place) {
        inputs[first] = number
        continue
      }
      let text = table.field(row: row, column: place)
      if table.isMissing(text) {
        if kind != .category { inputs[first] = fill }
        if hasIndicator { inputs[first + inputCount - 1] = 1 } else { noteSurprise(nil, row) }
        continue
      }
      switch kind {
      case .number: throw table.error(.notANumber(text), row: row, column: place)
      case .boolean:
        guard let value = BooleanWord.value(text) else {
          throw table.error(.notABoolean(text), row: row, column: place)
        }
        inputs[first] = value ? 1 : 0
      case .date:
        guard let days = CalendarDate.days(text) else { throw table.error(.notADate(text), row: row, column: place) }
        inputs[first] = days
      case .category:
        if let code = codes[text] { inputs[first + code] = 1 } else { noteSurprise(text, row) }
      }
    }
  }
}
