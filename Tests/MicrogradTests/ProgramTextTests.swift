import Micrograd
import XCTest

/// What programs say of themselves, counted by hand.
final class ProgramTextTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func lines(_ f: CompiledFunction, _ program: CompiledFunction.Program, path: Int = 0) -> [String] {
    f.text(of: program, path: path).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  func testWhatIsDroppedIsCounted() throws {
    let f = try compile(at: [2, 3]) { x in
      _ = sin(x[0])  // unused
      let two = Value(1) + Value(1)  // three constants
      return x[0] * x[1] + two * (x[0] * x[1])  // the second product equals the first
    }
    let figures = f.figures(of: .values)
    XCTAssertEqual(figures.recordedNodes, 2 + 1 + 3 + 4)
    XCTAssertEqual(figures.unusedNodes, 1)
    XCTAssertEqual(figures.constantNodes, 3)
    XCTAssertEqual(figures.mergedNodes, 1)
    XCTAssertTrue(f.description.contains("10 nodes recorded; dropped: 1 unused, 1 equal to another, 3 constant"))
  }

  func testNamesThatBeginWithAnUnmarkedCAreWhole() throws {
    let x = Matrix([[1, 2]])
    let copy = Matrix(rows: 1, columns: 2, values: [x[0, 1], x[0, 0]])
    XCTAssertEqual(copy[0, 0].operation?.description, "copy")
    XCTAssertEqual(x.crossEntropy(classes: [1])[0, 0].operation?.description, "cross-entropy")
    XCTAssertEqual(cbrt(x[0, 0]).operation?.description, "cbrt")
    XCTAssertEqual((2 / x[0, 0]).operation?.description, "2.0 /")
    XCTAssertEqual(polygamma(2, x[0, 0]).operation?.description, "2.0 polygamma")
  }

  func testOperationsAndBytesOfASumOfProductsAreCounted() throws {
    // Two rows are read twice each way: x0 x1 + 3 x0: two multiplications, one more, two additions.
    let f = try compile(at: [2, 3, 5]) { x in
      let sum = x[0] * x[1] + 3 * x[0]
      return sum + x[2] + 1
    }
    let figures = f.figures(of: .values)
    XCTAssertEqual(figures.instructions, 1)
    XCTAssertEqual(figures.operations, 2 + 3)
    XCTAssertEqual(figures.fusedOperations, 4)
    // Three rows of inputs are written, four are read by the sum, its own is written, and read once more at the end.
    XCTAssertEqual(figures.bytes, 8 * (3 + 4 + 1 + 1))
  }

  func testOperationsAndBytesOfAMatrixAreCounted() throws {
    let w = Parameters((1...8).map(Double.init))
    let f = try compile(at: [1, 2, 3, 4]) { x in
      (0..<2).map { row in dot((0..<4).map { w[4 * row + $0] }, x).relu() }
    }
    let figures = f.figures(of: .values)
    XCTAssertEqual(figures.instructions, 1)
    XCTAssertEqual(figures.operations, 2 * (4 + 3 + 1))
    XCTAssertEqual(figures.bytes, 8 * (4 + 4 + 2 + 2))
    XCTAssertTrue(lines(f, .values).contains("r4 r5 = ReLU(p0…p7 [2×4] · r0…r3)"), f.text(of: .values))
  }

  func testWhatDoesNotDependOnTheSampleIsHoisted() throws {
    let w = Value(2)
    let f = try compile(at: [1]) { x in x[0] * exp(w).squared() }
    XCTAssertEqual(f.figures(of: .values).hoistedValues, 2)
    let lines = lines(f, .values)
    XCTAssertTrue(lines.contains("h0 = exp(p0)"), f.text(of: .values))
    XCTAssertTrue(lines.contains("h1 = h0 * h0"), f.text(of: .values))
    XCTAssertTrue(self.lines(f, .gradientByParameters).contains("h1.grad back to the parameters"))
  }

