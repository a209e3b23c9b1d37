import XCTest

/// What people see who mistype a subcommand, ask for help, or want completion.
final class SubcommandTests: XCTestCase {
  func testAMistypedSubcommandSuggestsTheNearestAndListsAll() throws {
    for arguments in [["trane"], ["help", "trane"], ["trane", "data.csv", "--epochs", "3"]] {
      let result = try Executable.run(arguments)
      XCTAssertEqual(result.status, 64)
      XCTAssertEqual(result.output, "")
      let first = result.errors.split(separator: "\n").first
      XCTAssertEqual(
        first,
        "Error: 'trane' is not a subcommand. Did you mean 'train'? The subcommands are moons, train, predict, export, convert, grad, fit, gpt, play."
      )
    }
  }

  func testAnotherWordListsTheSubcommandsOnly() throws {
    let result = try Executable.run(["data.csv"])
    XCTAssertEqual(result.status, 64)
    XCTAssertTrue(
      result.errors.hasPrefix("Error: 'data.csv' is not a subcommand. The subcommands are moons, "), result.errors)
  }

  func testHelpIsThereForEachSubcommandInBothWays() throws {
    let help = try Executable.run(["--help"])
    XCTAssertEqual(help.status, 0)
    let list = try XCTUnwrap(help.output.components(separatedBy: "SUBCOMMANDS:\n").last)
    let names = list.split(separator: "\n").filter { $0.hasPrefix("  ") && $0.dropFirst(2).first?.isLetter == true }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    XCTAssertTrue(names.contains("train") && names.contains("gpt"), "\(names)")
    for name in names where name != "See" {
      let texts = try [[name, "--help"], ["help", name]].map { try Executable.run($0) }
      XCTAssertEqual(texts.map(\.status), [0, 0])
      XCTAssertTrue(texts[0].output.contains("\nExamples:\n  micrograd \(name)"), texts[0].output)
      XCTAssertEqual(texts[0].output.filter { $0 != "\n" }, texts[1].output.filter { $0 != "\n" })
    }
  }

  /// The statuses that the help lists.
  func testTheExitStatusSaysWhatWasWrong() throws {
    for (arguments, status): ([String], Int32) in [
      (["--version"], 0), (["train", "--help"], 0), (["train", "nowhere.csv"], 1), (["gpt", "nowhere.txt"], 1),
      (["predict", "nowhere.safetensors", "nowhere.csv"], 1), (["trane"], 64), (["train", "--epohcs", "3"], 64),
      (["train"], 64), (["gpt", "--steps", "many"], 64),
    ] {
      XCTAssertEqual(try Executable.run(arguments).status, status, "\(arguments)")
    }
  }

  func testShellsGetTheirCompletions() throws {
    for shell in ["bash", "zsh", "fish"] {
      let result = try Executable.run(["--generate-completion-script", shell])
      XCTAssertEqual(result.status, 0)
      for word in ["predict", "hidden", "he-uniform"] { XCTAssertTrue(result.output.contains(word), shell) }
    }
    let check = try Executable.run(
      script: "eval \"$($micrograd --generate-completion-script bash)\"; complete -p micrograd")
    XCTAssertEqual(check.status, 0, check.errors)
  }
}
