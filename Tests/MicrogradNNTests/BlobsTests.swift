import MicrogradNN
import XCTest

final class BlobsTests: XCTestCase {
  private func blobs(of record: DataFixture.Blobs, using random: inout NumPyRandom) -> LabeledPoints {
    if let places = record.places {
      return makeBlobs(
        count: record.count, centers: places, clusterStandardDeviation: record.deviation,
        shuffled: record.shuffled, using: &random)
    }
    return makeBlobs(
      count: record.count, centers: record.centers!, features: record.features,
      clusterStandardDeviation: record.deviation, centerBox: record.box[0]...record.box[1],
      shuffled: record.shuffled, using: &random)
  }

  func testPointsAndWhatIsDrawnNextEqualScikitLearn() {
    for record in DataFixture.shared.blobs {
      var random = NumPyRandom(seed: record.seed)
      let blobs = blobs(of: record, using: &random)
      let message = "seed \(record.seed), \(record.count) points"
      XCTAssertEqual(blobs.labels, record.labels, message)
      assertSame(blobs.inputs.flatMap { $0 }, record.inputs.flatMap { $0 }, message)
      XCTAssertEqual(random.random(), record.nextRandom, message)
      assertSame([random.normal()], [record.nextNormal], message)
    }
  }

  func testFirstBlobsGetTheRemainder() {
    var random = NumPyRandom(seed: 0)
    let blobs = makeBlobs(count: 8, centers: 3, shuffled: false, using: &random)
    XCTAssertEqual(blobs.labels, [0, 0, 0, 1, 1, 1, 2, 2])
  }

  func testWithoutDeviationPointsAreTheirCenters() {
    var random = NumPyRandom(seed: 0)
    let centers = [[1.0, 2, 3], [-4, 5, -6]]
    let blobs = makeBlobs(count: 20, centers: centers, clusterStandardDeviation: 0, using: &random)
    XCTAssertEqual(blobs.inputs, blobs.labels.map { centers[$0] })
  }

  func testDocumentationExamples() {
    var random = NumPyRandom(seed: 0)
    let blobs = makeBlobs(count: 10, centers: 3, using: &random)
    XCTAssertEqual(blobs.inputs[0][0], 1.120, accuracy: 0.001)
    XCTAssertEqual(blobs.inputs[0][1], 5.758, accuracy: 0.001)
    XCTAssertEqual(blobs.labels, [0, 0, 1, 0, 2, 2, 2, 1, 1, 0])

    random = NumPyRandom(seed: 0)
    let pair = makeBlobs(count: 2, centers: [[-5, 0], [5, 0]], shuffled: false, using: &random)
    for (a, e) in zip(pair.inputs.flatMap { $0 }, [-3.235, 0.400, 5.978, 2.240]) {
      XCTAssertEqual(a, e, accuracy: 0.001)
    }
    XCTAssertEqual(pair.labels, [0, 1])
  }
}
