/// A node of a formula's tree. Operands are positions in the list of nodes, which come before the node itself.
///
/// A flat list needs no recursion to be evaluated, printed or freed, so a formula may be nested to any depth.
internal enum FormulaNode: Hashable, Sendable {
  /// A number, at least 0: a minus sign is a node of its own.
  case number(Double)
  case constant(FormulaConstant)
  /// An input, by its position in the list of names.
  case input(Int)
  /// The value of an earlier statement, by its position.
  case variable(Int)
  case negate(Int)
  case not(Int)
  case binary(BinaryOperator, Int, Int)
  /// A call, by the range of its arguments in the list of arguments.
  case call(FormulaFunction, Range<Int>)
  /// `if(condition, a, b)`
  case choice(Int, Int, Int)
}

/// A number with a name.
internal enum FormulaConstant: String, Hashable, Sendable, CaseIterable {
  case pi

  /// The constant that a word stands for.
  init?(word: String) {
    switch word {
    case "pi", "π": self = .pi
    default: return nil
    }
  }

  var value: Double {
    switch self {
    case .pi: .pi
    }
  }
}

/// An operator between two operands.
internal enum BinaryOperator: Hashable, Sendable, CaseIterable {
  case or, and
  case less, atMost, equal, unequal, atLeast, greater
  case add, subtract, multiply, divide, power

  /// How tightly an operator binds; operators that bind tighter have larger numbers.
  enum Precedence {
    static let (choice, or, and, not, comparison, sum, product, negation, power, primary) = (
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9
    )
  }

  var precedence: Int {
    switch self {
    case .or: Precedence.or
    case .and: Precedence.and
    case .less, .atMost, .equal, .unequal, .atLeast, .greater: Precedence.comparison
    case .add, .subtract: Precedence.sum
    case .multiply, .divide: Precedence.product
    case .power: Precedence.power
    }
  }

  var isComparison: Bool { precedence == Precedence.comparison }
  /// True if `a ∘ b ∘ c` is `a ∘ (b ∘ c)`.
  var groupsRight: Bool { self == .power }

  /// The operator as text, with the spaces around it.
  var text: String {
    switch self {
    case .or: " or "
    case .and: " and "
    case .less: " < "
    case .atMost: " <= "
    case .equal: " == "
    case .unequal: " != "
    case .atLeast: " >= "
    case .greater: " > "
    case .add: " + "
    case .subtract: " - "
    case .multiply: "*"
    case .divide: "/"
    case .power: "**"
    }
  }
}

/// One statement of a formula: an assignment, or the last expression.
internal struct FormulaStatement: Hashable, Sendable {
  /// The name that is assigned; nil for an expression.
  var name: String?
  var root: Int
}
