import Foundation
import MicrogradNN
import MicrogradTables
import TestSupport
import XCTest

@testable import MicrogradCLI

/// Tables with texts, gaps, dates and booleans, from `train` to `predict`.
final class PreparedColumnsTests: CommandTestCase {
  private let passengers = """
    name;sex;age;joined;member;fare;survived
    "Braund, Mr. Owen";male;22;2024-01-01;yes;7,25;no
    Cumings;female;38;2024-01-02;no;71,28;yes
    Heikkinen;female;;2024-01-05;yes;7,92;yes
    Futrelle;female;35;2024-02-01;;53,1;yes
    Allen;male;35;2024-03-01;no;8,05;no
    Moran;male;NA;2024-03-02;yes;8,46;no
    McCarthy;male;54;2024-03-03;no;51,86;no
    Palsson;male;2;2024-03-05;yes;21,07;no
    Johnson;female;27;2024-04-01;no;11,13;yes
    Nasser;female;14;2024-04-02;no;30,07;yes
    Sandstrom;female;4;2024-04-03;yes;16,7;
    Bonnell;female;58;2024-04-04;no;26,55;yes

    """

  private func writePassengers() throws -> String { try write(passengers, to: "passengers.csv") }

  func testEveryKindOfColumnIsPreparedAndReported() throws {
    let data = try writePassengers()
    let run = ["train", data, "--validation", "0", "--epochs", "2", "--dates", "--save", path("m")]
    let result = try Executable.run(run)
    XCTAssertEqual(result.status, 0, result.errors)
    for line in [
      "numbers are read with a decimal comma", "1 row without a value of survived left out (line 12)",
      "  name    text       0         11 different", "left out: looks like an identifier; name it in --text to use it",
      "  sex     text       0         female, male              2 inputs of 0 or 1\n",
      "  age     number     2 (18 %)  2 to 58                   standardised number + “is missing”, gaps filled with "
        + "the median 35\n",
      "  joined  date       0         2024-01-01 to 2024-04-04  days since 1970-01-01, standardised\n",
      "  member  yes or no  1 (9 %)                             0 or 1 + “is missing”\n",
      "rows: 11 for training, 0 for validation", "network: 8-16-16-1", "target survived of 2 classes (no, yes)",
    ] { XCTAssertTrue(result.output.contains(line), "\(line)\n\(result.output)") }
    XCTAssertEqual(
      try TrainedModel(path: path("m")).description.encoder.inputNames,
      ["sex = female", "sex = male", "age", "age is missing", "joined", "member", "member is missing", "fare"])
  }

  func testColumnsAreFoundByNameInAnyOrder() throws {
    let data = try writePassengers()
    try train(data, "--validation", "0", "--epochs", "30", "--save", path("m"))
    let one = try write("sex,age,member,fare\nfemale,38,no,71.28\nmale,,,8.46\n", to: "one.csv")
    let two = try write("fare;extra;member;sex;age\n71,28;a;No;female;38\n8,46;b;?;male;-\n", to: "two.csv")
    let expected = try predict(path("m"), one, "--probabilities")
    XCTAssertEqual(try predict(path("m"), two, "--probabilities"), expected)
    XCTAssertEqual(expected.split(separator: "\n")[0], "predicted_survived,probability_no,probability_yes")
    let few = try write("sex,age\nmale,1\n", to: "few.csv")
    XCTAssertTrue(message { try predict(path("m"), few) }.contains("column “member”: there is no such column"))
  }

  func testUnknownCategoriesAndNewGapsAreWarnedOf() throws {
    let data = try writePassengers()
    try train(data, "--validation", "0", "--epochs", "2", "--save", path("m"))
    let new = try write("sex,age,member,fare\nmale,1,no,2\nother,1,no,2\nother,1,no,\n", to: "new.csv")
    let result = try Executable.run(["predict", path("m"), new])
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertEqual(result.output.split(separator: "\n").count, 4)
    XCTAssertEqual(
      result.errors,
      """
      line 3 of \(new), column “sex”: “other” is not in the training rows, so none of its inputs is 1 (2 rows)
      line 4 of \(new), column “fare”: the value is missing, which it never was in the training rows; it is filled in

      """)
    let bad = try write("sex,age,member,fare\nmale,1,perhaps,2\n", to: "bad.csv")
    let said = message { try predict(path("m"), bad) }
    XCTAssertTrue(said.contains("bad.csv, line 2, column “member”: “perhaps” is neither yes nor no"), said)
  }

  func testColumnsAreChosen() throws {
    let data = try writePassengers()
    func names(_ flags: String...) throws -> [String] {
      try train([data, "--validation", "0", "--epochs", "1", "--save", path("m")] + flags)
      return try TrainedModel(path: path("m")).description.inputs
    }
    XCTAssertEqual(try names(), ["sex", "age", "member", "fare"])
    XCTAssertEqual(try names("--dates", "--without", "fare,sex"), ["age", "joined", "member"])
    XCTAssertEqual(try names("--inputs", "name,age"), ["name", "age"])
    XCTAssertEqual(try names("--text", "age"), ["sex", "age", "member", "fare"])
    XCTAssertEqual(try TrainedModel(path: path("m")).description.encoder.columns[1].kind, .category)
  }

