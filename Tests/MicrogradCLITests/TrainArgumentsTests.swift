import ArgumentParser
import XCTest

@testable import MicrogradCLI

final class TrainArgumentsTests: XCTestCase {
  /// What is said of the arguments, with the flag's line of help where there is one.
  private func refusal<Command: ParsableCommand>(_ command: Command.Type, _ arguments: [String]) -> String {
    do {
      _ = try Command.parse(arguments)
      return ""
    } catch {
      XCTAssertEqual(Command.exitCode(for: error), .validationFailure)
      return Command.fullMessage(for: error)
    }
  }

  private func assertRefused(
    _ arguments: [String], _ words: [String], file: StaticString = #filePath, line: UInt = #line
  ) {
    let text = refusal(TrainCommand.self, ["data.csv"] + arguments)
    for word in words {
      XCTAssertTrue(text.contains(word), "\(arguments): no “\(word)” in “\(text)”", file: file, line: line)
    }
  }

  func testNumbersOutOfRangeAreRefusedWithTheRemedy() {
    for (flag, values, remedy) in [
      ("--learning-rate", ["0", "-1", "nan", "inf"], "give a number above 0"),
      ("--momentum", ["1", "-0.1", "nan"], "at least 0 and below 1"),
      ("--weight-decay", ["-1", "inf"], "give 0 or more"),
      ("--l2", ["-1", "nan"], "give 0 or more"),
      ("--clip-norm", ["0", "-2", "nan"], "above 0"),
      ("--dropout", ["1", "-0.5", "nan"], "at least 0 and below 1"),
      ("--validation", ["1", "-0.5", "nan"], "at least 0 and below 1"),
      ("--epochs", ["0", "-5", "1000000001"], "at least 1, at most 1000000000"),
      ("--patience", ["0", "-1"], "at least 1"),
      ("--warm-up", ["-1", "100"], "fewer than --epochs 100"),
    ] {
      for value in values {
        let shown = Double(value).flatMap { Int(exactly: $0) } == nil ? value : value.replacing(".0", with: "")
        assertRefused(["\(flag)=\(value)"], ["\(flag) is \(shown)", remedy])
      }
    }
  }

  func testUnknownNamesAreRefusedWithAListOfNames() {
    for (flag, value, remedy) in [
      ("--hidden", "16,0", "1 to 4096"), ("--hidden", "4097", "1 to 4096"),
      ("--batch-size", "0", "at least 1; or all"), ("--batch-size", "some", "at least 1; or all"),
      ("--activation", "step", "leaky-relu"), ("--loss", "l7", "cross-entropy"),
      ("--optimizer", "magic", "rmsprop"), ("--schedule", "weekly", "one-cycle"),
      ("--initializer", "ones", "he-normal"), ("--seed", "-1", "0 to 4294967295"),
      ("--epochs", "many", "1 to 1000000000"),
    ] {
      assertRefused(["\(flag)=\(value)"], ["'\(value)'", flag, remedy])
    }
    XCTAssertTrue(refusal(TrainCommand.self, []).contains("<data.csv>"))
    XCTAssertTrue(refusal(TrainCommand.self, ["a.csv", "--colour", "red"]).contains("--colour"))
  }

  func testFlagsThatMakeNoSenseTogetherAreRefused() {
    for (arguments, words) in [
      (["--momentum", "0.9"], ["--momentum is 0.9", "--optimizer adam", "sgd or rmsprop"]),
      (["--momentum", "0.9", "--optimizer", "lbfgs"], ["--momentum is 0.9", "--optimizer lbfgs"]),
      (["--resume"], ["--resume", "--checkpoint"]),
      (["--validation", "0.3", "--validation-data", "v.csv"], ["--validation 0.3", "--validation-data v.csv"]),
      (["--classes", "--loss", "mse"], ["--loss mse", "--classes"]),
      (["--schedule", "one-cycle", "--warm-up", "3"], ["--warm-up is 3", "one-cycle"]),
      (["--dropout", "0.5", "--hidden", "none"], ["--dropout 0.5", "--hidden is none"]),
      (["--optimizer", "lbfgs", "--batch-size", "8"], ["--batch-size is 8", "--batch-size all"]),
      (["--optimizer", "lbfgs", "--dropout", "0.5"], ["--dropout is 0.5", "lbfgs"]),
      (["--optimizer", "lbfgs", "--weight-decay", "0.5"], ["--weight-decay is 0.5", "--l2"]),
      (["--optimizer", "lbfgs", "--clip-norm", "1"], ["--clip-norm is 1.0", "lbfgs"]),
      (["--optimizer", "lbfgs", "--schedule", "cosine"], ["--schedule cosine", "lbfgs"]),
      (["--optimizer", "lbfgs", "--warm-up", "2"], ["--warm-up 2", "lbfgs"]),
      (["--inputs", "a,b,a"], ["--inputs is a,b,a", "once"]),
      (["--inputs", "a,"], ["--inputs is “a,”", "names"]),
      (["--inputs", "a,b", "--target", "b"], ["--inputs is a,b", "target b"]),
      (["--save", "x", "--log", "./x"], ["--log is ./x", "--save"]),
      (["--save", "data.csv"], ["--save is data.csv", "the data"]),
      (["--log", "v.csv", "--validation-data", "v.csv"], ["--log is v.csv", "--validation-data"]),
    ] {
      assertRefused(arguments, words)
    }
  }

  func testPredictingOverWhatIsReadIsRefused() {
    for output in ["m.safetensors", "new.csv"] {
      let text = refusal(PredictCommand.self, ["m.safetensors", "new.csv", "--output", output])
      XCTAssertTrue(text.contains("--output is \(output)"), text)
    }
  }

  func testDefaultsSuitTheOptimizer() throws {
    func parsed(_ arguments: String...) throws -> OptimizationArguments {
      try TrainCommand.parse(["data.csv"] + arguments).optimization
    }
    XCTAssertEqual(try parsed().rate, 0.01)
    XCTAssertEqual(try parsed("--optimizer", "sgd").rate, 0.1)
    XCTAssertEqual(try parsed("--optimizer", "lbfgs").rate, 1)
    XCTAssertEqual(try parsed().batch, .samples(32))
    XCTAssertEqual(try parsed("--optimizer", "lbfgs").batch, .all)
    XCTAssertEqual(try parsed("--batch-size", "all").batch, .all)
  }

  func testHelpHasExamplesThatAreUnderstood() throws {
    for (command, name) in [(TrainCommand.self as ParsableCommand.Type, "train"), (PredictCommand.self, "predict")] {
      let lines = command.configuration.discussion.split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      let examples = lines.filter { $0.hasPrefix("micrograd \(name)") }
      XCTAssertGreaterThanOrEqual(examples.count, 3)
      for example in examples {
        XCTAssertNoThrow(try command.parse(example.split(separator: " ").dropFirst(2).map(String.init)), example)
        XCTAssertLessThanOrEqual(example.count, 78, example)
      }
    }
  }
}
