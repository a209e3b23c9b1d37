import MicrogradNN

extension CSVTable {
  /// The kind of a target column.
  public enum TargetKind: Sendable, Equatable {
    /// Numbers if all fields are numbers; class names if most are other texts. If most fields are numbers, or texts that a
    /// person would read as numbers such as `1,5`, the first that is not a number is an error.
    case automatic

    /// Numbers. A field that is not a number is an error.
    case numbers

    /// Class names, even if they are numbers. Classes are numbered in the order of their names: by value if all are
    /// integers, else as strings.
    case classes

    /// These class names, numbered in this order. Any other name is an error. Use it to give the classes of a second file,
    /// such as test data, the numbers of the first.
    case knownClasses([String])
  }

  /// Creates a data set from columns.
  ///
  /// ```swift
  /// let table = try CSVTable(text: "a,b,kind\n1,2,yes\n3,4,no\n")
  /// let data = try table.dataset(target: "kind", inputs: ["b"])
  /// data.inputs   // [2.0, 4.0]
  /// data.targets  // .classes([1, 0], names: ["no", "yes"])
  /// ```
  ///
  /// - Parameters:
  ///   - target: The column to predict.
  ///   - inputs: The columns of the inputs in this order, all numbers. If nil, all columns except the target.
  ///   - kind: The kind of the target column.
  ///
  /// Throws `CSVError` for the first field that is missing or invalid, and for a column that does not exist.
  public func dataset(
    target: String, inputs: [String]? = nil, kind: TargetKind = .automatic
  ) throws -> Dataset {
    let targetColumn = try index(of: target)
    let names = inputs ?? columns.filter { $0 != target }
    if names.contains(target) { throw CSVError(.targetIsInput, file: file, column: target) }
    let numbers = try self.inputs(names)
    return try Dataset(
      inputs: numbers, inputCount: names.count, targets: targets(in: targetColumn, kind, Array(0..<count)),
      inputNames: names)
  }

  /// Returns the numbers of these columns, row-major, as inputs for a trained model.
  ///
  /// There are `count` rows with one number per column, in this order, as in `Dataset.inputs`. Throws `CSVError` for the
  /// first field that is missing or not a number, for a column that does not exist, and if `columns` is empty.
  ///
  /// ```swift
  /// try CSVTable(text: "a,b\n1,2\n3,4\n").inputs(["b", "a"])  // [2.0, 1.0, 4.0, 3.0]
  /// ```
  public func inputs(_ columns: [String]) throws(CSVError) -> [Double] {
    guard !columns.isEmpty else { throw CSVError(.noInputs, file: file) }
    var places: [Int] = []
    for column in columns { places.append(try index(of: column)) }
    var numbers = Array(repeating: 0.0, count: count * places.count)
    var next = readNumbers(places, from: 0, into: &numbers)
    while next < numbers.count {
      numbers[next] = try number(row: next / places.count, column: places[next % places.count])
      next = readNumbers(places, from: next + 1, into: &numbers)
    }
    return numbers
  }

  /// Returns the fields of a column without surrounding white space.
  ///
  /// Throws `CSVError` for the first field that is missing, and for a column that does not exist.
  ///
  /// ```swift
  /// try CSVTable(text: "a,kind\n1,yes\n2,no\n").texts("kind")  // ["yes", "no"]
  /// ```
  public func texts(_ column: String) throws(CSVError) -> [String] {
    try texts(in: index(of: column), Array(0..<count))
  }

  /// Returns the fields of a column without surrounding white space, including those of missing values.
  ///
  /// Throws `CSVError` for a column that does not exist.
  ///
  /// ```swift
  /// try CSVTable(text: "a,note\n1,yes\n2,\n").fields("note")  // ["yes", ""]
  /// ```
  public func fields(_ column: String) throws(CSVError) -> [String] {
    let place = try index(of: column)
    return (0..<count).map { field(row: $0, column: place) }
  }

