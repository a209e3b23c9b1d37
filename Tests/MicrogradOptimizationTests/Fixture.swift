import Foundation
import TestSupport

/// What the scripts of Tests/Fixtures wrote, read once.
enum Fixture {
  static let nist: NISTFixture = try! readFixture("nist.json")
  static let fits: FitsFixture = try! readFixture("fits.json")
  static let intervals: IntervalsFixture = try! readFixture("fit_intervals.json")
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
