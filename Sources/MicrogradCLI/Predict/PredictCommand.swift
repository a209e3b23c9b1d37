import ArgumentParser
import Foundation
import Micrograd
import MicrogradNN
import MicrogradTables

/// `micrograd predict`: what a trained network makes of a table.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict by a model that micrograd train has saved.",
    discussion: """
      The table must have the columns that the model takes as inputs, in any order and among others. What comes out is \
      CSV: the predicted class, or the predicted number in the units of the training data, in the column \
      predicted_TARGET, a row for each row.

      Examples:
        micrograd predict iris.safetensors new.csv
        micrograd predict iris.safetensors new.csv --keep --output predicted.csv
        micrograd predict iris.safetensors test.csv --probabilities --evaluate
      """)

  @Argument(
    help: ArgumentHelp(
      "File that micrograd train --save has written; - is standard input.", valueName: "model.safetensors"))
  var model: String

  @Argument(help: ArgumentHelp("CSV file, packed with gzip or not; - is standard input.", valueName: "new.csv"))
  var data: String

  @OptionGroup var table: TableArguments

  @Flag(help: "Add a column for the probability of each class, probability_CLASS.")
  var probabilities = false

  @Flag(help: "Put the columns of the table before the predictions.")
  var keep = false

  @Flag(help: "Compare with the target column of the table, and print loss and metric to standard error.")
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
      try check(!OutputFile.areSame(output, other), "--output", output, "it is \(what); give one of its own")
    }
  }

  func run() throws {
    let file = try OutputFile(output ?? "-", flag: "--output")
    let model = try TrainedModel(path: model)
    if probabilities, !model.hasProbabilities {
      throw ExitMessage(
        "\(self.model) was trained with the loss \(model.loss.name), which gives no probabilities: leave --probabilities out."
      )
    }
    let table = try CSVTable(path: data, table)
    if let notice = table.headerNotice(self.table, of: data) { Console.printError(notice) }
    let outputs = try model.outputs(namingFlags { try table.inputs(model.description.inputs) })
    if evaluate { try printResults(model, table, outputs) }
    let text = try PredictionTable(model, outputs, withProbabilities: probabilities).text(beside: keep ? table : nil)
    try file.write(text)
  }

  private func printResults(_ model: TrainedModel, _ table: CSVTable, _ outputs: Matrix) throws {
    let about = model.description
    let data = try about.scaling(
      namingFlags {
        try table.dataset(
          target: about.target, inputs: about.inputs, kind: about.classes.map { .knownClasses($0) } ?? .numbers)
      })
    let loss = try model.loss(outputs, data.targets).data
    let metric = about.scaling.metric(for: model.loss)
    let line = "loss \(shown(loss)), \(metric.name) \(shown(metric(outputs, data.targets)))"
    Console.printError("\(count(data.count, "row")): \(line)")
  }
}
