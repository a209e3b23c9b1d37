import MicrogradNN

extension BinaryTable {
  /// Some rows of a table, in order.
  public enum Selection: Sendable, Equatable {
    /// All rows.
    case all
    /// These rows, counted from 0.
    case rows([Int])
    /// The rows of these blocks of `size` rows, counted from 0. If the table's last block is shorter, it is the last here.
    case blocks([Int], size: Int)
  }

  /// Returns what is in each column and what becomes of it: as ``TableEncoder/survey(_:columns:rows:options:)``, in constant
  /// memory.
  ///
  /// The rows are read once to count, and five times more for the exact medians. Throws ``BinaryTableError`` for a column that does not
  /// exist and for damaged rows, and `CSVError` as the survey of a CSV table does.
  ///
  /// - Parameters:
  ///   - names: The columns to consider, in order.
  ///   - selection: The training rows.
  ///   - options: The choices for preparing the columns.
  public func survey(
    columns names: [String], of selection: Selection = .all, options: TableEncoder.Options = .init()
  ) throws -> [ColumnReport] {
    if names.isEmpty { throw CSVError(.noInputs, file: file) }
    let places = try names.map(index(of:))
    var options = options
    for (name, place) in zip(names, places) where options.textColumns.contains(name) && columns[place].kind != .text {
      throw error(.otherKind(column: name, wanted: "text"))
    }
    // The conversion chose the columns.
    options.wantedColumns.formUnion(names)
    let medians = try self.medians(of: places.filter { columns[$0].kind != .text }, selection)
    var surveys = names.map { _ in ColumnSurvey(isBounded: true) }
    var codes = places.map { [Int](repeating: 0, count: columns[$0].texts.count) }
    try forEachRow(of: selection) { row, numbers in
      for (index, place) in places.enumerated() {
        let number = numbers[place]
        if number.isNaN {
          surveys[index].addMissing(1)
        } else if columns[place].kind == .text {
          codes[index][try code(number, row, place)] += 1
        } else {
          surveys[index].add(number, row: row)
        }
      }
    }
    let rows = count(of: selection)
    var reports: [ColumnReport] = []
    for (index, place) in places.enumerated() {
      for (text, count) in zip(columns[place].texts, codes[index]) where count > 0 {
        surveys[index].add(text, count: count)
      }
      surveys[index].knownMedian = medians[place]
      let survey = surveys[index]
      let column = TableEncoder.SurveyedColumn(name: names[index], rows: rows, file: file) { _ in survey }
      let report = try TableEncoder.report(on: column, options)
      reports.append(columns[place].kind == .date ? report.asDates : report)
    }
    return try TableEncoder.checked(reports, file: file)
  }

  /// The number of rows of a selection.
  func count(of selection: Selection) -> Int {
    switch selection {
    case .all: count
    case .rows(let rows): rows.count
    case .blocks(let blocks, let size):
      blocks.reduce(0) { $0 + Swift.min(($1 + 1) * size, count) - $1 * size }
    }
  }

  /// Calls `body` with the numbers of the rows of a selection.
  func forEachRow(of selection: Selection, _ body: (_ row: Int, UnsafeBufferPointer<Double>) throws -> Void) throws {
    switch selection {
    case .all: try forEachRow(0..<count, body)
    case .rows(let rows): try forEachRow(rows, body)
    case .blocks(let blocks, let size):
      for block in blocks { try forEachRow(block * size..<Swift.min((block + 1) * size, count), body) }
    }
  }

  /// Returns the index of the text in a cell.
  func code(_ number: Double, _ row: Int, _ column: Int) throws(BinaryTableError) -> Int {
    guard let code = Self.textIndex(number, among: columns[column].texts.count) else {
      throw error(.notAText(row: row, column: columns[column].name))
    }
    return code
  }

  /// Returns the index of a text that a cell stores as a number; nil if it is the index of none.
  static func textIndex(_ number: Double, among count: Int) -> Int? {
    guard number >= 0, number < Double(count) else { return nil }  // NaN is neither
    let index = Int(number)
    return Double(index) == number ? index : nil
  }

  // MARK: - Medians

  /// Returns the medians of columns: the mean of the two middle numbers if the count is even, as
  /// ``ColumnSurvey/median(_:)`` does.
  ///
  /// A number is found 16 bits at a time, from counts of how often each value of the next 16 bits occurs. At most 64 columns
  /// are done at once, which takes 34 MB.
  private func medians(of places: [Int], _ selection: Selection) throws -> [Int: Double] {
    var medians: [Int: Double] = [:]
    for start in stride(from: 0, to: places.count, by: 64) {
      var searches = places[start..<Swift.min(start + 64, places.count)].map { (place: $0, search: MedianSearch()) }
      for _ in 0..<MedianSearch.passes {
        try forEachRow(of: selection) { _, numbers in
          for index in searches.indices {
            let number = numbers[searches[index].place]
            if !number.isNaN { searches[index].search.add(number) }
          }
        }
        for index in searches.indices { searches[index].search.endPass() }
      }
      for (place, search) in searches { medians[place] = search.median }
    }
    return medians
  }
}

/// Finds the median of numbers that are given several times.
struct MedianSearch {
  static let passes = 5

  private var counts = [Int](repeating: 0, count: 1 << 16)
  private var pass = 0
  private var total = 0
  /// The leading bits of the lower middle number, as they are ordered.
  private var prefix: UInt64 = 0
  /// The number of numbers with this prefix that are before it; then, of those that are up to it.
  private var rank = 0
  private var next = Double.infinity
  private var last = 0.0
  private var areEqual = false

  mutating func add(_ number: Double) {
    let bits = Self.ordered(number)
    if pass == 4 {
      // The numbers above the lower middle one.
      if bits > prefix, number < next { next = number }
    } else if pass == 0 || bits >> UInt64(64 - 16 * pass) == prefix {
      counts[Int(bits >> UInt64(48 - 16 * pass) & 0xFFFF)] += 1
    }
  }

  mutating func endPass() {
    defer { pass += 1 }
    if pass == 0 {
      total = counts.reduce(0, +)
      rank = (total - 1) / 2
    }
    guard pass < 4, total > 0 else { return }
    var digit = 0
    while rank >= counts[digit] {
      rank -= counts[digit]
      digit += 1
    }
    prefix = prefix << 16 | UInt64(digit)
    if pass == 3 {
      areEqual = rank + 1 < counts[digit]
      last = Self.number(prefix)
    }
    for index in counts.indices { counts[index] = 0 }
  }

  var median: Double {
    if total == 0 { return 0 }
    return total % 2 == 1 ? last : last / 2 + (areEqual ? last : next) / 2
  }

  /// Returns the bits of a number so that they are ordered as numbers are.
  private static func ordered(_ number: Double) -> UInt64 {
    // -0 is the same as 0.
    let bits = (number + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  private static func number(_ ordered: UInt64) -> Double {
    Double(bitPattern: ordered >> 63 == 1 ? ordered & ~(1 << 63) : ~ordered)
  }
}

extension ColumnReport {
  /// The report of a column of numbers that are dates.
  fileprivate var asDates: ColumnReport {
    guard case .inputs(let encoder) = outcome, encoder.kind == .number else { return self }
    return ColumnReport(
      name: name, rows: rows, missing: missing, range: range,
      outcome: .inputs(
        ColumnEncoder(name: name, kind: .date, fill: encoder.fill, hasIndicator: encoder.hasIndicator)),
      isConstant: isConstant)
  }
}
