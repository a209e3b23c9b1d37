import Micrograd
import MicrogradTables

/// The predictions for the rows of a table, as columns.
struct PredictionTable {
  private var columns: [(name: String, fields: [String])]

  init(_ model: TrainedModel, _ outputs: Matrix, withProbabilities: Bool) {
    let name = "predicted_\(model.description.target)"
    guard let names = model.description.classes else {
      columns = [(name, model.numbers(outputs).map(\.description))]
      return
    }
    columns = [(name, model.classes(outputs).map { names[$0] })]
    guard withProbabilities else { return }
    let rows = model.probabilities(outputs)
    for (index, name) in names.enumerated() {
      columns.append(("probability_\(name)", rows.map { $0[index].description }))
    }
  }

  /// Returns the predictions as CSV, after the columns of the table, if one is given. Columns of the table with the same
  /// names are replaced.
  func text(beside table: CSVTable?) throws -> String {
    let own = Set(columns.map(\.name))
    let kept = try (table?.columns ?? []).filter { !own.contains($0) }.map { try ($0, table?.fields($0) ?? []) }
    let all = kept + columns
    var text = CSVText.line(all.map(\.0))
    for row in columns[0].fields.indices { text += CSVText.line(all.map { $0.1[row] }) }
    return text
  }
}
