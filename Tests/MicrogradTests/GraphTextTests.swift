import Micrograd
import XCTest

final class GraphTextTests: XCTestCase {
  func testTheTreeOfTheLecture() {
    Tape.scope {
      let a = Value(2), b = Value(-3), c = Value(10), f = Value(-2)
      let e = a * b, d = e + c, loss = d * f
      loss.backward()
      let graph = Graph(of: loss, labels: ["a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "L": loss])
      XCTAssertEqual(
        "\(graph)",
        """
        L  *        data -8.0  grad  1.0
        ├─ d  +     data  4.0  grad -2.0
        │  ├─ e  *  data -6.0  grad -2.0
        │  │  ├─ a  data  2.0  grad  6.0
        │  │  └─ b  data -3.0  grad -4.0
        │  └─ c     data 10.0  grad -2.0
        └─ f        data -2.0  grad  4.0
        """)
      XCTAssertEqual(graph.text, graph.description)
    }
  }

  func testASharedNodeIsDrawnOnceAndNamedAgain() {
    Tape.scope {
      let x = Value(3), y = exp(x)
      XCTAssertEqual(
        Graph(of: y * y + x, labels: ["x": x, "y": y]).text,
        """
        #3  +         data 406.4288  grad 0.0
        ├─ #2  *      data 403.4288  grad 0.0
        │  ├─ y  exp  data  20.0855  grad 0.0
        │  │  └─ x    data      3.0  grad 0.0
        │  └─ ↑ y
        └─ ↑ x
        """)
    }
  }

  func testOneNodeAndNone() {
    XCTAssertEqual(Graph(nodes: []).text, "(an empty graph)")
    Tape.scope { XCTAssertEqual(Graph(of: Value(0.5)).text, "#0  data 0.5  grad 0.0") }
    XCTAssertEqual(Graph(of: .constant(.nan)).text, "#0  data nan  grad 0.0")
  }

  func testDeepGraphsAreFoldedWithoutRecursion() {
    Tape.scope {
      var y = Value(1)
      for _ in 0..<100_000 { y = -y }
      let text = Graph(of: y).text
      XCTAssertTrue(
        text.hasSuffix("└─ … 1 more\n60 of 100001 nodes, those nearest to the root"), String(text.suffix(200)))
    }
  }

  func testWideGraphsAreFolded() {
    Tape.scope {
      let lines = Graph(of: sum((0..<1000).map { Value($0) })).text.split(separator: "\n")
      XCTAssertEqual(lines.count, 302)
      XCTAssertEqual(lines[300], "└─ … 701 more")
      XCTAssertEqual(lines[301], "300 of 1001 nodes, those nearest to the root")
    }
  }

  func testLinesStayLinesWhateverTheLabel() {
    let label = "a\nb\u{7}" + String(repeating: "c", count: 100)
    let text = Graph(nodes: [.init(operation: nil, label: label, data: 1, grad: 0, operands: [])]).text
    XCTAssertEqual(text, "a b ccccccccccccccccccccccccccc…  data 1.0  grad 0.0")
  }

  func testOperandsThatCannotBeAreSaidToBeLeftOut() {
    let graph = Graph(nodes: [
      .init(operation: "+", data: 1, grad: 0, operands: [0, 1]),
      .init(operation: "-", data: 1, grad: 0, operands: [0, 7]),
    ])
    XCTAssertEqual(
      graph.text,
      """
      #1  -     data 1.0  grad 0.0
      ├─ #0  +  data 1.0  grad 0.0
      │  └─ (left out: 2 not before it)
      └─ (left out: 1 not before it)
      """)
  }
}
