import Micrograd

/// A model that is read from text: a response, a tilde, and a formula, such as `y ~ a*exp(-b*x) + c`.
///
/// ```swift
/// let model = try ModelFormula("log(y) ~ a + b*x")
/// model.response.description  // "log(y)"
/// model.prediction.names  // ["a", "b", "x"]
/// model.parameters(columns: ["x", "y"])  // ["a", "b"]
/// ```
///
/// Statements before the model may name parts: `k = a*exp(-E/T); rate ~ k*c`.
public struct ModelFormula: Sendable, Hashable {
  /// The left side.
  public let response: Formula
  /// The right side.
  public let prediction: Formula

  /// Reads a model.
  ///
  /// - Throws: ``FormulaError`` with the place of the error.
  public init(_ text: String) throws(FormulaError) {
    let scalars = Array(text.unicodeScalars)
    var parser = FormulaParser(scalars)
    try parser.parse()
    guard let response = parser.response else { throw FormulaError(.missingTilde, in: scalars, at: scalars.count) }
    let statements = parser.tree.statements
    let (left, leftNames) = parser.tree.part(root: statements[response].root, names: parser.names)
    let (right, rightNames) = parser.tree.part(root: statements[statements.count - 1].root, names: parser.names)
    self.response = Formula(left, names: leftNames)
    prediction = Formula(right, names: rightNames)
  }

  /// The names of the right side that are not columns of a table: what a fit determines, in the order in which they appear.
  public func parameters(columns: some Collection<String>) -> [String] {
    let columns = Set(columns)
    return prediction.names.filter { !columns.contains($0) }
  }
}

extension ModelFormula: CustomStringConvertible {
  /// The model as text.
  public var description: String { "\(response) ~ \(prediction)" }
}
