import Foundation
import MicrogradNN
import MicrogradTables
import XCTest

final class MoonsCommandTests: XCTestCase {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("micrograd-\(ProcessInfo.processInfo.globallyUniqueString)")

  override func tearDown() { try? FileManager.default.removeItem(at: folder) }

  private func micrograd(_ arguments: String...) throws -> Executable.Result { try Executable.run(arguments) }

  func testNotebookLinesAreTheNotebooks() throws {
    let result = try micrograd("moons", "--notebook", "--quiet", "--output", folder.path)
    let lines = result.output.split(separator: "\n")
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertEqual(lines.count, 100)
    // As printed by micrograd's demo.ipynb; further digits of later steps depend on the order of summation.
    XCTAssertEqual(lines.first, "step 0 loss 0.8958441028683222, accuracy 50.0%")
    XCTAssertTrue(lines.last?.hasPrefix("step 99 loss 0.01097837013549") == true, "\(lines.last ?? "")")
    XCTAssertTrue(lines.last?.hasSuffix(", accuracy 100.0%") == true, "\(lines.last ?? "")")
  }

  func testPicturesAreWritten() throws {
    let result = try micrograd("moons", "--steps", "3", "--output", folder.path)
    XCTAssertEqual(result.status, 0, result.errors)
    for name in ["boundary.svg", "loss.svg", "neuron.svg", "neuron.dot"] {
      let file = folder.appendingPathComponent(name)
      XCTAssertTrue(result.output.contains(file.path), "\(name) is not named in \(result.output)")
      XCTAssertGreaterThan(try Data(contentsOf: file).count, 200)
    }
  }

  func testQuietSaysNothing() throws {
    let result = try micrograd("moons", "--steps", "2", "--quiet", "--output", folder.path)
    XCTAssertEqual(result.output, "")
    XCTAssertEqual(result.status, 0)
  }

  func testEveryEvaluationTrains() throws {
    for evaluation in ["scalar", "fused", "blas", "automatic"] {
      let result = try micrograd("moons", "--steps", "2", "--evaluation", evaluation, "--output", folder.path)
      XCTAssertTrue(result.output.contains("step 1  loss 1.723591"), result.output + result.errors)
    }
  }

  func testEveryOptimizerLearnsFromBatches() throws {
    for (optimizer, batchSize) in [
      ("sgd", "20"), ("adam", "20"), ("adamw", "20"), ("rmsprop", "20"), ("adagrad", "20"), ("lbfgs", "all"),
    ] {
      let result = try micrograd(
        "moons", "--hidden", "8", "--steps", "60", "--optimizer", optimizer, "--batch-size", batchSize, "--output",
        folder.path)
      XCTAssertEqual(result.status, 0, result.errors)
      let losses = result.output.split(separator: "\n").compactMap { line -> Double? in
        let words = line.split(separator: " ")
        return words.first == "step" ? Double(words[3]) : nil
      }
      XCTAssertLessThan(try XCTUnwrap(losses.last), try XCTUnwrap(losses.first) / 2, optimizer)
    }
  }

  func testLBFGSIsRefusedInBatches() throws {
    let result = try micrograd("moons", "--optimizer", "lbfgs", "--batch-size", "20")
    XCTAssertEqual(result.status, 64)
    XCTAssertTrue(result.errors.contains("--batch-size is 20") && result.errors.contains("all"), result.errors)
  }

  func testThePointsCanBeWrittenAsCSV() throws {
    let csv = folder.appendingPathComponent("points.csv")
    let result = try micrograd(
      "moons", "--samples", "30", "--steps", "1", "--quiet", "--csv", csv.path, "--output", folder.path)
    XCTAssertEqual(result.status, 0, result.errors)
    let data = try CSVTable(contentsOf: csv).dataset(target: "moon")
    XCTAssertEqual(data.inputNames, ["x", "y"])
    XCTAssertEqual(data.targets.classCounts, ["inner": 15, "outer": 15])
  }

  func testBadOptionsExitWith64AndNameTheOption() throws {
    for (option, value) in [
      ("--steps", "0"), ("--samples", "1"), ("--noise", "-1"), ("--hidden", "16,x"), ("--hidden", ""),
      ("--learning-rate", "nan"), ("--evaluation", "magic"), ("--seed", "-1"), ("--colour", "red"),
      ("--batch-size", "0"), ("--optimizer", "magic"),
    ] {
      let result = try micrograd("moons", option, value)
      XCTAssertEqual(result.status, 64, "\(option) \(value)")
      XCTAssertTrue(result.errors.contains(option), result.errors)
    }
  }

  func testDivergenceIsReportedWithARemedy() throws {
    let result = try micrograd("moons", "--learning-rate", "1e200", "--quiet", "--output", folder.path)
    XCTAssertEqual(result.status, 1)
    XCTAssertTrue(result.errors.contains("--learning-rate"), result.errors)
  }

  func testAFolderThatCannotBeCreatedIsNamed() throws {
    let result = try micrograd("moons", "--output", "/dev/null/pictures")
    XCTAssertEqual(result.status, 1)
    XCTAssertTrue(result.errors.contains("/dev/null/pictures"), result.errors)
  }
}

extension Dataset.Targets {
  /// How many rows each class has.
  fileprivate var classCounts: [String: Int] {
    guard case .classes(let classes, let names) = self else { return [:] }
    return classes.reduce(into: [:]) { $0[names[$1], default: 0] += 1 }
  }
}
