import Foundation
import TestSupport

/// What the scripts of Tests/Fixtures wrote, read once.
enum Fixture {
  static let nist: NISTFixture = try! readFixture("nist.json")
  static let fits: FitsFixture = try! readFixture("fits.json")
  static let roots: RootsFixture = try! readFixture("roots.json")
  static let integrals: IntegralsFixture = try! readFixture("integrals.json")
  static let intervals: IntervalsFixture = try! readFixture("fit_intervals.json")
  static let testProblems: TestProblemsFixture = try! readFixture("test_problems.json")
}

struct NISTFixture: Decodable {
  /// A data set with the values that NIST certifies, to 11 digits.
  struct Certified: Decodable {
    let name: String
    let starts: [[Double]]
    let parameters, standardDeviations: [Double]
    let residualSumOfSquares, residualStandardDeviation: Double
    let degreesOfFreedom: Int
    let x: [[Double]]
    let y: [Double]
  }

  let sets: [Certified]
}

struct FitsFixture: Decodable {
  struct Minimum: Decodable {
    let start, minimum: [Double]
  }

  struct Polynomial: Decodable {
    let x, y, parameters: [Double]
    let residualSumOfSquares: Double
    let covariance: [[Double]]
  }

  /// A curve through data whose numbers may be very large or very small.
  struct Curve: Decodable {
    let size: Double?
    let x, y, parameters, standardErrors: [Double]
    let residualStandardDeviation: Double
  }

  let himmelblau: [Minimum]
  let rosenbrockAboveTwo: Double
  let polynomial: Polynomial
  let photoelectric: Curve
  let decays: [Curve]
}

struct RootsFixture: Decodable {
  /// A root with its derivatives by parameters: first[unknown][parameter].
  struct Root: Decodable {
    let name: String
    let parameters, root: [Double]
    let first: [[Double]]
    let second: [[[Double]]]
  }

  let roots: [Root]
}

struct IntegralsFixture: Decodable {
  /// An integral with its derivatives by parameters, or by limits after them.
  struct Integral: Decodable {
    let name: String
    let parameters: [Double]
    let value: Double
    let first: [Double]
    let second: [[Double]]
  }

  let integrals: [Integral]
}

struct TestProblemsFixture: Decodable {
  /// The sums of squares of a problem: at its standard start, and at a point near it.
  struct Problem: Decodable {
    let number: Int
    let points: [[Double]]
    let values: [Double]
  }

  let problems: [Problem]
}
