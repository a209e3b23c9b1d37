import ArgumentParser
import Foundation
import MicrogradNN
import MicrogradTables
import XCTest

@testable import MicrogradCLI

final class ConvertCommandTests: CommandTestCase {
  private func convert(_ arguments: String...) throws { try ConvertCommand.parse(arguments + ["--quiet"]).run() }

  /// Numbers, words, texts and gaps; the target is a number or a class.
  private func writeMixture(_ count: Int = 200, to name: String = "mixed.csv") throws -> String {
    var random = PythonRandom(seed: 11)
    var text = "size,colour,new,id,price,kind\n"
    for row in 0..<count {
      let size = random.random() < 0.1 ? "" : "\(random.gauss(mean: 40, standardDeviation: 9))"
      let colour = ["red", "green", "blue", "NA"][random.randint(0, 3)]
      let price = row == 17 ? "" : "\(random.gauss(mean: 900, standardDeviation: 100))"
      text += "\(size),\(colour),\(["yes", "no"][random.randint(0, 1)]),\(row + 1),\(price),\(random.randint(0, 2))\n"
    }
    return try write(text, to: name)
  }

  func testTheModelIsBitForBitTheOneOfTheCSVFile() throws {
    let csv = try writeMixture()
    for (target, flags, train) in [
      ("price", ["--without", "kind"], []), ("kind", ["--classes"], ["--classes"]),
      ("colour", [], ["--validation", "0", "--no-standardize"]),
    ] as [(String, [String], [String])] {
      try ConvertCommand.parse([csv, path("t.mgt"), "--target", target, "--quiet"] + flags).run()
      let common = ["--target", target, "--epochs", "3", "--hidden", "5"] + train
      try self.train([csv] + common + (target == "price" ? flags : []) + ["--save", path("a")])
      try self.train([path("t.mgt")] + common + ["--save", path("b")])
      XCTAssertEqual(try bytes("a"), try bytes("b"), target)
    }
  }

  func testTheTargetOfTheConversionIsTheDefault() throws {
    let csv = try writeMixture()
    try convert(csv, path("t.mgt"), "--target", "price")
    try train(path("t.mgt"), "--epochs", "1", "--save", path("model"))
    XCTAssertTrue(try XCTUnwrap(model("model").metadata["model"]).contains("\"target\":\"price\""))
  }

  func testARunOnATableResumesToTheSameBits() throws {
    try convert(writeMixture(), path("t.mgt"), "--target", "price")
    try train(path("t.mgt"), "--epochs", "4", "--save", path("whole"))
    try train(path("t.mgt"), "--epochs", "2", "--checkpoint", path("run"))
    try train(path("t.mgt"), "--epochs", "4", "--checkpoint", path("run"), "--resume", "--save", path("resumed"))
    XCTAssertEqual(try bytes("whole"), try bytes("resumed"))
    try convert(writeMixture(199, to: "other.csv"), path("t.mgt"), "--target", "price")
    let text = message {
      try train(path("t.mgt"), "--epochs", "4", "--checkpoint", path("run"), "--resume")
    }
    XCTAssertTrue(text.contains("other training or validation rows"), text)
  }

  func testTheSummaryIsThatOfTraining() throws {
    let csv = try writeMixture()
    let result = try Executable.run(["convert", csv, path("t.mgt"), "--target", "price"])
    XCTAssertEqual(result.status, 0, result.errors)
    for line in [
      "1 row without a value of price left out", "id      number", "table: \(path("t.mgt")), 199 rows of 5 columns",
    ] {
      XCTAssertTrue(result.output.contains(line), result.output)
    }
    let trained = try Executable.run(["train", path("t.mgt"), "--epochs", "1", "--validation", "0"])
    XCTAssertEqual(trained.status, 0, trained.errors)
    for line in result.output.split(separator: "\n") where line.contains("standardised") || line.contains("0 or 1") {
      XCTAssertTrue(trained.output.contains(line), trained.output)
    }
    let pictures = try Executable.run(["train", path("t.mgt"), "--epochs", "1", "--plot", path("plots")])
    XCTAssertEqual(pictures.status, 0, pictures.errors)
  }

  func testErrorsNameTheFlags() throws {
    let csv = try writeMixture()
    try convert(csv, path("t.mgt"), "--target", "price")
    for (arguments, part) in [
      (["--separator", ";"], "give --separator to that command"),
      (["--validation-data", csv], "give --validation instead"),
      (["--target", "size"], "convert the CSV file with --target size"),
      (["--target", "id"], "there is no column “id”"),
      (["--target", "kind", "--classes"], "give --classes to micrograd convert"),
      (["--text", "kind"], "is not stored as text"), (["--inputs", "none"], "there is no column “none”"),
    ] as [([String], String)] {
      let text = message { try train([path("t.mgt")] + arguments) }
      XCTAssertTrue(text.contains(part), "\(arguments): \(text)")
    }
    let text = message { try convert(csv, path("t.mgt"), "--target", "prize") }
    XCTAssertTrue(text.contains("there is no such column"), text)
    XCTAssertThrowsError(try ConvertCommand.parse(["-", "x.mgt"]))
    XCTAssertThrowsError(try ConvertCommand.parse([csv, csv]))
  }

  func testADamagedTableEndsTheRunWithItsRows() throws {
    try convert(writeMixture(), path("t.mgt"), "--target", "price")
    var damaged = try bytes("t.mgt")
    damaged[5000] ^= 1
    try Data(damaged).write(to: URL(fileURLWithPath: path("t.mgt")))
    let text = message { try train(path("t.mgt"), "--epochs", "1") }
    XCTAssertTrue(text.contains("its rows 1 to 199 are damaged"), text)
  }

  func testManyRowsAreSplitByBlocks() {
    var random = PythonRandom(seed: 1)
    let count = RowSplit.greatestRowCount + 77
    let split = RowSplit(count: count, columns: 2)
    let (training, held) = split.split(share: 0.25, using: &random)
    let (a, b) = (split.indices(training), split.indices(held))
    XCTAssertEqual(a.count + b.count, count)
    XCTAssertEqual(Double(b.count) / Double(count), 0.25, accuracy: 0.001)
    var isThere = [Bool](repeating: false, count: count)
    for row in a + b { isThere[row] = true }
    XCTAssertFalse(isThere.contains(false))
    XCTAssertEqual(split.block, 256)
    XCTAssertNil(RowSplit(count: count - 77, columns: 2).block)
    XCTAssertEqual(RowSplit(count: 60_000, columns: 785).block, 5)
    XCTAssertEqual(RowSplit(count: 2, columns: 1 << 24).block, 1)
  }

  func testFewRowsAreSplitAsADatasetIs() throws {
    let data = try Dataset(inputs: (0..<50).map { [Double($0)] }, numbers: (0..<50).map { Double($0) })
    var (first, second) = (PythonRandom(seed: 7), PythonRandom(seed: 7))
    let (training, held) = RowSplit(count: 50, columns: 2).split(share: 0.3, using: &first)
    let expected = try data.split(validation: 0.3, using: &second)
    XCTAssertEqual(RowSplit(count: 50, columns: 2).indices(training).map(Double.init), expected.training.inputs)
    XCTAssertEqual(RowSplit(count: 50, columns: 2).indices(held).map(Double.init), expected.validation.inputs)
    XCTAssertEqual(first.random(), second.random())
  }
}
