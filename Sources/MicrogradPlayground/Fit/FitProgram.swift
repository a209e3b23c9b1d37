import Micrograd
import MicrogradFormulaFits
import MicrogradOptimization

/// A Swift program that fits the same formula to the same numbers, and prints the same table.
struct FitProgram {
  /// A larger table makes a program that takes long to compile.
  static let mostRows = 2000

  let text: String

  init(_ fitted: FittedModel) throws(PlaygroundError) {
    let (problem, data, result) = (fitted.problem, fitted.problem.data, fitted.outcome.result)
    guard data.rows.count <= Self.mostRows else {
      throw PlaygroundError(
        "a program holds at most \(Self.mostRows) rows, and the table has \(data.rows.count): save the numbers, and run “micrograd fit”"
      )
    }
    let model = problem.model.description
    let columns = data.inputs.isEmpty ? "no column" : data.inputs.joined(separator: ", ")
    var text = """
      // Fits a formula to a table, as the playground of micrograd does.
      import Micrograd
      import MicrogradFormulas
      import MicrogradOptimization

      let model = try ModelFormula(\(model.debugDescription))

      // Of each row: \(Self.oneLine(columns)).
      let rows: [[Double]] = [
      \(Self.lines(data.rows.map(Self.list)))
      ]
      // \(Self.oneLine(problem.responseName))
      let responses: [Double] = [
      \(Self.lines(data.responses.map(FitText.number)))
      ]

      let fit = try fitCurve(
        inputs: rows, y: responses,
        from: [\(Self.named(result.names, fitted.outcome.lastStart.map(FitText.number)))]
      """
    switch data.weighting {
    case .equal: break
    case .weights(let weights): text += ",\n  weighting: .weights(\(Self.list(weights)))"
    case .standardDeviations(let deviations): text += ",\n  weighting: .standardDeviations(\(Self.list(deviations)))"
    }
    let bounds = problem.namedBounds
    if !bounds.names.isEmpty {
      text += ",\n  bounds: [\(Self.named(bounds.names, bounds.values.map(Self.range)))]"
    }
    if let loss = Self.loss(result.loss) { text += ",\n  loss: \(loss)" }
    let level = fitted.level == 0.95 ? "fit" : "fit.table(level: \(FitText.number(fitted.level)))"
    self.text =
      text + """

        ) { (p: NamedValues, row: [Double]) in
          model.prediction([\(Self.arguments(fitted))])
        }
        print(\(level))

        """
  }

  /// The inputs of the formula, in its order.
  private static func arguments(_ fitted: FittedModel) -> String {
    let inputs = fitted.problem.data.inputs
    return fitted.problem.model.prediction.names.map { name in
      inputs.firstIndex(of: name).map { ".constant(row[\($0)])" } ?? "p[\(name.debugDescription)]"
    }.joined(separator: ", ")
  }

  private static func loss(_ loss: FitLoss) -> String? {
    switch loss {
    case .squares: nil
    case .huber(let scale): ".huber(scale: \(FitText.number(scale)))"
    case .softL1(let scale): ".softL1(scale: \(FitText.number(scale)))"
    case .cauchy(let scale): ".cauchy(scale: \(FitText.number(scale)))"
    }
  }

  private static func range(_ range: ClosedRange<Double>) -> String {
    let low = range.lowerBound.isFinite ? FitText.number(range.lowerBound) : "-Double.infinity"
    let high = range.upperBound.isFinite ? FitText.number(range.upperBound) : "Double.infinity"
    return "(\(low))...(\(high))"
  }

  private static func named(_ names: [String], _ values: [String]) -> String {
    zip(names, values).map { "\($0.debugDescription): \($1)" }.joined(separator: ", ")
  }

  private static func list(_ numbers: [Double]) -> String {
    "[" + numbers.map(FitText.number).joined(separator: ", ") + "]"
  }

  /// Items with commas behind them, as many in a line as fit.
  private static func lines(_ items: [String]) -> String {
    var lines = [" "]
    for item in items {
      if lines[lines.count - 1].count + item.count > 110 { lines.append(" ") }
      lines[lines.count - 1] += " \(item),"
    }
    return lines.joined(separator: "\n")
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
