import Foundation
import Micrograd
import MicrogradNN
import MicrogradTables
import XCTest

@testable import MicrogradCLI

final class PredictCommandTests: CommandTestCase {
  private var model: String { path("m.safetensors") }

  private func trainOnMoons(_ arguments: String..., names: [String] = ["inner", "outer"]) throws -> String {
    let data = try writeMoons(names: names, to: "moons.csv")
    try train([data, "--epochs", "40", "--save", model] + arguments)
    return data
  }

  func testColumnsAreTakenByNameAmongOthersInAnyOrder() throws {
    _ = try trainOnMoons()
    let one = try write("x,y\n-36,900.5\n60,899.5\n", to: "one.csv")
    let two = try write("note;y;id;x\nNA;900.5;7;-36\n;899.5;8;60\n", to: "two.csv")
    let expected = "predicted_moon\ninner\nouter\n"
    XCTAssertEqual(try predict(model, one), expected)
    XCTAssertEqual(try predict(model, two), expected)
  }

  func testKeepPutsTheTableBeforeThePredictions() throws {
    _ = try trainOnMoons()
    let data = try write("id,y,note,x,predicted_moon\n7,900.5,\"a, b\",-36,old\n8,899.5,,60,old\n", to: "new.csv")
    let lines = try predict(model, data, "--keep", "--probabilities").split(separator: "\n")
    XCTAssertEqual(lines[0], "id,y,note,x,predicted_moon,probability_inner,probability_outer")
    XCTAssertTrue(lines[1].hasPrefix("7,900.5,\"a, b\",-36,inner,"), "\(lines)")
    XCTAssertTrue(lines[2].hasPrefix("8,899.5,,60,outer,"), "\(lines)")
  }

  func testNamesOfClassesAreQuotedSoThatTheyReadBack() throws {
    let names = ["say \"hi\", then; go", "two\nlines"]
    let data = try trainOnMoons("--epochs", "5", names: names)
    let table = try CSVTable(text: predict(model, data, "--probabilities"))
    XCTAssertEqual(table.columns, ["predicted_moon"] + names.map { "probability_\($0)" })
    XCTAssertTrue(Set(try table.texts("predicted_moon")).isSubset(of: names))
  }

  func testProbabilitiesOfARowAddUpToOne() throws {
    let data = try trainOnMoons()
    let table = try CSVTable(text: predict(model, data, "--probabilities"))
    let numbers = try table.inputs(["probability_inner", "probability_outer"])
    for row in 0..<table.count { XCTAssertEqual(numbers[2 * row] + numbers[2 * row + 1], 1, accuracy: 1e-12) }
  }

  func testALossWithAMarginHasNoProbabilities() throws {
    let data = try trainOnMoons("--loss", "hinge")
    let text = message { try predict(model, data, "--probabilities") }
    XCTAssertTrue(text.contains("hinge") && text.contains("--probabilities"), text)
    XCTAssertEqual(try predict(model, data).split(separator: "\n").count, 61)
  }

  func testEvaluatingTellsTheLossAndTheMetricOfTheTraining() throws {
    let houses = try writeHouses(to: "houses.csv")
    for (data, flags) in [(try writeMoons(to: "moons.csv"), []), (houses, []), (houses, ["--no-standardize"])] {
      let training = ["train", data, "--validation", "0", "--epochs", "3", "--save", model] + flags
      let trained = try Executable.run(training).output
      let summary = try XCTUnwrap(trained.split(separator: "\n").first { $0.hasPrefix("training: loss") })
      let result = try Executable.run(["predict", model, data, "--evaluate"])
      let rows = result.output.split(separator: "\n").count - 1
      let lines = result.errors.split(separator: "\n")
      let expected = summary.replacing("training: ", with: "\(rows) rows: ")
      XCTAssertEqual(lines[0], expected)
      // The scores are those that the training ended with.
      let scores = try XCTUnwrap(trained.components(separatedBy: "scores on the training rows:\n").last)
      XCTAssertTrue(scores.hasPrefix(lines.dropFirst().joined(separator: "\n")), scores)
      XCTAssertGreaterThan(lines.count, 1)
    }
  }

  private func writeMoons(to name: String) throws -> String { try writeMoons(60, to: name) }
  private func writeHouses(to name: String) throws -> String { try writeHouses(50, to: name) }

  func testPredictionsGoToStandardOutputUnlessThereIsAFile() throws {
    let data = try trainOnMoons()
    let result = try Executable.run(["predict", model, data])
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertEqual(result.output, try predict(model, data))
  }

  // MARK: - Errors

