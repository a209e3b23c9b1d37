import Foundation
import MicrogradGPT
import MicrogradNN
import TestSupport
import XCTest

/// What make_gpt.py wrote.
struct Fixture: Decodable {
  /// The model of the rivers as it is drawn.
  struct Start: Decodable {
    struct Long: Decodable {
      let document: String
      let loss: Double
    }

    /// The first of the shuffled documents.
    let documents: [String]
    let characters: String
    let firstNumbers: [String: [Double]]
    /// Of the first document.
    let loss: Double
    let gradients: [String: [Double]]
    /// Of all three, and the sums over the rows of the matrices.
    let batchLoss: Double
    let batchSums: [String: [Double]]
    /// A document of more characters than the block has room for.
    let long: Long
  }

  struct Training: Decodable {
    let losses: [Double]
    let samples: [String]
  }

  let start: Start?
  /// A document a step, 1000 steps.
  let single: Training
  /// 16 documents a step, the first 60 of 1000 steps.
  let sixteen: Training

  static let rivers: Fixture = try! readFixture("gpt.json")
}

extension GPTParameters {
  /// The matrix that the fixture calls so.
  func matrix(_ key: String) throws -> NamedParameter {
    try XCTUnwrap(namedParameters.first { $0.name == key || $0.name.hasSuffix("_\(key)") }, key)
  }
}

/// A training on the rivers that this project ships.
func riverTraining(_ mode: GPTMode, batchSize: Int = 1) -> GPTTraining {
  var options = GPTTraining.Options()
  options.mode = mode
  options.batchSize = batchSize
  return GPTTraining(documents(in: RiverNames.text), options)
}
