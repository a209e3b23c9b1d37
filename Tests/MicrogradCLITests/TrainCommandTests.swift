import Foundation
import Micrograd
import MicrogradNN
import MicrogradTables
import XCTest

@testable import MicrogradCLI

final class TrainCommandTests: CommandTestCase {
  /// The numbers of a column of a table.
  private func column(_ name: String, of text: String) throws -> [Double] { try CSVTable(text: text).inputs([name]) }

  /// A network as PyTorch would load it, its layers given, with the saved parameters.
  private func load(_ name: String, _ models: [any Model]) throws -> Sequential {
    let network = Sequential(models)
    try network.load(from: URL(fileURLWithPath: path(name)))
    return network
  }

  private func standardized(_ table: CSVTable, _ columns: [String], by name: String) throws -> (
    rows: Matrix, description: ModelDescription
  ) {
    let text = try XCTUnwrap(model(name).metadata["model"])
    let description = try JSONDecoder().decode(ModelDescription.self, from: Data(text.utf8))
    let scale = try XCTUnwrap(description.scaling.inputs)
    let rows = try table.inputs(columns).enumerated().map { index, number in
      (number - scale.means[index % columns.count]) / scale.standardDeviations[index % columns.count]
    }
    return (.constant(rows: table.count, columns: columns.count, rows), description)
  }

  // MARK: - What is saved is what was trained

  func testTwoClassesArePredictedByTheSavedNetwork() throws {
    let data = try writeMoons(to: "moons.csv")
    try train(data, "--epochs", "150", "--hidden", "8,6", "--activation", "tanh", "--save", path("m.safetensors"))
    var random = PythonRandom(seed: 0)
    let network = try load(
      "m.safetensors",
      [
        Linear(2, 8, using: &random), Activation.tanh, Linear(8, 6, using: &random), Activation.tanh,
        Linear(6, 1, using: &random),
      ])
    let (rows, description) = try standardized(CSVTable(path: data), ["x", "y"], by: "m.safetensors")
    let scores = network(rows).data
    let predicted = try predict(path("m.safetensors"), data, "--probabilities")
    let probabilities = try column("probability_outer", of: predicted)
    for (score, probability) in zip(scores, probabilities) {
      XCTAssertEqual(1 / (1 + exp(-score)), probability, accuracy: 1e-12)
    }
    let names = try CSVTable(text: predicted).texts("predicted_moon")
    XCTAssertEqual(names, scores.map { $0 > 0 ? "outer" : "inner" })
    XCTAssertEqual(description.classes, ["inner", "outer"])
    let right = try zip(names, CSVTable(path: data).texts("moon")).count { $0 == $1 }
    XCTAssertGreaterThan(right, 57)
  }

  func testThreeClassesArePredictedByTheSavedNetwork() throws {
    let data = try writeClouds(to: "clouds.csv")
    try train(data, "--epochs", "30", "--hidden", "7", "--save", path("m.safetensors"), "--inputs", "v,u")
    var random = PythonRandom(seed: 0)
    let network = try load(
      "m.safetensors", [Linear(2, 7, using: &random), Activation.relu, Linear(7, 3, using: &random)])
    let (rows, description) = try standardized(CSVTable(path: data), ["v", "u"], by: "m.safetensors")
    XCTAssertEqual(description.classes, ["blue", "green", "red"])
    XCTAssertEqual(description.loss, "cross-entropy")
    let outputs = network(rows)
    let predicted = try predict(path("m.safetensors"), data, "--probabilities")
    let names = try CSVTable(text: predicted).texts("predicted_colour")
    for (index, name) in ["blue", "green", "red"].enumerated() {
      let probabilities = try column("probability_\(name)", of: predicted)
      for row in 0..<outputs.rows {
        let weights = outputs.row(row).data.map { exp($0) }
        XCTAssertEqual(weights[index] / weights.reduce(0, +), probabilities[row], accuracy: 1e-12)
        if names[row] == name { XCTAssertEqual(weights[index], weights.max()) }
      }
    }
  }

  func testNumbersArePredictedInTheirOwnUnits() throws {
    let data = try writeHouses(to: "houses.csv")
    try train(
      data, "--optimizer", "lbfgs", "--hidden", "none", "--epochs", "20", "--save", path("m.safetensors"))
    XCTAssertEqual(try model("m.safetensors").tensors.map(\.name), ["0.bias", "0.weight"])
    let predicted = try column("predicted_price", of: predict(path("m.safetensors"), data))
    for (found, expected) in try zip(predicted, column("price", of: text("houses.csv"))) {
      XCTAssertEqual(found, expected, accuracy: 0.01)
    }
  }

