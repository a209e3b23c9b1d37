import ArgumentParser
import Foundation
import Micrograd
import MicrogradNN
import MicrogradTables

/// `micrograd predict`: runs a trained network on a table.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict with a model that micrograd train saved.",
    discussion: """
      The table must have the model's input columns, in any order; other columns are allowed. The output is CSV with one \
      row for each row of the table. Its column predicted_TARGET is the predicted class, or the predicted number in the \
      units of the training data.

      Columns are prepared as in training: texts, dates, words such as yes and no, and missing cells. A category that the \
      training rows did not have becomes zeros, and a gap in a column that had none is filled in; standard error says where.

      Examples:
        micrograd predict iris.safetensors new.csv
        micrograd predict iris.safetensors new.csv --keep --output predicted.csv
        micrograd predict iris.safetensors test.csv --probabilities --evaluate
        cat new.csv | micrograd predict iris.safetensors - > predicted.csv
      """)

  @Argument(
    help: ArgumentHelp(
      "File that micrograd train --save wrote; - is standard input.", valueName: "model.safetensors"))
  var model: String

  @Argument(help: ArgumentHelp("CSV file, may be compressed with gzip; - is standard input.", valueName: "new.csv"))
  var data: String

  @OptionGroup var table: TableArguments

  @Flag(help: "Add a column probability_CLASS for each class.")
  var probabilities = false

  @Flag(help: "Copy the columns of the table before the predictions.")
  var keep = false

  @Flag(help: "Compare with the table's target column; print the loss and the scores to standard error.")
  var evaluate = false

  @Option(help: ArgumentHelp("File for the predictions; - is standard output. (default: -)", valueName: "file"))
  var output: String?

  func validate() throws {
    try refuse(
      InputFile.isStandardInput(model) && InputFile.isStandardInput(data),
      "the model and the data are both standard input",
      "give a file for one of them")
    guard let output, output != "-" else { return }
    for (other, what) in [(model, "the model's file"), (data, "the data's file")] {
      try check(!OutputFile.areSame(output, other), "--output", output, "it is \(what); give another file")
    }
  }

  func run() throws {
    let file = try OutputFile(output ?? "-", flag: "--output")
    let model = try TrainedModel(path: model)
    if probabilities, !model.hasProbabilities {
      throw ExitMessage(
        "\(self.model) was trained with the loss \(model.loss.name), which has no probabilities: leave --probabilities out."
      )
    }
    let table = try CSVTable(path: data, table)
    if let notice = table.headerNotice(self.table, of: data) { Console.printError(notice) }
    let encoded = try namingFlags { try model.description.encoder.encode(table) }
    for notice in encoded.surprises.notices(place: " of \(InputFile(data).shown)") { Console.printError(notice) }
    let outputs = try model.outputs(encoded.inputs)
    if evaluate { try printResults(model, table, encoded.inputs) }
    let text = try PredictionTable(model, outputs, withProbabilities: probabilities).text(beside: keep ? table : nil)
    try file.write(text)
  }

  private func printResults(_ model: TrainedModel, _ table: CSVTable, _ inputs: [Double]) throws {
    let about = model.description
    let kind = about.classes.map { CSVTable.TargetKind.knownClasses($0) } ?? .numbers
    let rows = try namingFlags { try TargetRows(table, about.target, kind, path: data) }
    if let notice = rows.notice { Console.printError(notice) }
    let width = about.encoder.inputCount
    let kept = rows.rows.flatMap { inputs[$0 * width..<($0 + 1) * width] }
    let outputs = try model.outputs(kept)
    let scaled = try about.scaling(Dataset(inputs: kept, inputCount: width, targets: rows.targets))
    let loss = try model.loss(outputs, scaled.targets).data
    let metric = about.scaling.metric(for: model.loss)
    let line = "loss \(shown(loss)), \(metric.name) \(shown(metric(outputs, scaled.targets)))"
    Console.printError("\(count(rows.rows.count, "row")): \(line)")
    Console.printError(ScoreText(model, outputs, rows.targets).text)
  }
}
