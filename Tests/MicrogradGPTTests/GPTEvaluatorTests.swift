import Micrograd
import MicrogradGPT
import XCTest

/// Each mode against PyTorch, in 64-bit floating point, on the model as it is drawn.
final class GPTEvaluatorTests: XCTestCase {
  private func forEachMode(
    _ check: (GPTTraining, any GPTEvaluator, Fixture.Start, String) throws -> Void
  ) throws {
    let start = try XCTUnwrap(Fixture.rivers.start)
    for mode in GPTMode.allCases {
      let training = riverTraining(mode)
      try check(training, mode.evaluator(training.parameters), start, mode.rawValue)
    }
  }

  func testLossAndGradientsOfADocumentAreThoseOfPyTorch() throws {
    try forEachMode { training, evaluator, start, mode in
      let loss = evaluator.addGradients(of: [training.tokenizer.encode(start.documents[0])])
      XCTAssertEqual(loss, start.loss, accuracy: 1e-13, mode)
      for (key, expected) in start.gradients {
        let matrix = try training.parameters.matrix(key)
        XCTAssertEqual(matrix.gradients.count, expected.count, key)
        let differences = zip(matrix.gradients, expected).map { abs($0 - $1) }
        XCTAssertLessThan(try XCTUnwrap(differences.max()), 1e-13, "\(mode) \(key)")
      }
    }
  }

  func testTheLossOfABatchIsTheMeanOfItsDocuments() throws {
    try forEachMode { training, evaluator, start, mode in
      let loss = evaluator.addGradients(of: start.documents.map(training.tokenizer.encode))
      XCTAssertEqual(loss, start.batchLoss, accuracy: 1e-13, mode)
      for (key, expected) in start.batchSums {
        let matrix = try training.parameters.matrix(key)
        let columns = expected.count
        for (column, expected) in expected.enumerated() {
          let sum = stride(from: column, to: matrix.count, by: columns).reduce(0) { $0 + matrix.gradients[$1] }
          XCTAssertEqual(sum, expected, accuracy: 1e-13, "\(mode) \(key)")
        }
      }
    }
  }

  func testALongDocumentIsCutAtTheBlock() throws {
    try forEachMode { training, evaluator, start, mode in
      Tape.scope {
        XCTAssertGreaterThan(start.long.document.count, 16)
        let loss = evaluator.loss(of: training.tokenizer.encode(start.long.document))
        XCTAssertEqual(loss.data, start.long.loss, accuracy: 1e-13, mode)
      }
    }
  }

  func testGradientsAddUp() throws {
    try forEachMode { training, evaluator, start, mode in
      let tokens = training.tokenizer.encode(start.documents[0])
      for _ in 0..<2 { _ = evaluator.addGradients(of: [tokens]) }
      let head = try training.parameters.matrix("lm_head")
      let expected = try XCTUnwrap(start.gradients["lm_head"])
      for (sum, once) in zip(head.gradients, expected) { XCTAssertEqual(sum, 2 * once, accuracy: 1e-13, mode) }
    }
  }

  func testDocumentsSideBySideInFloatAreThoseOfPyTorchToSixDigits() throws {
    let start = try XCTUnwrap(Fixture.rivers.start)
    let training = riverTraining(.compiled)
    let evaluator = GPTMode.compiled.evaluator(training.parameters, precision: .float)
    let loss = evaluator.addGradients(of: start.documents.map(training.tokenizer.encode))
    XCTAssertEqual(loss, start.batchLoss, accuracy: 1e-6)
    XCTAssertNotEqual(loss, start.batchLoss, accuracy: 1e-13)
    for (key, expected) in start.batchSums {
      let matrix = try training.parameters.matrix(key)
      let columns = expected.count
      for (column, expected) in expected.enumerated() {
        let sum = stride(from: column, to: matrix.count, by: columns).reduce(0) { $0 + matrix.gradients[$1] }
        XCTAssertEqual(sum, expected, accuracy: 1e-6, key)
      }
    }
  }

  /// For the one position of an empty document, counted by hand.
  func testScalarRecordsANodeForEveryOperation() {
    let training = riverTraining(.scalar)
    let evaluator = ScalarGPT(training.parameters)
    func linear(_ outputs: Int, _ inputs: Int) -> Int { outputs * (inputs + inputs - 1) }
    let tokens = training.tokenizer.count
    let norm = 16 + 15 + 3 + 16
    let attention = 4 * linear(16, 16) + 4 * ((4 + 3 + 1) + 3 + 4)
    let layers = linear(64, 16) + 64 + linear(16, 64) + linear(tokens, 16)
    let softmax = tokens + tokens + (tokens - 1) + tokens
    let expected = 16 + 3 * norm + attention + 16 + layers + 16 + softmax + 3
    Tape.scope {
      let before = Tape.current.nodeCount
      _ = evaluator.loss(of: training.tokenizer.encode(""))
      XCTAssertEqual(Tape.current.nodeCount - before, expected)
    }
  }
}
