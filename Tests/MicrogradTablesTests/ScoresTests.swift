import MicrogradTables
import TestSupport
import XCTest

/// The scores are those of scikit-learn.
final class ScoresTests: XCTestCase {
  private struct Classes: Decodable {
    let predicted, expected, support: [Int]
    let confusion: [[Int]]
    let probabilities, precision, recall, f1, fractionRight, meanProbability: [Double]
    let accuracy: Double
  }

  private struct Numbers: Decodable {
    let predicted, expected: [Double]
    let rSquared, rootMeanSquaredError, meanAbsoluteError: Double
  }

  private struct Content: Decodable {
    let classes: [Classes]
    let numbers: [Numbers]
  }

  private static let content = try! readFixture("tables.json") as Content

  func testScoresOfClasses() {
    for fixture in Self.content.classes {
      let scores = ClassificationScores(predicted: fixture.predicted, expected: fixture.expected, classCount: 3)
      XCTAssertEqual(scores.accuracy, fixture.accuracy, accuracy: 1e-15)
      XCTAssertEqual(scores.confusion, fixture.confusion)
      for index in 0..<3 {
        XCTAssertEqual(scores.precision(of: index) ?? 0, fixture.precision[index], accuracy: 1e-15)
        XCTAssertEqual(scores.recall(of: index) ?? 0, fixture.recall[index], accuracy: 1e-15)
        XCTAssertEqual(scores.f1(of: index) ?? 0, fixture.f1[index], accuracy: 1e-15)
        XCTAssertEqual(scores.expectedCount(of: index), fixture.support[index])
      }
    }
    XCTAssertNil(ClassificationScores(predicted: [0], expected: [0], classCount: 2).precision(of: 1))
  }

  func testCalibration() {
    for fixture in Self.content.classes {
      let calibration = Calibration(
        probabilities: fixture.probabilities, areRight: zip(fixture.predicted, fixture.expected).map { $0 == $1 })
      XCTAssertEqual(calibration.bins.count, fixture.fractionRight.count)
      for (bin, (right, mean)) in zip(calibration.bins, zip(fixture.fractionRight, fixture.meanProbability)) {
        XCTAssertEqual(bin.fractionRight, right, accuracy: 1e-15)
        XCTAssertEqual(bin.meanProbability, mean, accuracy: 1e-15)
      }
    }
    XCTAssertEqual(
      Calibration(probabilities: [0, 0.1, 0.3, 1], areRight: [true, true, true, true]).bins.map(\.range.lowerBound),
      [0, 0.2, 0.9])
  }

  func testScoresOfNumbers() {
    for fixture in Self.content.numbers {
      let scores = RegressionScores(predicted: fixture.predicted, expected: fixture.expected)
      XCTAssertEqual(scores.rSquared, fixture.rSquared, accuracy: 1e-13)
      XCTAssertEqual(scores.rootMeanSquaredError / fixture.rootMeanSquaredError, 1, accuracy: 1e-13)
      XCTAssertEqual(scores.meanAbsoluteError / fixture.meanAbsoluteError, 1, accuracy: 1e-13)
    }
    let huge = RegressionScores(predicted: [1e300, -1e300], expected: [2e300, -2e300])
    XCTAssertEqual(huge.rSquared, 0.75, accuracy: 1e-15)
    XCTAssertTrue(RegressionScores(predicted: [1, 2], expected: [3, 3]).rSquared.isNaN)
  }

  func testDocumentationExamples() {
    let classes = ClassificationScores(predicted: [0, 1, 1, 1], expected: [0, 0, 1, 1], classCount: 2)
    XCTAssertEqual(classes.accuracy, 0.75)
    XCTAssertEqual(classes.confusion, [[1, 1], [0, 2]])
    XCTAssertEqual(classes.precision(of: 1) ?? 0, 2.0 / 3, accuracy: 1e-15)
    XCTAssertEqual(classes.recall(of: 0), 0.5)
    let numbers = RegressionScores(predicted: [2.5, 0, 2, 8], expected: [3, -0.5, 2, 7])
    XCTAssertEqual(numbers.rSquared, 0.9486, accuracy: 1e-4)
    XCTAssertEqual(numbers.rootMeanSquaredError, 0.6123, accuracy: 1e-4)
    XCTAssertEqual(numbers.meanAbsoluteError, 0.5)
    let calibration = Calibration(probabilities: [0.95, 0.85, 0.85, 0.6], areRight: [true, true, false, true])
    XCTAssertEqual(calibration.bins.map(\.count), [1, 2, 1])
    XCTAssertEqual(calibration.expectedError, 0.2875, accuracy: 1e-15)
    XCTAssertEqual(Calibration(probabilities: [0.75, 0.75], areRight: [true, false]).expectedError, 0.25)
  }
}
