/// The units of a model's parameters, in powers of the units of its columns and its response.
///
/// They follow from the formula as in a physicist's check of units: terms of a sum have one unit, arguments of functions have none.
/// What would contradict what is known already, such as a number that is added to a column, says nothing.
internal struct Dimensions {
  /// A linear combination of unknown exponents, by the number of the unknown, and of known units.
  private typealias Expression = [Double]

  /// The number of known units: one for each column, and one for the response.
  private let unitCount: Int
  /// The unknowns: parameters, then results of powers with an unknown exponent.
  private var unknownCount: Int
  private var rows: [Int: Expression] = [:]

  /// For each parameter the exponents of the units of columns, then of the response; nil where the formula does not tell.
  private(set) var exponents: [[Double]?] = []

  /// - Parameters:
  ///   - formula: The right side of a model.
  ///   - columns: The number of the column that an input is; nil for a parameter.
  ///   - columnCount: The number of columns.
  init(_ formula: Formula, columns: [Int?], columnCount: Int) {
    unitCount = columnCount + 1
    let parameters = formula.names.indices.filter { columns[$0] == nil }
    var unknowns: [Int: Int] = [:]
    for (k, input) in parameters.enumerated() { unknowns[input] = k }
    unknownCount = parameters.count
    let tree = formula.tree
    // Each power with an unknown exponent has a unit of its own.
    let powers = tree.nodes.indices.filter { Self.isPower(tree.nodes[$0]) }
    let width = parameters.count + powers.count + unitCount
    // Long formulas have units too, but a start is not worth the time to find them.
    guard width * tree.nodes.count <= 4_000_000 else {
      exponents = parameters.map { _ in nil }
      return
    }
    var units: [Expression] = []
    // Equations in which a plain number takes part are weaker: 1 + x has no unit, but 273 + T may.
    var (strong, weak): ([Expression], [Expression]) = ([], [])
    var freePower = parameters.count
    let none = Expression(repeating: 0, count: width)
    func unit(_ column: Int) -> Expression {
      var unit = none
      unit[width - unitCount + column] = 1
      return unit
    }
    func difference(_ a: Expression, _ b: Expression) -> Expression { zip(a, b).map { $0 - $1 } }
    for (k, node) in tree.nodes.enumerated() {
      if formula.constants[k] != nil {
        units.append(none)
        continue
      }
      func equate(_ a: Int, _ b: Int) {
        let equation = difference(units[a], units[b])
        if formula.constants[a] != nil || formula.constants[b] != nil {
          weak.append(equation)
        } else {
          strong.append(equation)
        }
      }
      switch node {
      case .input(let input):
        if let column = columns[input] {
          units.append(unit(column))
        } else {
          var own = none
          own[unknowns[input] ?? 0] = 1
          units.append(own)
        }
      case .variable(let statement): units.append(units[tree.statements[statement].root])
      case .negate(let a): units.append(units[a])
      case .binary(.add, let a, let b), .binary(.subtract, let a, let b):
        equate(a, b)
        units.append(formula.constants[a] == nil ? units[a] : units[b])
      case .binary(.multiply, let a, let b): units.append(zip(units[a], units[b]).map { $0 + $1 })
      case .binary(.divide, let a, let b): units.append(difference(units[a], units[b]))
      case .binary(.power, _, _), .call(.pow, _):
        let operands = tree.operands(node)
        if let exponent = formula.constants[operands[1]] {
          units.append(units[operands[0]].map { $0 * exponent })
        } else {
          var own = none
          own[freePower] = 1
          freePower += 1
          units.append(own)
          strong.append(units[operands[1]])
          weak += [units[operands[0]], own]
        }
      case .binary(let op, let a, let b):
        if op.isComparison { equate(a, b) }
        units.append(none)
      case .choice(_, let a, let b):
        equate(a, b)
        units.append(formula.constants[a] == nil ? units[a] : units[b])
      case .call(let function, let range):
        let operands = Array(tree.arguments[range])
        switch function {
        case .max, .min, .sum, .hypot, .clamp, .fmod, .remainder:
          for operand in operands.dropFirst() { equate(operands[0], operand) }
          units.append(units[operands.first { formula.constants[$0] == nil } ?? operands[0]])
        case .abs, .relu, .detach, .floor, .ceil, .round, .rint, .trunc, .leakyReLU: units.append(units[operands[0]])
        case .sqrt: units.append(units[operands[0]].map { $0 / 2 })
        case .square: units.append(units[operands[0]].map { $0 * 2 })
        case .cbrt: units.append(units[operands[0]].map { $0 / 3 })
        case .cube: units.append(units[operands[0]].map { $0 * 3 })
        case .sign: units.append(none)
        case .atan2:
          equate(operands[0], operands[1])
          units.append(none)
        default:
          strong += operands.map { units[$0] }
          units.append(none)
        }
      case .number, .constant, .not: units.append(none)
      }
    }
    strong.insert(difference(units[units.count - 1], unit(columnCount)), at: 0)
    unknownCount = freePower
    for equation in strong + weak { add(equation, unknowns: freePower) }
    exponents = parameters.indices.map { solution($0, width: width) }
  }

  private static func isPower(_ node: FormulaNode) -> Bool {
    switch node {
    case .binary(.power, _, _), .call(.pow, _): true
    default: false
    }
  }

  /// Adds an equation by elimination, unless it contradicts the others.
  private mutating func add(_ equation: Expression, unknowns: Int) {
    var equation = equation
    for (pivot, row) in rows where equation[pivot] != 0 {
      let factor = equation[pivot]
      for k in equation.indices { equation[k] -= factor * row[k] }
    }
    guard let pivot = (0..<unknowns).first(where: { abs(equation[$0]) > 1e-9 }) else { return }
    let factor = equation[pivot]
    equation = equation.map { abs($0 / factor) < 1e-12 ? 0 : $0 / factor }
    for (other, row) in rows where row[pivot] != 0 {
      let factor = row[pivot]
      rows[other] = zip(row, equation).map { abs($0 - factor * $1) < 1e-12 ? 0 : $0 - factor * $1 }
    }
    rows[pivot] = equation
  }

  /// The exponents of a parameter; nil if an unknown remains in its equation.
  private func solution(_ parameter: Int, width: Int) -> [Double]? {
    guard let row = rows[parameter] else { return nil }
    let unknowns = width - unitCount
    guard (0..<unknowns).allSatisfy({ $0 == parameter || row[$0] == 0 }) else { return nil }
    return row[unknowns...].map { -$0 }
  }
}
