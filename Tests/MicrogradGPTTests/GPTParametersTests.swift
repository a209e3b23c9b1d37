import MicrogradGPT
import MicrogradNN
import XCTest

final class GPTParametersTests: XCTestCase {
  func testTwentySevenTokensNeedTheParametersOfMicrogpt() {
    var random = PythonRandom(seed: 42)
    let parameters = GPTParameters(GPTConfiguration(tokenCount: 27), using: &random)
    XCTAssertEqual(parameters.parameterCount, 4192)
    XCTAssertEqual(parameters.parameters.count, 4192)
    XCTAssertEqual(
      parameters.namedParameters.map(\.shape),
      [[27, 16], [16, 16], [27, 16], [16, 16], [16, 16], [16, 16], [16, 16], [64, 16], [16, 64]])
  }

  func testShuffledDocumentsAndDrawnNumbersAreCPythons() throws {
    let start = try XCTUnwrap(Fixture.rivers.start)
    let training = riverTraining(.scalar)
    XCTAssertEqual(Array(training.documents[..<3]), start.documents)
    XCTAssertEqual(training.tokenizer.decode(Array(0..<training.tokenizer.boundary)), start.characters)
    for (key, expected) in start.firstNumbers {
      let matrix = try training.parameters.matrix(key)
      for (drawn, expected) in zip(matrix.data, expected) { XCTAssertEqual(drawn, expected, accuracy: 1e-16, key) }
    }
    XCTAssertEqual(start.firstNumbers.count, training.parameters.namedParameters.count)
  }
}
