import TestSupport
import XCTest

@testable import MicrogradFormulas

final class FormulaTextTests: XCTestCase {
  func testParenthesesAreAsFewAsPossible() throws {
    let expected = [
      "((a))*(b)": "a*b", "(a + b) + c": "a + b + c", "a + (b + c)": "a + (b + c)", "a - (b - c)": "a - (b - c)",
      "(a^b)^c": "(a**b)**c",
      "a^(b^c)": "a**b**c", "(-a)^2": "(-a)**2", "-(a^2)": "-a**2", "a^(-b)": "a**-b", "a*(-b)": "a*-b",
      "(a < b) + 1": "(a < b) + 1",
      "a < b ? c : d": "if(a < b, c, d)", "not (a and b)": "not (a and b)", "2.50e3*x": "2500*x", "1e-7": "1e-07",
      "`T (K)` + `and` + `x`": "`T (K)` + `and` + x", "ln(x)": "log(x)", "`a``b`": "`a``b`", "e = a ; e": "e = a; e",
    ]
    for (text, printed) in expected { XCTAssertEqual(try Formula(text).description, printed) }
  }

  func testPrintedFormulasParseToTheSameTree() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<3000 {
      let formula = randomFormula(&random)
      let back = try Formula(formula.description)
      XCTAssertEqual(back, formula, formula.description)
      XCTAssertEqual(back.description, formula.description)
    }
  }

  /// A random tree in the order of a parser: each operand before its operator, from left to right.
  private func randomFormula(_ random: inout SplitMix64) -> Formula {
    var tree = FormulaTree(), names: [String] = []
    let known = ["a", "b", "α", "x y", "sin", "gamma", "if", "`", "not", "0x"]
    for statement in 0...random.below(3) {
      var operands: [Int] = []
      func push(_ node: FormulaNode) {
        operands.append(tree.nodes.count)
        tree.nodes.append(node)
      }
      var budget = 1 + random.below(25)
      while budget > 0 || operands.count > 1 {
        budget -= 1
        // Leaves while there is budget; then only operators.
        let isLeaf = operands.isEmpty || (budget > 0 && random.below(2) == 0)
        if isLeaf {
          switch random.below(5) {
          case 0: push(.number([0.5, 2, 1e300, 3.25e-9, 0, 1.2345678901234567e19][random.below(6)]))
          case 1: push(.constant(.pi))
          case 2 where statement > 0: push(.variable(random.below(statement)))
          default:
            let name = known[random.below(known.count)]
            let place = names.firstIndex(of: name) ?? names.count
            if place == names.count { names.append(name) }
            push(.input(place))
          }
          continue
        }
        let last = operands.removeLast()
        switch random.below(6) {
        case 0: push(random.below(2) == 0 ? .negate(last) : .not(last))
        case 1 where operands.count >= 2:
          let a = operands.removeLast(), condition = operands.removeLast()
          push(.choice(condition, a, last))
        case 2:
          let count = [1, 2, 3].filter { $0 <= operands.count + 1 }.last ?? 1
          let list = Array(operands.suffix(count - 1)) + [last]
          operands.removeLast(count - 1)
          let functions: [FormulaFunction] = [
            [.exp, .gamma, .gelu], [.hypot, .pow, .leakyReLU], [.clamp, .max, .sum],
          ][count - 1]
          let start = tree.arguments.count
          tree.arguments += list
          push(.call(functions[random.below(3)], start..<tree.arguments.count))
        case _ where !operands.isEmpty:
          let operators = BinaryOperator.allCases
          push(.binary(operators[random.below(operators.count)], operands.removeLast(), last))
        default: push(.negate(last))
        }
      }
      tree.statements.append(FormulaStatement(name: "v\(statement)", root: operands[0]))
    }
    return Formula(tree, names: names)
  }
}