  func testTensorsHaveTheNamesOfTorch() throws {
    let data = try writeMoons(to: "moons.csv")
    try train(data, "--epochs", "1", "--hidden", "4,4", "--dropout", "0.1", "--save", path("m.safetensors"))
    XCTAssertEqual(
      try model("m.safetensors").tensors.map(\.name),
      ["0.bias", "0.weight", "3.bias", "3.weight", "6.bias", "6.weight"])
    XCTAssertEqual(try model("m.safetensors")["3.weight"]?.shape, [4, 4])
    XCTAssertTrue(
      try XCTUnwrap(model("m.safetensors").metadata["model"]).contains(
        #""layers":[["Linear",2,4],["ReLU"],["Dropout",0.1],["Linear",4,4],["ReLU"],["Dropout",0.1],["Linear",4,1]]"#))
  }

  // MARK: - Choices

  func testEveryLossOptimizerActivationInitializerAndScheduleTrains() throws {
    let (moons, houses) = (try writeMoons(40, to: "moons.csv"), try writeHouses(40, to: "houses.csv"))
    var choices = Loss.named.map { [$1.isForClasses ? moons : houses, "--loss", $0] }
    choices += OptimizerChoice.allCases.map { [moons, "--optimizer", $0.rawValue] }
    choices += Activation.named.map { [moons, "--activation", $0.key] }
    choices += Initializer.named.map { [moons, "--initializer", $0.key] }
    choices += ScheduleChoice.allCases.map { [moons, "--schedule", $0.rawValue] }
    for choice in choices {
      try train(choice + ["--epochs", "2", "--hidden", "4", "--save", path("m.safetensors")])
      let predicted = try predict(path("m.safetensors"), choice[0], "--evaluate")
      XCTAssertEqual(predicted.split(separator: "\n").count, 41, "\(choice)")
    }
  }

  func testNumbersAreClassesWithTheClassesFlag() throws {
    let data = try writeMoons(names: ["0", "1"], to: "moons.csv")
    func classes(_ arguments: String...) throws -> [String]? {
      try train([data, "--epochs", "1", "--save", path("m.safetensors")] + arguments)
      return try TrainedModel(path: path("m.safetensors")).description.classes
    }
    XCTAssertNil(try classes())
    XCTAssertNil(try classes("--loss", "huber"))
    XCTAssertEqual(try classes("--classes"), ["0", "1"])
    XCTAssertEqual(try classes("--loss", "hinge"), ["0", "1"])
  }

  func testTheStandardizerIsFittedOnTheTrainingPartAlone() throws {
    let data = try writeMoons(20, to: "moons.csv")
    let other = try writeMoons(30, seed: 9, to: "other.csv")
    try train(data, "--validation-data", other, "--epochs", "1", "--save", path("m.safetensors"))
    let scale = try TrainedModel(path: path("m.safetensors")).description.scaling.inputs
    XCTAssertEqual(scale, try Standardizer(fitting: CSVTable(path: data).dataset(target: "moon")))
    try train(data, "--no-standardize", "--epochs", "1", "--save", path("m.safetensors"))
    XCTAssertEqual(try TrainedModel(path: path("m.safetensors")).description.scaling, Scaling())
  }

  func testPatienceStopsTheRunAndRestoresTheBestEpoch() throws {
    let data = try writeMoons(24, to: "moons.csv")
    try train(data, "--epochs", "2000", "--patience", "4", "--learning-rate", "0.2", "--log", path("run.csv"))
    let losses = try column("validation_loss", of: text("run.csv"))
    XCTAssertLessThan(losses.count, 2000)
    XCTAssertEqual(losses.firstIndex(of: losses.min()!), losses.count - 5)
  }

  // MARK: - Files

  func testALogAndPicturesAreWritten() throws {
    let data = try writeMoons(to: "moons.csv")
    try train(data, "--epochs", "3", "--log", path("new/run.csv"), "--plot", path("plot"))
    XCTAssertEqual(try column("epoch", of: text("new/run.csv")), [1, 2, 3])
    XCTAssertTrue(try text("plot/loss.svg").contains("epoch"))
    let boundary = try text("plot/boundary.svg")
    for word in ["inner", "outer", ">x<", ">y<", "900"] { XCTAssertTrue(boundary.contains(word), word) }
  }

  func testADecisionBoundaryNeedsTwoClasses() throws {
    let data = try writeClouds(to: "clouds.csv")
    let result = try Executable.run(["train", data, "--epochs", "1", "--plot", path("plot")])
    XCTAssertTrue(result.output.contains("no decision boundary: it is drawn for two classes only"), result.output)
    XCTAssertTrue(exists("plot/loss.svg"))
    XCTAssertFalse(exists("plot/boundary.svg"))
  }

  func testTheSummaryIsPrintedBeforeAndAfterTheRun() throws {
    let data = try writeMoons(50, to: "moons.csv")
    let result = try Executable.run(["train", data, "--epochs", "2", "--save", path("m.safetensors")])
    XCTAssertEqual(result.status, 0, result.errors)
    let lines = result.output.split(separator: "\n")
    XCTAssertEqual(lines[0], "\(data): 2 inputs (x, y), target moon of 2 classes (inner, outer)")
    XCTAssertTrue(lines[1].hasPrefix("  column  kind    missing  values"), result.output)
    XCTAssertTrue(
      lines[2].hasPrefix("  x       number  0 ") && lines[3].hasSuffix("standardised number"), result.output)
    XCTAssertEqual(lines[4], "rows: 40 for training, 10 for validation, standardised")
    XCTAssertEqual(lines[5], "network: 2-16-16-1, relu, 337 parameters")
    XCTAssertEqual(lines[6], "training: bce by adam, learning rate 0.01, 2 epochs in batches of 32")
    XCTAssertTrue(lines[7].hasPrefix("epoch 1/2"), result.output)
    XCTAssertEqual(lines[9], "trained for 2 epochs (4 steps)")
    XCTAssertTrue(lines[10].hasPrefix("training: loss ") && lines[11].hasPrefix("validation: loss "), result.output)
    XCTAssertEqual(lines[12], "scores on the validation rows:")
    for word in ["precision", "confusion matrix", "expected calibration error"] {
      XCTAssertTrue(result.output.contains(word), word)
    }
    XCTAssertEqual(lines.last, "model: \(path("m.safetensors"))")
  }

  func testQuietSaysNothing() throws {
    let data = try writeMoons(to: "moons.csv")
    let result = try Executable.run(["train", data, "--epochs", "1", "--quiet", "--plot", path("plot")])
    XCTAssertEqual([result.output, result.errors], ["", ""])
    XCTAssertEqual(result.status, 0)
  }

  func testUnwritablePathsAreReportedFirst() throws {
    for flag in ["--save", "--checkpoint", "--log", "--plot"] {
      // The data are not there either, which would be the first thing to be noticed.
      let text = message { try train(path("nowhere.csv"), flag, "/dev/null/x") }
      XCTAssertTrue(text.contains("/dev/null/x") && text.contains(flag), text)
    }
    try FileManager.default.createDirectory(atPath: path("folder/loss.svg"), withIntermediateDirectories: true)
    for (flag, place) in [("--save", "folder"), ("--plot", "folder")] {
      let text = message { try train(path("nowhere.csv"), flag, path(place)) }
      XCTAssertTrue(text.contains("folder") && text.contains(flag), text)
    }
  }

  // MARK: - Bad data

  func testErrorsInTheDataSayWhereTheyAre() throws {
    for (text, arguments, words) in [
      ("a,b,k\n1,2,x\n3,oops,y\n", [], ["data.csv, line 3, column “b”", "“oops”"]),
      ("a,b,k\n1,2%,x\n3,3%,y\n4,5,y\n", ["--validation", "0"], ["line 2, column “b”", "sign for its unit"]),
      ("id,k\n,x\n,y\n", ["--validation", "0"], ["“id”", "empty", "--inputs"]),
      ("a,k\n1,\n2,NA\n", [], ["column “k”", "no row has a value", "--target"]),
      ("a,k\n1,x\n2,y\n", ["--without", "q"], ["column “q”"]),
      ("a,k\n1,x\n2,y\n", ["--text", "q"], ["column “q”"]),
      ("a,b,k\n1,2,x\n3,4\n", [], ["line 3", "2 fields"]),
      ("a,b,k\n1,2,x\n3,4,y\n", ["--loss", "mse"], ["line 2, column “k”", "“x”"]),
      ("a,b,k\n1,2,x\n3,4,y\n", ["--target", "q"], ["column “q”", "“a”, “b”, “k”"]),
      ("a,b,k\n1,2,x\n3,4,y\n", ["--inputs", "a,q"], ["column “q”"]),
      ("a,b,k\n1,2,x\n3,4,y\n", ["--inputs", "a,k"], ["“k”", "target"]),
      ("k\nx\ny\n", [], ["no columns for inputs"]),
      ("a,k\n1,x\n3,x\n", [], ["column “k”", "the class “x”"]),
      ("a,k\n1,x\n3,y\n2,z\n", ["--loss", "bce"], ["column “k”", "3 classes", "--loss bce", "cross-entropy"]),
      ("a,k\n1,x\n3,y\n2,z\n", ["--loss", "hinge"], ["3 classes", "--loss hinge"]),
      ("a,k\n1,1\n", [], ["only one row", "--validation 0"]),
      ("a,k\n1e300,1\n-1e300,2\n", ["--validation", "0"], ["“a”", "too large", "--no-standardize"]),
      ("", [], ["the text is empty"]),
    ] {
      let data = try write(text, to: "data.csv")
      let text = message { try train([data] + arguments) }
      for word in words { XCTAssertTrue(text.contains(word), "\(word): \(text)") }
    }
    XCTAssertTrue(message { try train(path("nowhere.csv")) }.contains("nowhere.csv (No such file"))
  }

  func testAClassThatIsOnlyInTheValidationDataIsAnError() throws {
    let data = try writeMoons(to: "moons.csv")
    let other = try write("x,y,moon\n1,2,inner\n1,2,full\n", to: "other.csv")
    let text = message { try train(data, "--validation-data", other) }
    XCTAssertTrue(text.contains("other.csv, line 3, column “moon”: “full”"), text)
  }

  func testALossThatIsNotFiniteIsAnError() throws {
    let data = try writeHouses(to: "houses.csv")
    let text = message { try train(data, "--optimizer", "sgd", "--learning-rate", "1e200") }
    XCTAssertTrue(text.contains("not finite") && text.contains("smaller learning rate"), text)
  }
}
