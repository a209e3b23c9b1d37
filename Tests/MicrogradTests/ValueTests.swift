import Micrograd
import XCTest

final class ValueTests: XCTestCase {
  func testReadmeExpressionGivesMicrogradsNumbers() {
    let a = Value(-4.0)
    let b = Value(2.0)
    var c = a + b
    var d = a * b + b ** 3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    let e = c - d
    let f = e ** 2
    var g = f / 2.0
    g += 10.0 / f
    g.backward()
    // As printed by the README of Karpathy's micrograd.
    XCTAssertEqual(g.data, 24.7041, accuracy: 5e-5)
    XCTAssertEqual(a.grad, 138.8338, accuracy: 5e-5)
    XCTAssertEqual(b.grad, 645.5773, accuracy: 5e-5)
  }
}
