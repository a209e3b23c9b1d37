import Foundation
import Micrograd
import TestSupport
import XCTest

/// The second derivatives that HowItWorks.md computes by hand, against sweeps that are recorded, which know of no tangents.
final class WorkedExampleTests: ExampleTests {
  func testTheProductWithTheHessian() {
    check {
      hessianVectorProduct(at: [2, 3], along: [1, 0]) { x in x[0] * x[1] * sin(x[0]) }  // [-7.9527, 0.0770]
    }
  }

  func testEveryNumberOfTheTable() throws {
    let rows = try Documented.text("Sources/Micrograd/Micrograd.docc/HowItWorks.md").components(separatedBy: "\n")
      .drop { !$0.hasPrefix("| node | value") }.dropFirst(2).prefix { $0.hasPrefix("| ") }
      .map { $0.dropFirst(2).dropLast(2).components(separatedBy: " | ") }
    XCTAssertEqual(rows.map { $0[0].prefix(1) }, ["x", "y", "a", "s", "f"])

    let x = Value(2), y = Value(3)
    let a = x * y, s = sin(x), f = a * s
    let nodes = [x, y, a, s, f]
    let tangents = jacobianVectorProduct(at: [2, 3], along: [1, 0]) { p in
      let a = p[0] * p[1], s = sin(p[0])
      return [p[0], p[1], a, s, a * s]
    }
    let adjoints = f.backward(creatingGraph: true)
    for (k, node) in nodes.enumerated() {
      let adjoint = adjoints[node]
      x.grad = 0
      if !adjoint.isConstant { adjoint.backward() }
      for (cell, number) in zip(rows[k].dropFirst(), [node.data, tangents[k], adjoint.data, x.grad]) {
        let shown = try XCTUnwrap(cell.split(separator: " ").last.flatMap { Double($0) }, cell)
        XCTAssertEqual(shown, number, accuracy: 5.1e-5, "\(rows[k][0]): \(cell)")
      }
    }
  }
}
