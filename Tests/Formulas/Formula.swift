import Micrograd

// Formulas as people write them, from textbooks of many fields: products of subscripts, polynomials with literals, several
// exponentials in a row. They keep three promises, which FormulaTests checks:
//
//   - the compiler type-checks each of them within 30 000 solver scopes: `make formulas`
//   - values and derivatives are those of the same formula over plain numbers
//   - a literal makes no node: each operation is one, and nothing else is
//
// To add a formula, write it as its textbook does into the file of its field, and add a row to the list at the file's top:
// its name, a point, and how its arguments are taken from the point. Never simplify a formula to make it pass.
//
// The folder is compiled twice: here, where Value is the library's, and as PlainFormulas, where Value is a plain number that
// counts operations.

/// A formula and a point at which it is evaluated.
package struct Formula: Sendable {
  package let name: String
  package let point: [Double]
  package let body: @Sendable ([Value]) -> [Value]

  init(_ name: String, at point: [Double], _ body: @escaping @Sendable ([Value]) -> Value) {
    self.init(name, at: point, results: { [body($0)] })
  }

  init(_ name: String, at point: [Double], results body: @escaping @Sendable ([Value]) -> [Value]) {
    self.name = name
    self.point = point
    self.body = body
  }
}

/// All formulas.
package let formulas: [Formula] =
  algebra + testFunctions + curves + statistics + finance + neurons + dynamics + closures + chemistry + pharmacokinetics
  + optics + robotics + physics
