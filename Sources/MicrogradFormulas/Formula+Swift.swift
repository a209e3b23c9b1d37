extension Formula {
  /// Returns a Swift program, a `main.swift`, that computes the formula and its gradient with Micrograd.
  ///
  /// It prints a line of comma-separated values for every input, every name that is assigned, and the result: the name, the
  /// value, and the derivative of the result with respect to it. The numbers are those of the formula itself, to the bit.
  ///
  /// - Parameter inputs: A number for each of ``names``, in their order.
  package func swiftProgram(at inputs: [Double]) -> String {
    precondition(inputs.count == names.count, "\(inputs.count) numbers for the inputs \(names): give one for each name")
    var source = SwiftSource(tree: tree, names: names, constants: constants)
    return source.program(at: inputs)
  }
}

/// Writes a formula as Swift, statement by statement.
///
/// Nodes are written in their order, so that no recursion is needed. A long expression is divided into several statements,
/// because the compiler takes long to infer the types of long expressions.
private struct SwiftSource {
  /// The text of a node.
  struct Piece {
    var text: String
    /// True if an operator beside it needs no parentheses.
    var isPrimary = true
    /// Binds as a product does, or less tightly.
    var isSum = false
    /// A number of type Double.
    var isConstant = false
    /// The number of operators and calls in it.
    var size = 0
  }

  /// The largest number of operators and calls in a statement.
  private static let largestSize = 10

  let tree: FormulaTree
  let names: [String]
  let constants: [Double?]
  private var lines: [String] = []
  private var pieces: [Piece] = []
  private var identifiers = SwiftIdentifiers()
  private var partCount = 0

  init(tree: FormulaTree, names: [String], constants: [Double?]) {
    (self.tree, self.names, self.constants) = (tree, names, constants)
  }

