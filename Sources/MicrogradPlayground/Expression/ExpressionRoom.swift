import Micrograd
import MicrogradFormulas

/// The room of expressions: a formula over named values, its graph, and its forward and backward pass.
///
/// `open` takes a formula, and answers with the picture of its graph and with all numbers. `set` takes other numbers for
/// the inputs, and answers with numbers only: the picture stays as it is. `csv` and `swift` answer with a file.
struct ExpressionRoom {
  private var opened: OpenedExpression?

  /// What the page shows besides the graph.
  struct View: Decodable {
    /// The step of the walk that is shown: 0 before the first one; nil for all numbers.
    var at: Int?
    var nudge: Nudge.Question?
    /// The box whose paths to the end are shown.
    var box: Int?
  }

  private struct Open: Decodable {
    let formula: String
  }

  /// The numbers of inputs by their names. An input without one is 1.
  struct Numbers: Decodable {
    let values: [String: Double]
  }

  private struct Opened: Encodable {
    struct Input: Encodable {
      let name: String
      let value: Double
      /// True if the result depends on it.
      let isUsed: Bool
    }

    var kind = "opened"
    let inputs: [Input]
    let value: Double
    let result: String
    let picture: ExpressionPicture
    let numbers: ExpressionNumbers
  }

  private struct Text: Encodable {
    var kind = "file"
    let text: String
  }

  mutating func answer(_ request: Request) throws -> [any Encodable] {
    let values = try request.content(Numbers.self).values
    switch request.action {
    case "open": return [try open(request.content(), values, request.content())]
    case "set": return [try current.numbers(at: values, request.content())]
    case "csv": return [Text(text: try current.csv(at: values))]
    case "swift": return [Text(text: try current.swift(at: values))]
    default: throw request.unknownAction
    }
  }

  private var current: OpenedExpression {
    get throws {
      guard let opened else { throw PlaygroundError("no formula is open: type one", field: "formula") }
      return opened
    }
  }

  private mutating func open(_ request: Open, _ values: [String: Double], _ view: View) throws -> Opened {
    let opened = try OpenedExpression(request.formula, at: values)
    self.opened = opened
    let numbers = try opened.numbers(at: values, view)
    let inputs = zip(opened.formula.names, opened.point(values)).enumerated().map { k, input in
      Opened.Input(name: input.0, value: input.1, isUsed: opened.inputNodes[k] != nil)
    }
    return Opened(
      inputs: inputs, value: numbers.value, result: opened.picture.result, picture: opened.picture, numbers: numbers)
  }
}

extension PlaygroundError {
  /// An error under the character that it is about.
  init(_ error: FormulaError, in text: String, field: String) {
    let place = text.unicodeScalars.prefix(error.position).reduce(0) { $0 + UTF16.width($1) }
    self.init(error.message, field: field, place: place)
  }
}
