import Micrograd
import XCTest

/// Checks a compiled function against recordings of the same function, sample by sample: values, gradients by inputs, and
/// those that are left in parameters.
///
/// - Parameters:
///   - parameters: Values from outside that the function uses.
///   - accuracy: How far apart numbers may be, absolute or relative, whichever is more.
func assertAgrees(
  _ compiled: CompiledFunction, with f: ([Value]) -> Value, at samples: Samples, parameters: [Value] = [],
  accuracy: Double = 1e-13, file: StaticString = #filePath, line: UInt = #line
) throws {
  func check(_ found: Double, _ expected: Double, _ what: String) {
    if found == expected || found.isNaN && expected.isNaN { return }
    let isClose = abs(found - expected) <= accuracy * max(1, abs(expected))
    XCTAssertTrue(isClose, "\(what): \(found), not \(expected)", file: file, line: line)
  }
  var total = 0.0, ofParameters = parameters.map { _ in 0.0 }
  let (values, gradients) = try compiled.valuesWithGradients(at: samples)
  for (s, sample) in samples.rows.enumerated() {
    for p in parameters { p.grad = 0 }
    Tape.scope {
      let x = sample.map { Value($0) }
      let y = f(x)
      if y.tape != nil { y.backward() }
      check(values[s], y.data, "value of sample \(s)")
      for k in x.indices { check(gradients[s][k], x[k].grad, "gradient \(k) of sample \(s)") }
      total += y.data
    }
    for (k, p) in parameters.enumerated() { ofParameters[k] += p.grad }
  }
  for p in parameters { p.grad = 0 }
  check(try compiled.backward(at: samples, reduction: .sum), total, "sum")
  for (k, p) in parameters.enumerated() { check(p.grad, ofParameters[k], "gradient of parameter \(k)") }
  for p in parameters { p.grad = 0 }
}

/// Samples of one number.
func samples(_ numbers: [Double]) -> Samples { Samples(numbers, width: 1) }

func assertThrows(
  _ expected: CompilationError, _ body: () throws -> Void, file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertThrowsError(try body(), file: file, line: line) {
    XCTAssertEqual($0 as? CompilationError, expected, file: file, line: line)
  }
}

/// An error whose text has all the words.
func assertThrows(
  saying words: String..., file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void
) {
  XCTAssertThrowsError(try body(), file: file, line: line) {
    for word in words where !"\($0)".contains(word) {
      XCTFail("\"\(word)\" is not in: \($0)", file: file, line: line)
    }
  }
}