  /// Returns the rows, counted from 0, in which a column has a value.
  ///
  /// Throws `CSVError` for a column that does not exist.
  ///
  /// ```swift
  /// try CSVTable(text: "a,k\n1,x\n2,NA\n3,y\n").rowsWithValue(in: "k")  // [0, 2]
  /// ```
  public func rowsWithValue(in column: String) throws(CSVError) -> [Int] {
    let place = try index(of: column)
    return (0..<count).filter {
      numberIfAny(row: $0, column: place) != nil || !isMissing(field(row: $0, column: place))
    }
  }

  /// Returns the targets of rows.
  ///
  /// Throws `CSVError` for the first field that is missing or invalid, and for a column that does not exist.
  ///
  /// ```swift
  /// let table = try CSVTable(text: "a,k\n1,x\n2,NA\n3,y\n")
  /// try table.targets("k", rows: [0, 2])  // .classes([0, 1], names: ["x", "y"])
  /// ```
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - kind: The kind of the column.
  ///   - rows: The rows, counted from 0; nil for all rows.
  public func targets(
    _ column: String, kind: TargetKind = .automatic, rows: [Int]? = nil
  ) throws(CSVError) -> Dataset.Targets {
    try targets(in: index(of: column), kind, rows ?? Array(0..<count))
  }

  private func texts(in column: Int, _ rows: [Int]) throws(CSVError) -> [String] {
    var texts: [String] = []
    texts.reserveCapacity(rows.count)
    for row in rows { texts.append(try text(row: row, column: column)) }
    return texts
  }

  private func targets(
    in column: Int, _ kind: TargetKind, _ rows: [Int]
  ) throws(CSVError) -> Dataset.Targets {
    switch kind {
    case .automatic:
      return try targets(in: column, areNumbers(in: column, rows) ? .numbers : .classes, rows)
    case .numbers:
      var numbers: [Double] = []
      for row in rows { numbers.append(try number(row: row, column: column)) }
      return .numbers(numbers, columns: 1)
    case .classes:
      return try classes(in: column, names: Self.inOrder(Set(texts(in: column, rows))), rows)
    case .knownClasses(let names):
      return try classes(in: column, names: names, rows)
    }
  }

  /// Returns true if all fields are numbers, false if most are texts. Throws if most, but not all, are numbers.
  private func areNumbers(in column: Int, _ rows: [Int]) throws(CSVError) -> Bool {
    var (numbers, texts) = (0, 0)
    var firstOther: (row: Int, text: String)?
    /// How often each other text occurs.
    var others: [String: Int] = [:]
    for row in rows {
      if numberIfAny(row: row, column: column) != nil {
        numbers += 1
        continue
      }
      let text = try text(row: row, column: column)
      firstOther = firstOther ?? (row, text)
      others[text, default: 0] += 1
    }
    for (text, count) in others {
      if CSVNumber.nearMiss(text) != nil {
        numbers += count
      } else if !Self.signsOfAbsence.contains(text.lowercased()) {
        texts += count
      }
    }
    guard let firstOther else { return true }
    if numbers <= texts { return false }
    throw error(
      .mostlyNumbers(firstOther.text, numbers: numbers, rows: rows.count), row: firstOther.row, column: column)
  }

  /// Words that people and programs use for a missing number, in lower case.
  private static let signsOfAbsence: Set<String> = [
    "?", "-", "--", "—", ".", "..", "*", "#", "na", "n/a", "n.a.", "nil", "none", "null", "missing", "unknown",
    "undefined", "#n/a", "#value!", "#div/0!", "#ref!", "#num!", "#name?", "(null)",
  ]

  private func classes(
    in column: Int, names: [String], _ rows: [Int]
  ) throws(CSVError) -> Dataset.Targets {
    let numbers = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    var classes: [Int] = []
    for row in rows {
      let name = try text(row: row, column: column)
      guard let number = numbers[name] else {
        throw error(.unknownClass(name, known: names), row: row, column: column)
      }
      classes.append(number)
    }
    return .classes(classes, names: names)
  }

  /// Returns names in order: by value if all are integers, else as strings.
  static func inOrder(_ names: Set<String>) -> [String] {
    let numbered = names.map { (name: $0, number: Int($0)) }
    guard numbered.allSatisfy({ $0.number != nil }) else { return names.sorted() }
    return numbered.sorted { ($0.number ?? 0, $0.name) < ($1.number ?? 0, $1.name) }.map(\.name)
  }
}