  mutating func program(at numbers: [Double]) -> String {
    let inputs = names.map { identifiers.unused(for: $0) }
    var shown = zip(names, inputs).map { (name: $0, place: $1, isConstant: false) }
    lines = zip(inputs, numbers).map { "let \($0) = Value(\(Self.literal($1)))" }
    pieces.reserveCapacity(tree.nodes.count)
    var next = 0, statements: [Piece] = []
    for k in tree.nodes.indices {
      pieces.append(piece(k, inputs, statements))
      while next < tree.statements.count, tree.statements[next].root == k {
        let name = tree.statements[next].name ?? "result"
        // A name that is assigned again stands for its last number.
        shown.removeAll { $0.name == name }
        statements.append(define(identifiers.unused(for: name), pieces[k]))
        shown.append((name, statements[next].text, statements[next].isConstant))
        next += 1
      }
    }
    let result = statements[statements.count - 1]
    if !result.isConstant { lines.append("\(result.text).backward()") }
    lines += ["", #"print("name,value,gradient")"#]
    for (name, place, isConstant) in shown {
      let numbers = isConstant ? "\(place), 0.0" : "\(place).data, \(place).grad"
      lines.append("print(\(Self.quoted(name)), \(numbers), separator: \",\")")
    }
    return "import Micrograd\n\n" + lines.joined(separator: "\n") + "\n"
  }

  private mutating func define(_ name: String, _ piece: Piece) -> Piece {
    lines.append("let \(name): \(piece.isConstant ? "Double" : "Value") = \(piece.text)")
    return Piece(text: name, isConstant: piece.isConstant)
  }

  // MARK: - Nodes

  private mutating func piece(_ k: Int, _ inputs: [String], _ statements: [Piece]) -> Piece {
    if let number = constants[k] {
      if case .constant(.pi) = tree.nodes[k] { return Piece(text: "Double.pi", isConstant: true) }
      if case .variable(let statement) = tree.nodes[k] { return statements[statement] }
      return Piece(text: Self.literal(number), isPrimary: number.sign == .plus, isConstant: true)
    }
    switch tree.nodes[k] {
    case .number, .constant: return Piece(text: Self.literal(constants[k] ?? .nan), isConstant: true)
    case .input(let input): return Piece(text: inputs[input])
    case .variable(let statement): return statements[statement]
    case .negate(let a):
      let x = taken([a])[0]
      return Piece(text: "-\(Self.primary(x))", isPrimary: false, size: x.size + 1)
    case .not(let a): return truth(.equal, taken([a])[0], Self.zero)
    case .binary(let op, let a, let b): return binary(op, taken([a, b]))
    case .call(let function, let range): return call(function, Array(tree.arguments[range]))
    case .choice(let condition, let a, let b): return choice(condition, a, b)
    }
  }

  private static let zero = Piece(text: "0.0", isConstant: true)

  /// The texts of operands. If they would make an expression too long, the longest get statements of their own.
  private mutating func taken(_ operands: [Int]) -> [Piece] {
    var taken = operands.map { pieces[$0] }
    var size = taken.reduce(1) { $0 + $1.size }
    guard size > Self.largestSize else { return taken }
    for k in taken.indices.sorted(by: { taken[$0].size > taken[$1].size }) where size > Self.largestSize {
      size -= taken[k].size
      taken[k] = named(taken[k])
    }
    return taken
  }

  /// The piece, or a name for it if it is not one.
  private mutating func named(_ piece: Piece) -> Piece {
    guard piece.size > 0 else { return piece }
    partCount += 1
    return define(identifiers.unused(for: "part\(partCount)"), piece)
  }

  private mutating func binary(_ op: BinaryOperator, _ operands: [Piece]) -> Piece {
    let x = operands[0], y = operands[1], size = x.size + y.size + 1
    switch op {
    case .add, .subtract:
      let right = y.isSum ? "(\(y.text))" : y.text
      return Piece(text: x.text + op.text + right, isPrimary: false, isSum: true, size: size)
    case .multiply, .divide:
      let left = x.isSum ? "(\(x.text))" : x.text
      return Piece(text: "\(left) \(op == .multiply ? "*" : "/") \(Self.primary(y))", isPrimary: false, size: size)
    case .power: return power(x, y)
    case .and: return select("\(value(x)) != 0.0", truth(.unequal, y, Self.zero), Self.zero)
    case .or: return select("\(value(x)) != 0.0", Piece(text: "1.0", isConstant: true), truth(.unequal, y, Self.zero))
    case .less, .atMost, .equal, .unequal, .atLeast, .greater: return truth(op, x, y)
    }
  }

  private func power(_ x: Piece, _ y: Piece) -> Piece {
    Piece(text: "\(Self.primary(x)) ** \(Self.primary(y))", isPrimary: false, size: x.size + y.size + 1)
  }

  /// 1 if a comparison holds, else 0.
  private func truth(_ op: BinaryOperator, _ x: Piece, _ y: Piece) -> Piece {
    select(comparison(op, x, y), Piece(text: "1.0", isConstant: true), Self.zero, size: x.size + y.size)
  }

  private func comparison(_ op: BinaryOperator, _ x: Piece, _ y: Piece) -> String {
    (y.isConstant ? value(x) : x.text) + op.text + y.text
  }

  private func select(_ condition: String, _ a: Piece, _ b: Piece, size: Int = 1) -> Piece {
    Piece(text: "select(\(condition), \(value(a)), \(value(b)))", size: size + a.size + b.size + 3)
  }

  private mutating func choice(_ condition: Int, _ a: Int, _ b: Int) -> Piece {
    if case .binary(let op, let left, let right) = tree.nodes[condition], op.isComparison {
      let x = taken([left, right, a, b])
      return select(comparison(op, x[0], x[1]), x[2], x[3], size: x[0].size + x[1].size)
    }
    let x = taken([condition, a, b])
    return select("\(value(x[0])) != 0.0", x[1], x[2], size: x[0].size)
  }

  // MARK: - Calls

  private mutating func call(_ function: FormulaFunction, _ arguments: [Int]) -> Piece {
    let x = taken(arguments), size = x.reduce(1) { $0 + $1.size }
    func made(_ text: String) -> Piece { Piece(text: text, size: size) }
    func list(_ x: [Piece]) -> String { "[" + x.map(value).joined(separator: ", ") + "]" }
    switch function {
    case .rint: return made("\(Self.primary(x[0])).rounded(.toNearestOrEven)")
    case .square: return made("\(Self.primary(x[0])).squared()")
    case .cube: return made("\(Self.primary(x[0])).cubed()")
    case .root: return made("Value.root(\(x[0].text), \(Int(constants[arguments[1]] ?? 1)))")
    case .polygamma: return made("polygamma(\(Int(constants[arguments[0]] ?? 0)), \(x[1].text))")
    case .pow: return power(x[0], x[1])
    case .normcdf: return made("(0.5 * erfc(\(Self.primary(x[0])) * \(Self.literal(-0.5.squareRoot()))))")
    case .sum: return made("sum(\(list(x)))")
    case .logsumexp: return made("logSumExp(\(list(x)))")
    case .leakyReLU, .elu: return scaled(function, x, isConstant: x.count == 1 || constants[arguments[1]] != nil)
    case .max, .min:
      return made(x.dropFirst().reduce(x[0].text) { "\(function.rawValue)(\($0), \($1.text))" })
    case .clamp:
      if let lower = constants[arguments[1]], let upper = constants[arguments[2]], lower <= upper {
        return made("clamp(\(x[0].text), \(x[1].text), \(x[2].text))")
      }
      return made("min(max(\(x[0].text), \(x[1].text)), \(x[2].text))")
    case .detach: return made("Value.apply(.detach, to: \(x[0].text))")
    default:
      let name = Self.differentNames[function] ?? function.rawValue
      return made("\(name)(\(x.map(\.text).joined(separator: ", ")))")
    }
  }

  private static let differentNames: [FormulaFunction: String] = [.lgamma: "logGamma", .geluTanh: "geluTanh"]

  /// A function with a slope or a scale.
  private mutating func scaled(_ function: FormulaFunction, _ x: [Piece], isConstant: Bool) -> Piece {
    let isELU = function == .elu, size = x.reduce(1) { $0 + $1.size }
    if isConstant {
      let factor = x.count == 1 ? (isELU ? "1.0" : "0.01") : x[1].text
      let label = isELU ? "scale" : "slope"
      return Piece(text: "\(isELU ? "elu" : "leakyReLU")(\(value(x[0])), \(label): \(factor))", size: size)
    }
    let input = named(x[0]), factor = Self.primary(x[1])
    let below = isELU ? "\(factor) * expm1(\(input.text))" : "\(input.text) * \(factor)"
    return select("\(value(input)) > 0.0", input, Piece(text: below, isPrimary: false, size: x[1].size + 2))
  }

  // MARK: - Texts

  private static func primary(_ piece: Piece) -> String { piece.isPrimary ? piece.text : "(\(piece.text))" }

  /// The text as a Value.
  private func value(_ piece: Piece) -> String { piece.isConstant ? "Value.constant(\(piece.text))" : piece.text }

  /// A number of type Double, to the bit.
  private static func literal(_ number: Double) -> String {
    if number.isNaN { return "Double.nan" }
    if number.isInfinite { return number < 0 ? "-Double.infinity" : "Double.infinity" }
    return "\(number)"
  }

  private static func quoted(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case _ where scalar.value < 32 || scalar.properties.generalCategory == .format || scalar.value == 0x7F:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return "\"\(text)\""
  }
}
