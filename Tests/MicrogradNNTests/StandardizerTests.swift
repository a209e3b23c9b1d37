import Foundation
import MicrogradNN
import XCTest

final class StandardizerTests: XCTestCase {
  private func column(_ index: Int, of numbers: [Double], columns: Int) -> [Double] {
    stride(from: index, to: numbers.count, by: columns).map { numbers[$0] }
  }

  func testFitsAndTransformsAsScikitLearn() throws {
    for record in DataFixture.shared.standardized {
      let standardizer = try Standardizer(fitting: record.numbers, columns: record.columns)
      let transformed = standardizer.transform(record.numbers)
      for index in 0..<record.columns {
        let message = "\(record.name), column \(index)"
        let numbers = column(index, of: record.numbers, columns: record.columns)
        let size = numbers.map(abs).max()!
        let (mean, deviation) = (record.means[index], record.deviations[index])
        XCTAssertEqual(standardizer.means[index], mean, accuracy: 2e-16 * size, message)
        XCTAssertEqual(standardizer.standardDeviations[index], deviation, accuracy: 1e-14 * deviation, message)
        let expected = column(index, of: record.standardized, columns: record.columns)
        for (a, e) in zip(column(index, of: transformed, columns: record.columns), expected) {
          XCTAssertEqual(a, e, accuracy: 1e-14 * abs(e) + 4e-16 * size / deviation, message)
        }
      }
    }
  }

  func testAConstantColumnIsOnlyShifted() throws {
    let standardizer = try Standardizer(fitting: [0.1, 1, 0.1, 2, 0.1, 6], columns: 2)
    XCTAssertEqual(standardizer.standardDeviations[0], 1)
    XCTAssertEqual(column(0, of: standardizer.transform([0.1, 1, 0.1, 2]), columns: 2), [0, 0])
  }

  func testALargeMeanCostsNoDigitsOfTheDeviation() throws {
    let standardizer = try Standardizer(fitting: (0..<1000).map { 1e12 + Double($0 % 2) }, columns: 1)
    XCTAssertEqual(standardizer.means, [1e12 + 0.5])
    XCTAssertEqual(standardizer.standardDeviations, [0.5])
  }

  func testInverseUndoesTransform() throws {
    var random = NumPyRandom(seed: 3)
    let numbers = random.normal(mean: 5, standardDeviation: 40, count: 60)
    let standardizer = try Standardizer(fitting: numbers, columns: 3)
    for (a, e) in zip(standardizer.inverse(standardizer.transform(numbers)), numbers) {
      XCTAssertEqual(a, e, accuracy: 1e-13)
    }
  }

  func testValidationIsShiftedByTheTrainingPart() throws {
    let training = try Dataset(inputs: [[1, 5], [3, 5]], numbers: [0, 1], inputNames: ["a", "b"])
    let validation = try Dataset(inputs: [[10, 6]], numbers: [7], inputNames: ["a", "b"])
    let standardizer = try Standardizer(fitting: training)
    XCTAssertEqual(standardizer.transform(training).inputs, [-1, 0, 1, 0])
    XCTAssertEqual(
      standardizer.transform(validation), try Dataset(inputs: [[8, 1]], numbers: [7], inputNames: ["a", "b"]))
  }

  func testNumbersWithoutAMeanAreRefused() {
    for bad in [Double.nan, .infinity, -.infinity, 1e200] {
      XCTAssertThrowsError(try Standardizer(fitting: [1, 2, 3, bad, 5, 6], columns: 2)) {
        XCTAssertEqual($0 as? DatasetError, .notFinite(column: 1), "\(bad)")
      }
    }
    XCTAssertThrowsError(try Standardizer(fitting: [], columns: 2)) {
      XCTAssertEqual($0 as? DatasetError, .empty)
    }
    XCTAssertThrowsError(try Standardizer(fitting: [1, 2, 3], columns: 2)) {
      XCTAssertEqual($0 as? DatasetError, .incompleteRow(numbers: 3, columns: 2))
    }
  }

  func testEncodingRoundTrips() throws {
    let standardizer = try Standardizer(fitting: [1, 10, 5, 10.1], columns: 2)
    let decoded = try JSONDecoder().decode(Standardizer.self, from: JSONEncoder().encode(standardizer))
    XCTAssertEqual(decoded, standardizer)
  }

  func testImpossibleStandardizersAreNotDecoded() {
    for text in [
      #"{"means":[],"standardDeviations":[]}"#, #"{"means":[1],"standardDeviations":[1,1]}"#,
      #"{"means":[1],"standardDeviations":[0]}"#, #"{"means":[1],"standardDeviations":[-2]}"#, #"{"means":[1]}"#,
    ] {
      XCTAssertThrowsError(try JSONDecoder().decode(Standardizer.self, from: Data(text.utf8)), text)
    }
  }

  func testKnownMeansAndDeviationsAreApplied() {
    let standardizer = Standardizer(means: [2, 0], standardDeviations: [4, 1])
    XCTAssertEqual(standardizer.transform([10, 7]), [2, 7])
    XCTAssertEqual(standardizer.inverse([2, 7]), [10, 7])
  }
}
