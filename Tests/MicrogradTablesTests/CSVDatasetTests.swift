import MicrogradNN
import MicrogradTables
import XCTest

final class CSVDatasetTests: XCTestCase {
  private let irises = "width,length,kind\n0.2,1.4,setosa\n1.3,4.0,versicolor\n0.4,1.7,setosa\n"

  func testTextIsAClassAndAllOtherColumnsAreInputs() throws {
    let data = try CSVTable(text: irises).dataset(target: "kind")
    XCTAssertEqual(data.inputs, [0.2, 1.4, 1.3, 4, 0.4, 1.7])
    XCTAssertEqual(data.inputNames, ["width", "length"])
    XCTAssertEqual(data.targets, .classes([0, 1, 0], names: ["setosa", "versicolor"]))
  }

  func testChosenColumnsComeInTheOrderOfTheChoice() throws {
    let table = try CSVTable(text: "a,b,c,d\n1,2,3,word\n5,6,7,word\n")
    let data = try table.dataset(target: "a", inputs: ["c", "b"])
    XCTAssertEqual(data.inputs, [3, 2, 7, 6])
    XCTAssertEqual(data.inputNames, ["c", "b"])
    XCTAssertEqual(data.targets, .numbers([1, 5], columns: 1))
  }

  func testNumbersAreClassesWhenAskedFor() throws {
    let table = try CSVTable(text: "x,digit\n0,10\n0,9\n0,-1\n0,10\n")
    XCTAssertEqual(try table.dataset(target: "digit").targets, .numbers([10, 9, -1, 10], columns: 1))
    XCTAssertEqual(
      try table.dataset(target: "digit", kind: .classes).targets, .classes([2, 1, 0, 2], names: ["-1", "9", "10"]))
  }

  func testLabelsThatAreNotAllIntegersAreOrderedAsText() throws {
    let table = try CSVTable(text: "x,label\n0,10\n0,9\n0,b\n0,a\n")
    XCTAssertEqual(
      try table.dataset(target: "label").targets, .classes([0, 1, 3, 2], names: ["10", "9", "a", "b"]))
  }

  func testTheOrderOfRowsDoesNotNumberTheClasses() throws {
    let first = try CSVTable(text: "x,k\n1,b\n2,a\n").dataset(target: "k")
    let second = try CSVTable(text: "x,k\n2,a\n1,b\n").dataset(target: "k")
    XCTAssertEqual(first.subset([1, 0]), second)
  }

  func testASecondFileGetsTheClassesOfTheFirst() throws {
    let table = try CSVTable(text: "x,kind\n1,versicolor\n2,virginica\n")
    let names = ["setosa", "versicolor", "virginica"]
    XCTAssertEqual(
      try table.dataset(target: "kind", kind: .knownClasses(names)).targets, .classes([1, 2], names: names))
    XCTAssertThrowsError(try table.dataset(target: "kind", kind: .knownClasses(["setosa", "versicolor"]))) {
      let error = $0 as? CSVError
      XCTAssertEqual(error?.problem, .unknownClass("virginica", known: ["setosa", "versicolor"]))
      XCTAssertEqual(error?.line, 3)
    }
  }

  func testAWordAmongNumbersIsAnErrorWhereNumbersAreAskedFor() throws {
    let table = try CSVTable(text: "x,y\n1,2\n3,many\n")
    XCTAssertThrowsError(try table.dataset(target: "y", kind: .numbers)) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .notANumber("many"))
    }
  }

  func testColumnsThatCannotBeInputsAreRefused() throws {
    let table = try CSVTable(text: "y\n1\n2\n")
    XCTAssertThrowsError(try table.dataset(target: "y")) { XCTAssertEqual(($0 as? CSVError)?.problem, .noInputs) }
    XCTAssertThrowsError(try table.dataset(target: "y", inputs: ["y"])) {
      XCTAssertEqual(($0 as? CSVError)?.problem, .targetIsInput)
    }
  }

  func testDocumentationExamples() throws {
    let table = try CSVTable(text: "width;length;kind\n0.2;1.4;setosa\n1.3;4.0;versicolor\n")
    XCTAssertEqual(try table.dataset(target: "kind").inputs, [0.2, 1.4, 1.3, 4])
    XCTAssertEqual(try table.inputs(["length"]), [1.4, 4])
    let data = try CSVTable(text: "a,b,kind\n1,2,yes\n3,4,no\n").dataset(target: "kind", inputs: ["b"])
    XCTAssertEqual(data.inputs, [2, 4])
    XCTAssertEqual(data.targets, .classes([1, 0], names: ["no", "yes"]))
  }
}