  func testErrorsInTheTableSayWhereTheyAre() throws {
    let data = try trainOnMoons("--epochs", "1")
    for (text, words) in [
      ("x,z\n1,2\n", ["column “y”", "“x”, “z”"]),
      ("x,y\n1,2\n1,one\n", ["line 3, column “y”", "“one”"]),
    ] {
      let text = message { try predict(model, write(text, to: "new.csv")) }
      for word in words { XCTAssertTrue(text.contains(word), text) }
      XCTAssertFalse(text.contains("--text"), "predict has no such flag: \(text)")
    }
    let strange = try write("x,y,moon\n1,2,full\n", to: "new.csv")
    XCTAssertTrue(message { try predict(model, strange, "--evaluate") }.contains("line 2, column “moon”: “full”"))
    XCTAssertNoThrow(try predict(model, strange))
    XCTAssertTrue(message { try predict(path("nowhere"), data) }.contains("nowhere: cannot be read"))
    let output = message { try PredictCommand.parse([model, data, "--output", "/dev/null/x"]).run() }
    XCTAssertTrue(output.contains("/dev/null/x") && output.contains("--output"), output)
  }

  func testFilesOfOthersAreRefused() throws {
    let data = try trainOnMoons("--epochs", "1", "--checkpoint", path("run"))
    XCTAssertTrue(message { try predict(path("run"), data) }.contains("has no description of a model"))
    XCTAssertTrue(message { try predict(data, data) }.contains("not a safetensors file"))
  }

  /// Each change makes the description contradict itself or the tensors.
  func testHostileDescriptionsAreRefused() throws {
    let data = try trainOnMoons("--epochs", "1", "--hidden", "4")
    let good = try SafeTensors(contentsOf: URL(fileURLWithPath: model))
    let text = try XCTUnwrap(good.metadata["model"])
    for (old, new, word) in [
      ("{", "", "is invalid"), (":2}", ":3}", "version 3"),
      ("[\"Linear\",2,4]", "[\"Linear\",2,1000000000]", "layer 0"),
      ("[\"Linear\",2,4]", "[\"Linear\",2,-4]", "is invalid"),
      ("[\"Linear\",2,4]", "[\"Linear\",3,4]", "layer 0"), ("[\"Linear\",4,1]", "[\"Linear\",4,2]", "layer 2"),
      (",[\"Linear\",4,1]", "", "4 outputs"), ("[\"ReLU\"]", "[\"Bomb\"]", "is invalid"),
      ("[\"ReLU\"]", "[\"Dropout\",1]", "is invalid"), ("[\"ReLU\"]", "[\"ReLU\",\"x\"]", "is invalid"),
      ("\"bce\"", "\"evil\\u001b\"", "evil\\u{1B}"), ("\"bce\"", "\"mse\"", "2 classes"),
      ("\"bce\"", "\"cross-entropy\"", "1 outputs, but needs 2"), ("\"inner\",", "", "1 classes"),
      ("\"inner\"", "\"outer\"", "the same name"), ("[\"x\",\"y\"]", "[\"x\"]", "other columns"),
      ("\"hasIndicator\":false", "\"hasIndicator\":true", "layer 0"), ("\"number\"", "\"bomb\"", "is invalid"),
      ("[\"x\",\"y\"]", "[]", "no inputs"),
      ("\"means\":[", "\"means\":[1,", "is invalid"),
      ("\"standardDeviations\":[", "\"standardDeviations\":[0,", "is invalid"),
      ("\"scaling\":{", "\"scaling\":{\"targets\":{\"means\":[0],\"standardDeviations\":[1]},", "scales 1 targets"),
    ] {
      var changed = good
      changed.metadata["model"] = text.replacing(old, with: new, maxReplacements: 1)
      XCTAssertNotEqual(changed, good, old)
      try changed.write(to: URL(fileURLWithPath: path("bad")))
      let said = message { try predict(path("bad"), data) }
      XCTAssertTrue(said.contains("description") && said.contains(word), "\(new): \(said)")
    }
  }

  /// A file without a preparation, as older versions wrote it, is for columns of numbers.
  func testModelsOfVersionOnePredictTheSame() throws {
    let data = try trainOnMoons("--epochs", "2")
    let expected = try predict(model, data, "--probabilities")
    var file = try SafeTensors(contentsOf: URL(fileURLWithPath: model))
    let text = try XCTUnwrap(file.metadata["model"])
    var description = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    XCTAssertNotNil(description.removeValue(forKey: "preparation"))
    description["version"] = 1
    let bytes = try JSONSerialization.data(withJSONObject: description, options: .sortedKeys)
    file.metadata["model"] = String(decoding: bytes, as: UTF8.self)
    try file.write(to: URL(fileURLWithPath: path("old")))
    XCTAssertEqual(try predict(path("old"), data, "--probabilities"), expected)
  }

  func testTensorsThatAreTooFewOrTooManyAreRefused() throws {
    let data = try trainOnMoons("--epochs", "1", "--hidden", "4")
    let good = try SafeTensors(contentsOf: URL(fileURLWithPath: model))
    let more = SafeTensors(good.tensors + [.init("9.weight", shape: [1], [1])], metadata: good.metadata)
    let fewer = SafeTensors(good.tensors.filter { $0.name != "2.bias" }, metadata: good.metadata)
    for (tensors, word) in [(more, "9.weight"), (fewer, "layer 2")] {
      try tensors.write(to: URL(fileURLWithPath: path("bad")))
      XCTAssertTrue(message { try predict(path("bad"), data) }.contains(word))
    }
  }
}
