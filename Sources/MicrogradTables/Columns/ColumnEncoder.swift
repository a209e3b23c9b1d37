import MicrogradNN

/// The preparation of one column: how its cells become inputs of a network.
///
/// | kind | inputs |
/// |---|---|
/// | ``Kind/number`` | the number |
/// | ``Kind/boolean`` | 1 for `yes`, `true`, `y`, `t`, `on` and `1`, in any case; 0 for their opposites |
/// | ``Kind/date`` | the days since 1970-01-01, with the time of day as a fraction |
/// | ``Kind/category`` | one input for each category: 1 for that of the cell, 0 for the others |
///
/// If cells were missing in the training rows, one more input is 1 for a missing cell and 0 otherwise. The input of a missing
/// number, date or boolean is ``fill``; those of a missing category are all 0.
public struct ColumnEncoder: Sendable, Equatable {
  /// The kind of a column.
  public enum Kind: String, Sendable, Equatable, Codable {
    /// Numbers.
    case number
    /// Words such as `yes` and `no`.
    case boolean
    /// Dates.
    case date
    /// Texts that repeat.
    case category
  }

  /// The name of the column.
  public let name: String
  /// The kind of the column.
  public let kind: Kind
  /// The categories in the order of their inputs; empty for other kinds.
  public let categories: [String]
  /// The number for a missing cell: the median of the training rows, for a boolean the more frequent value.
  public let fill: Double
  /// True if there is an input for whether the cell is missing.
  public let hasIndicator: Bool

  /// Creates the preparation of a column.
  ///
  /// ```swift
  /// let deck = ColumnEncoder(name: "deck", kind: .category, categories: ["A", "B"], hasIndicator: true)
  /// deck.inputNames  // ["deck = A", "deck = B", "deck is missing"]
  /// ```
  ///
  /// - Parameters:
  ///   - name: The name of the column.
  ///   - kind: The kind of the column.
  ///   - categories: The categories, at least one and all different, if the kind is ``Kind/category``; else none.
  ///   - fill: The number for a missing cell, finite.
  ///   - hasIndicator: True for an input that says whether the cell is missing.
  public init(name: String, kind: Kind, categories: [String] = [], fill: Double = 0, hasIndicator: Bool = false) {
    self.name = name
    self.kind = kind
    self.categories = categories
    self.fill = fill
    self.hasIndicator = hasIndicator
  }

  /// The number of inputs.
  ///
  /// ```swift
  /// ColumnEncoder(name: "x", kind: .number).inputCount  // 1
  /// ```
  public var inputCount: Int { (kind == .category ? categories.count : 1) + (hasIndicator ? 1 : 0) }

  /// The names of the inputs, such as `age`, `sex = female` and `age is missing`.
  ///
  /// ```swift
  /// ColumnEncoder(name: "age", kind: .number, fill: 28, hasIndicator: true).inputNames  // ["age", "age is missing"]
  /// ```
  public var inputNames: [String] {
    (kind == .category ? categories.map { "\(name) = \($0)" } : [name]) + (hasIndicator ? ["\(name) is missing"] : [])
  }

  /// For each input, true if it is a measured number or a date; false if it is 0 or 1.
  var areMeasured: [Bool] {
    let isMeasured = kind == .number || kind == .date
    return Array(repeating: isMeasured, count: inputCount - (hasIndicator ? 1 : 0)) + (hasIndicator ? [false] : [])
  }
}

extension ColumnEncoder: Codable {
  private enum CodingKeys: CodingKey {
    case name, kind, categories, fill, hasIndicator
  }

  /// Decodes the preparation of a column.
  ///
  /// Throws `DecodingError` if the fill is not finite, if a category column has no categories or two of the same name, or if
  /// another column has categories.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    kind = try container.decode(Kind.self, forKey: .kind)
    categories = try container.decodeIfPresent([String].self, forKey: .categories) ?? []
    fill = try container.decode(Double.self, forKey: .fill)
    hasIndicator = try container.decode(Bool.self, forKey: .hasIndicator)
    guard fill.isFinite, (kind == .category) == !categories.isEmpty, Set(categories).count == categories.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .categories, in: container,
        debugDescription: "a column has a finite fill, and different categories if it is a category column")
    }
  }

  /// Encodes the preparation of a column.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    if !categories.isEmpty { try container.encode(categories, forKey: .categories) }
    try container.encode(fill, forKey: .fill)
    try container.encode(hasIndicator, forKey: .hasIndicator)
  }
}
