import Micrograd

/// A formula that is read from text, such as `a*exp(-b*x) + c`, and evaluated on any numbers.
///
/// ```swift
/// let decay = try Formula("a*exp(-b*x) + c")
/// decay.names  // ["a", "b", "x", "c"]
/// decay([3, 0.5, 2, 1])  // 2.1036
/// gradient(at: [3, 0.5, 2, 1]) { decay($0) }  // [0.3679, -2.2073, -0.5518, 1.0]
/// ```
///
/// The overview of the module lists operators, functions and names. The last of several statements is the
/// result: `e = a*b; d = e + c; d*f`.
///
/// Parsing, evaluating and printing take time and memory in proportion to the length of the text, whatever its nesting: none of
/// them is recursive.
public struct Formula: Sendable {
  /// The inputs, in the order in which they first appear.
  public let names: [String]
  internal let tree: FormulaTree
  /// The numbers of nodes that depend on no input.
  internal let constants: [Double?]

  /// Reads a formula.
  ///
  /// - Throws: ``FormulaError`` with the place of the error.
  public init(_ text: String) throws(FormulaError) {
    let scalars = Array(text.unicodeScalars)
    var parser = FormulaParser(scalars)
    try parser.parse()
    if parser.response != nil {
      throw FormulaError(.strayTilde, in: scalars, at: scalars.firstIndex(of: "~") ?? 0)
    }
    self.init(parser.tree, names: parser.names)
  }

  internal init(_ tree: FormulaTree, names: [String]) {
    self.tree = tree
    self.names = names
    constants = tree.constants()
  }

  /// The name of the input that the whole formula is, such as `x`; nil for any other formula.
  public var inputName: String? {
    if tree.nodes.count == 1, case .input = tree.nodes[0] { names[0] } else { nil }
  }

  /// The names that are assigned, in the order of the statements.
  ///
  /// ```swift
  /// try Formula("e = a*b; e + c").assignedNames  // ["e"]
  /// ```
  public var assignedNames: [String] { tree.statements.compactMap(\.name) }

  /// Computes the formula.
  ///
  /// On Values it is recorded; what depends on no input is computed once, as a plain number. Comparisons are 1 or 0, with
  /// derivative 0. Of `if(condition, a, b)` both sides are computed, and derivatives flow into the chosen one.
  ///
  /// - Parameter inputs: A number for each of ``names``, in their order.
  public func callAsFunction<T: DifferentiableNumber>(_ inputs: [T]) -> T {
    let values = values(inputs)
    return values[values.count - 1]
  }

  /// Computes the formula from inputs with names.
  ///
  /// ```swift
  /// try Formula("a*b + b**3").value(at: ["a": -4, "b": 2])  // 0.0
  /// ```
  ///
  /// - Throws: ``FormulaInputError`` if an input is missing, or is not one of ``names``.
  public func value<T: DifferentiableNumber>(at inputs: [String: T]) throws(FormulaInputError) -> T {
    self(try ordered(inputs))
  }

  /// Returns numbers with names in the order of ``names``.
  ///
  /// - Throws: ``FormulaInputError`` if an input is missing, or is not one of ``names``.
  public func ordered<T>(_ inputs: [String: T]) throws(FormulaInputError) -> [T] {
    let known = Set(names)
    for name in inputs.keys.sorted() where !known.contains(name) {
      throw .unknown(name, closest: Spelling.closest(to: name, among: names), names: names)
    }
    let missing = names.filter { inputs[$0] == nil }
    if !missing.isEmpty { throw .missing(missing) }
    return names.compactMap { inputs[$0] }
  }

  /// Computes the results of all statements, those of assignments and the last one.
  ///
  /// ```swift
  /// try Formula("e = a*b; d = e + c; d*f").statements([2.0, -3, 10, -2])
  /// // [(name: "e", value: -6.0), (name: "d", value: 4.0), (name: nil, value: -8.0)]
  /// ```
  ///
  /// - Parameter inputs: A number for each of ``names``, in their order.
  public func statements<T: DifferentiableNumber>(_ inputs: [T]) -> [(name: String?, value: T)] {
    let values = values(inputs)
    return tree.statements.map { ($0.name, values[$0.root]) }
  }

  /// Compiles the formula, to run it over many samples.
  ///
  /// ```swift
  /// let f = try Formula("a*exp(-b*x)").compiled()
  /// try f.values(at: Samples([[3, 0.5, 2], [1, 1, 0]]))  // [1.1036, 1.0]
  /// ```
  ///
  /// - Returns: A function of the inputs in the order of ``names``.
  /// - Throws: `CompilationError` if the formula cannot be compiled.
  public func compiled() throws(CompilationError) -> CompiledFunction {
    try compile(at: names.map { _ in 1 }) { self($0) }
  }

  private func values<T: DifferentiableNumber>(_ inputs: [T]) -> [T] {
    precondition(
      inputs.count == names.count,
      "\(inputs.count) numbers for the inputs \(names): give one for each name, in this order")
    return tree.values(inputs, constants: constants)
  }
}

// Two formulas are equal if they have the same tree and the same names.
extension Formula: Hashable {
  /// Returns true if both formulas consist of the same operations on the same names.
  public static func == (a: Formula, b: Formula) -> Bool { a.tree == b.tree && a.names == b.names }
  /// Hashes the tree and the names.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(tree)
    hasher.combine(names)
  }
}

/// An error in the inputs of a formula.
public enum FormulaInputError: Error, Equatable, Sendable {
  /// Inputs of the formula have no number.
  case missing([String])
  /// A number was given for a name that the formula does not have.
  case unknown(String, closest: String?, names: [String])
}

extension FormulaInputError: CustomStringConvertible {
  /// A message that says what is wrong, and what to do.
  public var description: String {
    switch self {
    case .missing(let names):
      "the formula needs \(names.map { "“\($0)”" }.joined(separator: ", ")); give a number, as in \(names[0])=1"
    case .unknown(let name, let closest?, _):
      "the formula has no “\(name)”; did you mean “\(closest)”?"
    case .unknown(let name, nil, let names):
      "the formula has no “\(name)”; it has \(names.isEmpty ? "no inputs" : names.map { "“\($0)”" }.joined(separator: ", "))"
    }
  }
}
