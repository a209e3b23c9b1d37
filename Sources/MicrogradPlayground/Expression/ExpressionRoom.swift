import Micrograd
import MicrogradFormulas
import MicrogradVisual

/// The room of expressions: a formula over named values, its graph, and its backward pass.
struct ExpressionRoom {
  struct Open: Decodable {
    let formula: String
    let values: [String: Double]
  }

  struct Opened: Encodable {
    struct Input: Encodable {
      let name: String
      let value: Double
      let grad: Double
    }

    var kind = "opened"
    let inputs: [Input]
    let value: Double
  }

  mutating func answer(_ request: Request) throws -> [any Encodable] {
    switch request.action {
    case "open": return [try open(request.content())]
    default: throw request.unknownAction
    }
  }

  private func open(_ request: Open) throws -> Opened {
    let formula: Formula
    do {
      formula = try Formula(request.formula)
    } catch {
      throw PlaygroundError(error, in: request.formula, field: "formula")
    }
    return Tape.scope {
      let inputs = formula.names.map { Value(request.values[$0] ?? 1) }
      let result = formula(inputs)
      if !result.isConstant { result.backward() }
      return Opened(
        inputs: zip(formula.names, inputs).map { Opened.Input(name: $0, value: $1.data, grad: $1.grad) },
        value: result.data)
    }
  }
}

extension PlaygroundError {
  /// An error under the character that it is about.
  init(_ error: FormulaError, in text: String, field: String) {
    let place = text.unicodeScalars.prefix(error.position).reduce(0) { $0 + UTF16.width($1) }
    self.init(error.message, field: field, place: place)
  }
}
