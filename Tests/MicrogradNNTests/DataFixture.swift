import TestSupport

/// What make_data.py wrote.
struct DataFixture: Decodable {
  static let shared: DataFixture = try! readFixture("data.json")

  struct Circles: Decodable {
    let seed: UInt32
    let count: Int
    let noise, factor: Double
    let shuffled: Bool
    let inputs: [[Double]]
    let labels: [Int]
    let nextRandom, nextNormal: Double
  }

  struct Blobs: Decodable {
    let seed: UInt32
    let count, features: Int
    let centers: Int?
    let places: [[Double]]?
    let deviation: Double
    let box: [Double]
    let shuffled: Bool
    let inputs: [[Double]]
    let labels: [Int]
    let nextRandom, nextNormal: Double
  }

  struct Standardized: Decodable {
    let name: String
    let columns: Int
    let numbers, means, deviations, standardized: [Double]
  }

  let circles: [Circles]
  let blobs: [Blobs]
  let standardized: [Standardized]
}