  func testEachKindOfInstructionIsReadable() throws {
    let w = Value(2)
    let f = try compile(at: [1, 2, 3]) { x in
      let all: [Value] = [
        x[0] / x[1], max(x[0], x[1]), x[0] ** 2.5, 3 / x[1], select(x[0] < x[1], x[2], w), logSumExp(x),
        pick([w, w], at: x[0]), pick(x, at: x[0]), -sin(x[0]),
      ]
      return all.reduce(Value(1)) { $0 * $1 }
    }
    let text = f.text(of: .values)
    for part in [
      "r0…r2 = x[0]…x[2]", " = r0 / r1", " = max(r0, r1)", " = r0 ** 2.5", " = 3 / r1", " = r2 where r0 < r1, else p0",
      " = log sum exp(r0…r2)", " = place r0 in a table of 2", " = p0 p0 at r", " = r0…r2 at r",
      " = sin(r0)", "\n  result = r",
    ] {
      XCTAssertTrue(text.contains(part), "\(part) is not in\n\(text)")
    }
    let back = f.text(of: .gradientByInputs)
    for part in ["d(x / y)/dx at y = r1", "d(sin(x))/dx at x = r0", " where r0 < r1, else 0", "x[0]…x[2].grad = "] {
      XCTAssertTrue(back.contains(part), "\(part) is not in\n\(back)")
    }
  }

  func testPathsAreDescribedByTheirComparisons() throws {
    let f = try compile(at: [1]) { x in x[0] > 0 ? 2 * x[0] : 3 * x[0] }
    _ = try f.values(at: Samples([[1], [-1]]))
    XCTAssertEqual(f.pathCount, 2)
    let text = f.description
    XCTAssertTrue(text.hasPrefix("compiled function of 1 input: 1 result, 2 paths\npath 0: "), text)
    for (k, holds) in [(0, "true"), (1, "false")] {
      // Debug builds say where.
      let lines = lines(f, .values, path: k)
      XCTAssertTrue(lines.contains { $0.hasPrefix("where x[0] > 0.0") && $0.hasSuffix(" is \(holds)") }, lines[1])
    }
    XCTAssertTrue(f.text(of: .comparisons).contains("as recorded only where r0 > 0"))
    XCTAssertTrue(f.text(of: .comparisons, path: 1).contains("as recorded only where r0 > 0 is false"))
  }

  func testLongListsAreCut() throws {
    let f = try compile(at: [Double](repeating: 1, count: 40)) { x in
      let scattered = stride(from: 0, to: 40, by: 2).map { exp(x[$0] * x[$0]) }
      return sum(scattered) + dot(x, x)
    }
    for program in [CompiledFunction.Program.values, .gradientByInputs] {
      for line in lines(f, program) { XCTAssertLessThan(line.count, 200, line) }
    }
  }

  func testAGraphHasTheEdgesOfItsInstructions() throws {
    let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
    let graph = f.graph(of: .values)
    XCTAssertEqual(graph.nodes.map(\.text), ["x[0]", "x[1]", "-·", "exp(·)", "· + · * ·", "result"])
    XCTAssertEqual(graph.nodes.map(\.kind), [.input, .input, .instruction, .instruction, .instruction, .result])
    let edges = graph.edges.map { [$0.from, $0.to, $0.count] }
    XCTAssertEqual(Set(edges), [[0, 2, 1], [2, 3, 1], [0, 4, 1], [1, 4, 1], [3, 4, 1], [4, 5, 1]])
  }

  func testNodesOfAGraphFollowThoseTheyReadFrom() throws {
    let w = Parameters([1, 2, 3, 4])
    let f = try compile(at: [1, 2]) { x in
      let y = [dot([w[0], w[1]], x), dot([w[2], w[3]], x)]
      return y[0].relu() * exp(y[1]) + w[0].squared() * y[0]
    }
    let graph = f.graph(of: .gradientByParameters)
    for edge in graph.edges {
      XCTAssertLessThan(edge.from, edge.to)
      XCTAssertGreaterThan(edge.count, 0)
    }
    XCTAssertEqual(graph.edges.count, Set(graph.edges.map { [$0.from, $0.to] }).count)
    for text in ["x[0]", "x[1]", "p0…p3", "p0…p3.grad", "total"] {
      XCTAssertTrue(graph.nodes.contains { $0.text == text }, text)
    }
    XCTAssertTrue(graph.nodes.contains { $0.kind == .hoisted })
  }
}
