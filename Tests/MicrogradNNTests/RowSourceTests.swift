import Foundation
import Micrograd
import XCTest

@testable import MicrogradNN

/// Rows that exist only when they are asked for: y = sin 3x with two inputs.
private struct ComputedRows: RowSource {
  let count: Int
  let inputCount = 2

  static func row(_ index: Int) -> [Double] { [Double(index % 37) / 37 - 0.5, Double(index % 11) / 11] }

  func rows(at indices: [Int]) throws -> Dataset {
    let inputs = indices.map(Self.row)
    return try Dataset(inputs: inputs, numbers: inputs.map { sin(3 * $0[0]) + $0[1] })
  }
}

final class RowSourceTests: XCTestCase {
  private func train(_ data: any RowSource, _ options: TrainingOptions) throws -> ([Double], TrainingHistory) {
    var random = PythonRandom(seed: 5)
    let model = Sequential(Linear(2, 8, using: &random), Activation.tanh, Linear(8, 1, using: &random))
    var trainer = Trainer(model, Adam(model, learningRate: 0.01), .meanSquared, options, seed: 3)
    let history = try trainer.fit(data, validation: data)
    return (model.namedParameters.flatMap { $0.runs.data }, history)
  }

  func testASourceOfRowsTrainsToTheBitsOfTheSameRowsInMemory() throws {
    let source = ComputedRows(count: 1000)
    let memory = try source.rows(at: Array(0..<1000))
    for block in [nil, 1, 16, 2000] as [Int?] {
      for compiles in [true, false] {
        var options = TrainingOptions()
        (options.epochs, options.shuffleBlock, options.compiles) = (3, block, compiles)
        let (a, b) = (try train(source, options), try train(memory, options))
        XCTAssertEqual(a.0, b.0)
        XCTAssertEqual(a.1.epochs.map(\.loss), b.1.epochs.map(\.loss))
        XCTAssertEqual(a.1.epochs.map(\.validationLoss), b.1.epochs.map(\.validationLoss))
      }
    }
  }

  func testAFailureOfTheSourceEndsTheRun() throws {
    struct Broken: Error {}
    struct BrokenRows: RowSource {
      let count = 100
      let inputCount = 2
      func rows(at indices: [Int]) throws -> Dataset {
        if indices.contains(77) { throw Broken() }
        return try ComputedRows(count: 100).rows(at: indices)
      }
    }
    XCTAssertThrowsError(try train(BrokenRows(), TrainingOptions())) { XCTAssertTrue($0 is Broken) }
  }

  func testEvaluationOfASourceIsThatOfMemoryToRounding() throws {
    let source = ComputedRows(count: 10_000)
    let memory = try source.rows(at: Array(0..<10_000))
    var random = PythonRandom(seed: 5)
    let model = Sequential(Linear(2, 1, using: &random))
    var options = TrainingOptions()
    options.metric = .meanAbsoluteError
    let trainer = Trainer(model, SGD(model, learningRate: 0.01), .meanSquared, options)
    let (a, b) = (try trainer.evaluate(source as any RowSource), try trainer.evaluate(memory))
    XCTAssertEqual(a.loss, b.loss, accuracy: 1e-14)
    XCTAssertEqual(try XCTUnwrap(a.metric), try XCTUnwrap(b.metric), accuracy: 1e-14)
  }

  func testAShuffleByBlocksHasEachRowOnceAndFewPlacesInABatch() throws {
    let data = ComputedRows(count: 10_007)
    for (block, size) in [(1, 1), (10, 32), (100, 1000), (20_000, 7)] {
      var (first, second) = (PythonRandom(seed: 4), PythonRandom(seed: 4))
      let batches = data.batches(of: size, shuffledBy: &first, blocksOf: block)
      XCTAssertEqual(batches, data.batches(of: size, shuffledBy: &second, blocksOf: block))
      XCTAssertNotEqual(batches, data.batches(of: size, shuffledBy: &first, blocksOf: block))
      XCTAssertEqual(batches.flatMap { $0 }.sorted(), Array(0..<10_007))
      XCTAssertNotEqual(batches.flatMap { $0 }, Array(0..<10_007))
      // A batch may touch two groups of 64 blocks.
      for batch in batches.prefix(20) where size <= 64 * block {
        XCTAssertLessThanOrEqual(Set(batch.map { $0 / block }).count, 128)
      }
      // Access out of order gives the same.
      XCTAssertEqual(batches[batches.count - 1], Array(batches.flatMap { $0 }.suffix(batches[batches.count - 1].count)))
    }
  }

  func testAStandardizerOfASourceIsThatOfMemory() throws {
    let source = ComputedRows(count: 9000)
    let memory = try source.rows(at: Array(0..<9000))
    XCTAssertEqual(try Standardizer(fittingRowsOf: source), try Standardizer(fitting: memory))
    guard case .numbers(let targets, _) = memory.targets else { return XCTFail("the targets are numbers") }
    XCTAssertEqual(
      try Standardizer(fittingRowsOf: source, targets: true), try Standardizer(fitting: targets, columns: 1))
    let classes = try Dataset(inputs: [[0], [1]], classes: [0, 1])
    XCTAssertThrowsError(try Standardizer(fittingRowsOf: classes, targets: true)) {
      XCTAssertEqual($0 as? DatasetError, .noTargets)
    }
  }
}
