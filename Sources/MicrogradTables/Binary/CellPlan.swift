import MicrogradNN

/// How the cells of a column become inputs.
struct CellPlan: Sendable {
  enum Kind: Sendable {
    case number, boolean, category
  }

  let kind: Kind
  /// The index of the column in the table.
  let place: Int
  /// The index of its first input.
  let start: Int
  /// The index after its last input.
  let end: Int
  let fill: Double
  /// The index, counted from the first input, of the one that says whether the cell is missing; nil if there is none.
  let indicator: Int?
  /// The index of the code of its first text.
  let firstCode: Int

  /// - Parameter codes: For each text of a column, its category, or 0 or 1; -1 for a category that the preparation does not
  ///   have. Those of this column are appended.
  init(_ encoder: ColumnEncoder, start: Int, _ table: BinaryTable, _ codes: inout [Int]) throws(BinaryTableError) {
    place = try table.index(of: encoder.name)
    self.start = start
    end = start + encoder.inputCount
    fill = encoder.fill
    indicator = encoder.hasIndicator ? encoder.inputCount - 1 : nil
    firstCode = codes.count
    let column = table.columns[place]
    func otherKind(_ wanted: String) -> BinaryTableError {
      table.error(.otherKind(column: column.name, wanted: wanted))
    }
    switch encoder.kind {
    case .number:
      guard column.kind == .number else { throw otherKind("numbers") }
      kind = .number
    case .date:
      guard column.kind == .date else { throw otherKind("dates") }
      kind = .number
    case .boolean:
      guard column.kind == .text else { throw otherKind("words such as yes and no") }
      kind = .boolean
      for text in column.texts {
        guard let value = BooleanWord.value(text) else {
          throw table.error(.notABoolean(text, column: column.name))
        }
        codes.append(value ? 1 : 0)
      }
    case .category:
      guard column.kind == .text else { throw otherKind("text") }
      kind = .category
      let categories = Dictionary(uniqueKeysWithValues: zip(encoder.categories, encoder.categories.indices))
      codes += column.texts.map { categories[$0] ?? -1 }
    }
  }
}

/// Inputs that are columns of numbers which follow each other in the table: most tables are like that, and vector
/// instructions copy them.
struct PlainColumns: Sendable {
  /// The index of the first column in the table.
  private let place: Int
  private let fills: [Double]

  /// Returns nil if the inputs are not like that.
  init?(_ plan: [CellPlan]) {
    guard let first = plan.first?.place else { return nil }
    for (index, cell) in plan.enumerated() {
      guard cell.kind == .number, cell.indicator == nil, cell.place == first + index else { return nil }
    }
    place = first
    fills = plan.map(\.fill)
  }

  func write(
    _ rows: UnsafeBufferPointer<UnsafePointer<Double>>, to inputs: UnsafeMutableBufferPointer<Double>,
    _ scaling: Standardizer?
  ) {
    let means = scaling?.means ?? fills.map { _ in 0 }, deviations = scaling?.standardDeviations ?? fills.map { _ in 1 }
    fills.withUnsafeBufferPointer { fills in
      means.withUnsafeBufferPointer { means in
        deviations.withUnsafeBufferPointer { deviations in
          guard var to = inputs.baseAddress else { return }
          for row in rows {
            let from = row + place
            for k in 0..<fills.count {
              let number = from[k]
              to[k] = ((number == number ? number : fills[k]) - means[k]) / deviations[k]
            }
            to += fills.count
          }
        }
      }
    }
  }
}
