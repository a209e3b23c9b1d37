import Micrograd
import MicrogradFormulas
import MicrogradOptimization

/// A model, its data, and what is known of its parameters.
package struct FitProblem {
  package let model: ModelFormula
  package let data: FitTable
  /// Starts of some parameters.
  package let starts: [String: Double]
  /// The numbers of fixed parameters.
  package let fixed: [String: Double]
  /// The bounds of parameters. Those of a fixed one are its number.
  package let bounds: [String: ClosedRange<Double>]
  /// The column of the table that each input of the model is; nil for a parameter.
  private let columns: [Int?]

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - data: The numbers of the table.
  ///   - starts: Starts of some parameters. Those of the others are guessed.
  ///   - fixed: Parameters that keep a number; they have neither starts nor bounds.
  ///   - bounds: The bounds of some parameters.
  /// - Throws: ``FitMessage`` for starts out of bounds, and if all parameters are fixed.
  package init(
    _ model: ModelFormula, _ data: FitTable, starts: [String: Double] = [:], fixed: [String: Double] = [:],
    bounds: [String: ClosedRange<Double>] = [:]
  ) throws(FitMessage) {
    (self.model, self.data, self.starts, self.fixed) = (model, data, starts, fixed)
    var bounds = bounds
    for (name, number) in fixed { bounds[name] = number...number }
    for name in data.parameters {
      if let start = starts[name], let range = bounds[name], !range.contains(start) {
        throw FitMessage(
          .start,
          "“\(name)” starts at \(FitText.number(start)), outside its bounds \(FitText.bounds(range)): start within them."
        )
      }
    }
    self.bounds = bounds
    let places = Dictionary(uniqueKeysWithValues: data.inputs.enumerated().map { ($1, $0) })
    columns = model.prediction.names.map { places[$0] }
    if data.parameters.allSatisfy({ fixed[$0] != nil }) {
      throw FitMessage(.start, "all parameters are fixed, so there is nothing to fit", remedy: .freeParameter)
    }
  }

  /// What the names of the model are.
  package var summary: String {
    let (parameters, inputs) = (data.parameters.joined(separator: ", "), data.inputs.joined(separator: ", "))
    return
      "parameters: \(parameters); columns: \(inputs.isEmpty ? "none" : inputs); \(FitText.count(data.rows.count, "row"))"
  }

  package var namedBounds: Named<ClosedRange<Double>> {
    let names = data.parameters.filter { bounds[$0] != nil }
    return Named(names: names, values: names.compactMap { bounds[$0] })
  }

  /// The column of the left side, or its formula.
  package var responseName: String { model.response.inputName ?? model.response.description }

  /// The right side at some parameters and one row of the table.
  package func prediction(_ parameters: [Value], _ row: [Double]) -> Value {
    var next = 0
    return model.prediction(
      columns.map { column -> Value in
        if let column { return .constant(row[column]) }
        next += 1
        return parameters[next - 1]
      })
  }

  /// The same for plain numbers.
  package func prediction(_ parameters: [Double], _ row: [Double]) -> Double {
    model.prediction(point(parameters, row))
  }

  private func point(_ parameters: [Double], _ row: [Double]) -> [Double] {
    var next = 0
    return columns.map { column -> Double in
      if let column { return row[column] }
      next += 1
      return parameters[next - 1]
    }
  }

  /// The part of the model that is not finite at some parameters, and the first line where it is not; nil if all is finite.
  package func notFinite(_ parameters: [Double]) -> String? {
    for (row, line) in zip(data.rows, data.lines) where !prediction(parameters, row).isFinite {
      guard let (part, number) = model.prediction.firstNotFinite(at: point(parameters, row)) else { return nil }
      return "\(FitText.shortened(part)) is \(FitText.number(number)) in line \(line)"
    }
    return nil
  }
}
