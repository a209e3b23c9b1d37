import MicrogradTables

/// A table as points of the plane: two columns of numbers, and one with two classes.
struct NetworkTable: Encodable {
  struct Request: Decodable {
    let text: String
    /// The columns; nil to choose them.
    var x: String?
    var y: String?
    var label: String?
  }

  var kind = "table"
  /// Rows of x, y and class, 0 or 1.
  let points: [[Double]]
  /// The names of x and y, and of the classes.
  let names: [String], classes: [String]
  /// All columns, and the one with the classes.
  let columns: [String], label: String
  /// What was left out; nil if nothing was.
  let note: String?

  init(_ request: Request) throws {
    do {
      try self.init(reading: request)
    } catch let error as CSVError {
      throw PlaygroundError("\(error)", field: "table")
    }
  }

  private init(reading request: Request) throws {
    let table = try CSVTable(text: request.text)
    guard table.columns.count >= 3 else {
      throw PlaygroundError(
        "the table has \(table.columns.count) columns: give two of numbers and one with the class", field: "table")
    }
    let label = request.label ?? Self.likelyLabel(table)
    let others = table.columns.filter { $0 != label }
    let x = request.x ?? others[0], y = request.y ?? others.first { $0 != x } ?? others[0]
    guard x != y, x != label, y != label else {
      throw PlaygroundError("x, y and class are three different columns: choose another", field: "table")
    }
    let labels = try table.fields(label)
    var classes: [String] = []
    for text in labels where !classes.contains(text) {
      classes.append(text)
      if classes.count > 2 {
        throw PlaygroundError(
          "the column “\(label)” has more than two classes (\(classes.map { "“\($0.prefix(40))”" }.joined(separator: ", ")) …): "
            + "choose another column, or keep the rows of two", field: "table")
      }
    }
    guard classes.count == 2 else {
      throw PlaygroundError("the column “\(label)” has one class: rows of two are needed", field: "table")
    }
    classes.sort()
    let numbers = try table.inputs([x, y])
    let every = (table.count + NetworkSettings.mostPoints - 1) / NetworkSettings.mostPoints
    points = stride(from: 0, to: table.count, by: every).map { row -> [Double] in
      let isSecond = labels[row] == classes[1]
      return [numbers[2 * row], numbers[2 * row + 1], isSecond ? 1.0 : 0.0]
    }
    guard points.allSatisfy({ $0[0].magnitude <= 1e12 && $0[1].magnitude <= 1e12 }) else {
      throw PlaygroundError("a number is larger than 1e12: give the columns in larger units", field: "table")
    }
    (names, self.classes, columns, self.label) = ([x, y], classes, table.columns, label)
    note = every > 1 ? "every \(every)th of \(table.count) rows" : nil
  }

  /// The last column with two different texts; else the last one.
  private static func likelyLabel(_ table: CSVTable) -> String {
    let last = table.columns[table.columns.count - 1]
    for column in table.columns.reversed() {
      guard let texts = try? table.fields(column) else { continue }
      var seen: Set<String> = []
      for text in texts where seen.count <= 2 { seen.insert(text) }
      if seen.count == 2 { return column }
    }
    return last
  }
}
