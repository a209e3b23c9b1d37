import MicrogradTables

extension FitProblem {
  /// The rows with their predictions and residuals at some parameters, as comma-separated values.
  package func residualsCSV(_ parameters: [Double]) -> String {
    let response = responseName
    // A column is listed once, also where it is on both sides.
    let inputs = data.inputs.indices.filter { data.inputs[$0] != response }
    var text = CSVText.line(["line"] + inputs.map { data.inputs[$0] } + [response, "predicted", "residual"])
    for (row, line) in data.lines.enumerated() {
      let predicted = prediction(parameters, data.rows[row])
      let numbers =
        inputs.map { data.rows[row][$0] } + [data.responses[row], predicted, data.responses[row] - predicted]
      text += CSVText.line(["\(line)"] + numbers.map(FitText.number))
    }
    return text
  }
}