  /// The preparation is fitted to the training rows: the validation rows may have other categories and gaps.
  func testValidationRowsAreNoticedWhenTheyDiffer() throws {
    let data = try write("c,x,k\na,1,no\nb,2,yes\na,3,no\nb,4,yes\n", to: "data.csv")
    let other = try write("k,x,c\nno,,a\nyes,1,z\n", to: "other.csv")
    let result = try Executable.run(["train", data, "--validation-data", other, "--epochs", "1"])
    XCTAssertEqual(result.status, 0, result.errors)
    XCTAssertTrue(
      result.output.contains("line 3 of \(other), column “c”: “z” is not in the training rows"), result.output)
    XCTAssertTrue(result.output.contains("line 2 of \(other), column “x”: the value is missing"), result.output)
  }

  func testTablesInOddShapesAreTrainedOrExplained() throws {
    let names = (0..<100_000).map { "n\($0),\($0 % 7)\n" }.joined()
    for (text, flags, word) in [
      ("\u{FEFF}a,k\r\n1,x\r\n2,y\r\n3,\"x\"\r\n", [], ""), ("a,note,k\n1,\"two\nlines\",x\n2,b,y\n", [], ""),
      ("a,b,k\n1,2,x\n1,,y\n", [], ""), ("a,a,k\n1,2,x\n", [], "two columns have this name"),
      ("a,k\n", [], "no rows below the header"), ("a,k\n1,x\n", ["--validation", "0"], "the class “x”"),
      ("a,b,k\n1,2,3\n2,,5\n", [], ""), ("a,b,k\n,2,3\n,3,5\n", [], ""), ("a,k\n,2\n,3\n", [], "none of the columns"),
      ("a,k\n" + names, ["--epochs", "1"], "can be an input"),
      ("a,k\n" + names, ["--inputs", "a", "--validation", "0"], "100000 different texts"),
      ("a,k\n" + names, ["--target", "a"], "100000 classes"),
      ("p,f,k\n101325,2.4e9,1e-9\n99000,5e9,2e-9\n98000,1e9,3e-9\n", [], ""),
      ("a,k\n1e300,1\n2e300,2\n-1e300,3\n", [], "too large to average"),
      ("a,k\n1,1\n2,1e400\n", [], "too large"),
      ("a;k\n1.234,50;x\n99,90;y\n1.000.000;x\n", [], ""),
    ] as [(String, [String], String)] {
      let data = try write(text, to: "data.csv")
      let arguments = [data, "--epochs", "1"] + (flags.contains("--validation") ? [] : ["--validation", "0"]) + flags
      if word.isEmpty {
        XCTAssertNoThrow(try train(arguments), text)
      } else {
        let said = message { try train(arguments) }
        XCTAssertTrue(said.contains(word), "\(text.prefix(60)): \(said)")
      }
    }
  }

  func testPicturesOfTheScoresAreWritten() throws {
    try train(writeMoons(to: "moons.csv"), "--epochs", "3", "--output", path("a"))
    for name in ["loss.svg", "boundary.svg", "confusion.svg", "calibration.svg"] {
      XCTAssertTrue(exists("a/\(name)"), name)
    }
    try train(writeHouses(to: "houses.csv"), "--epochs", "3", "--output", path("b"))
    XCTAssertTrue(try text("b/predicted.svg").contains("R² "))
    XCTAssertFalse(exists("b/confusion.svg"))
  }

  /// The held-out scores of three splits, beside those of ten splits of scikit-learn's networks with the same layers.
  func testKnownTablesAreLearntAsWellAsByScikitLearn() throws {
    struct Network: Decodable {
      let table: String
      let mean, deviation: Double
      let scores: [Double]
    }
    struct Content: Decodable {
      let networks: [Network]
    }
    let flags = [
      "iris.csv": ["--epochs", "60"], "houses.csv": ["--epochs", "60"],
      "titanic.csv": [
        "--target", "survived", "--classes", "--epochs", "12", "--inputs", "pclass,sex,age,sibsp,parch,fare,embarked",
      ],
    ]
    for network in (try readFixture("tables.json") as Content).networks {
      let data = fixtureURL("tables/\(network.table)").path
      var scores: [Double] = []
      for seed in 1...3 {
        let command = try TrainCommand.parse([data, "--quiet", "--seed", "\(seed)"] + (flags[network.table] ?? []))
        var random = PythonRandom(seed: seed)
        let rows = try TrainingData(command.data, loss: nil, using: &random)
        var run = try TrainingRun(command, rows, using: &random)
        _ = try run.fit()
        let found = try run.scores().scores
        scores.append(try XCTUnwrap(found.classification?.accuracy ?? found.regression?.rSquared))
      }
      // Three standard errors of the difference of the two means.
      let margin = 3 * network.deviation * (1.0 / 3 + 1.0 / Double(network.scores.count)).squareRoot()
      let mean = scores.reduce(0, +) / 3
      XCTAssertGreaterThan(mean, network.mean - margin, "\(network.table): \(scores)")
    }
  }
}
