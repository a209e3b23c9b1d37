import ArgumentParser
import Foundation
import MicrogradTables
import XCTest

@testable import MicrogradCLI

final class TableFlagsTests: CommandTestCase {
  private let numbers = "1,2,3\n2,3,5\n3,5,8\n4,1,5\n5,2,7\n"

  private func output(_ arguments: String...) throws -> Executable.Result {
    try Executable.run(["train"] + arguments + ["--epochs", "1"])
  }

  func testErrorsNameTheFlagThatHelps() throws {
    for (text, flag) in [
      ("a,y\n1,1.5\n2,many\n3,2.5\n", "--classes"), ("a,k\n1,EU\n2,NA\n3,EU\n", "--missing none"),
      ("a b,y\n1,1.5\nx,2\n3,2.5\n", "--text 'a b'; to leave it out, --without 'a b'"),
      ("5.1,setosa\n4.9,virginica\n", "--header"), ("5.1,setosa\n4.9,virginica\n", "--no-header"),
      ("a y\n1 2\n3 4\n", "--separator"), ("a:b:c,\n1:2:3\n", "--separator"),
    ] {
      let data = try write(text, to: "data.csv")
      let said = message { try train(data) }
      XCTAssertTrue(said.contains(flag), "\(text): \(said)")
    }
    let said = message { try train(write("a,b,y\n1,2,3\n", to: "data.csv"), "--inputs", "a,q") }
    XCTAssertTrue(said.contains("double quotes"), said)
  }

  func testTheFlagsHelp() throws {
    for (text, flags) in [
      ("a,y\n1,1.5\n2,many\n3,2.5\n4,many\n5,1.5\n6,1.5\n", ["--classes"]),
      ("a,y\n1,1.5\n2,?\n3,2.5\n4,?\n5,1.5\n6,1.5\n", ["--missing", "none", "--classes"]),
      ("a,k\n1,EU\n2,NA\n3,EU\n4,NA\n", ["--missing", "none"]),
      ("5.1,a\n4.9,b\n1,a\n2,b\n", ["--no-header"]), ("5.1,a\n4.9,b\n1,a\n2,b\n", ["--header"]),
      ("a y\n1 2\n3 4\n5 6\n", ["--separator", "space"]), ("a:y\n1:2\n3:4\n5:6\n", ["--separator", ":"]),
      ("a\ty\n1\t2\n3\t4\n5\t6\n", ["--separator", "tab"]),
    ] {
      let data = try write(text, to: "data.csv")
      XCTAssertNoThrow(try train([data, "--epochs", "1", "--validation", "0"] + flags), "\(flags)")
    }
  }

  func testANumberCanStandForAMissingValue() throws {
    let data = try write("a,y\n1,2\n-999,3\n5,4\n", to: "data.csv")
    try train(data, "--missing=-999,NA", "--validation", "0", "--epochs", "1", "--save", path("m"))
    let column = try XCTUnwrap(TrainedModel(path: path("m")).description.preparation?.columns[0])
    XCTAssertEqual(column, ColumnEncoder(name: "a", kind: .number, fill: 3, hasIndicator: true))
  }

  func testATableWithoutAHeaderIsReadWithANotice() throws {
    let data = try write(numbers, to: "data.csv")
    let result = try output(data, "--save", path("m"))
    XCTAssertTrue(
      result.output.hasPrefix("\(data): the first line is all numbers, so it is read as data"), result.output)
    XCTAssertTrue(result.output.contains("--header"), result.output)
    XCTAssertTrue(result.output.contains("rows: 4 for training, 1 for validation"), result.output)
    XCTAssertFalse(try output(data, "--no-header").output.contains("--header"))
    XCTAssertTrue(try output(data, "--header").output.contains("rows: 3 for training, 1 for validation"))
    let predicted = try Executable.run(["predict", path("m"), data])
    XCTAssertEqual(predicted.output.split(separator: "\n").count, 6, predicted.errors)
    XCTAssertTrue(predicted.errors.contains("read as data"), predicted.errors)
  }

  func testDecisionsAreReportedBeforeTraining() throws {
    let some = try write(numbers, to: "data.csv")
    XCTAssertTrue(try output(some).output.contains("target column3, a number (4 different values, 3 to 8)"))
    let few = try write("a,y\n" + (0..<20).map { "\($0),\($0 % 3)\n" }.joined(), to: "few.csv")
    let said = try output(few).output
    XCTAssertTrue(said.contains("a number (3 different values, 0 to 2; to read them as classes, give --classes)"), said)
    XCTAssertTrue(try output(few, "--classes").output.contains("target y of 3 classes (0, 1, 2)"))
  }

  func testColumnsWithCommasInTheirNamesCanBeChosen() throws {
    let data = try write("\"a, first\",b,\"say \"\"c\"\"\",y\n1,2,3,4\n2,3,4,5\n3,1,5,6\n", to: "data.csv")
    for (argument, names) in [
      ("\"a, first\",b", ["a, first", "b"]), ("a, first", ["a, first"]), ("b,a, first", ["b", "a, first"]),
      (" b , \"a, first\" ", ["b", "a, first"]), ("\"say \"\"c\"\"\",b", ["say \"c\"", "b"]),
    ] {
      try train(data, "--inputs", argument, "--epochs", "1", "--save", path("m"))
      XCTAssertEqual(try TrainedModel(path: path("m")).description.inputs, names, argument)
    }
    for argument in ["\"a", "\"a\"b", "b,\"a, first\"x"] {
      XCTAssertThrowsError(try TrainCommand.parse([data, "--inputs", argument]), argument)
    }
  }

  func testInvalidSeparatorsAreRefused() {
    for argument in ["", "::", "\"", "\n"] {
      XCTAssertThrowsError(try TrainCommand.parse(["x.csv", "--separator", argument]), argument)
    }
  }

  func testPatienceWithoutAFiniteEpochNamesNoBestEpoch() throws {
    let data = try write("a,b,y\n1,1,1\n2,2,3\n3,0,6\n4,1,7\n", to: "t.csv")
    let other = try write("a,b,y\n1e200,2,3\n", to: "v.csv")
    for epochs in ["2", "20"] {
      let result = try Executable.run(
        ["train", data, "--validation-data", other, "--epochs", epochs, "--patience", "3"])
      XCTAssertTrue(result.output.contains("no epoch had a finite loss, so the parameters"), result.output)
      XCTAssertFalse(result.output.contains("the best") || result.output.contains("epoch 0"), result.output)
    }
  }
}
