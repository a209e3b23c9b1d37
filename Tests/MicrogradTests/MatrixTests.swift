import Micrograd
import XCTest

/// A matrix computes what its Values would, one by one, and its gradients are theirs.
final class MatrixTests: XCTestCase {
  private let numbers = [0.5, -1.25, 2, 0.75, -0.125, 3]
  private let upstream = [1, -0.5, 0.25, 2, 0, -3]

  /// Compares value and gradient of every element with those of the function of a Value.
  private func check(
    _ name: String, positive: Bool = false, _ block: (Matrix) -> Matrix, _ scalar: (Value) -> Value
  ) {
    Tape.scope {
      let data = positive ? numbers.map(abs) : numbers
      let x = Matrix(rows: 2, columns: 3, data), leaves = data.map { Value($0) }
      let y = block(x), expected = leaves.map(scalar)
      dot(y, .constant(rows: 2, columns: 3, upstream)).backward()
      dot(expected, upstream).backward()
      XCTAssertEqual(y.data, expected.map(\.data), name)
      for (a, b) in zip(x.gradients, leaves.map(\.grad)) { XCTAssertEqual(a, b, accuracy: 1e-15, name) }
      XCTAssertEqual(y[1, 1].operation, expected[4].operation, name)
      XCTAssertEqual(block(x.detached).data, y.data, "\(name) of plain numbers")
      XCTAssertTrue(withoutGradients { block(x) }.isConstant, name)
    }
  }

  func testFunctionsOfElementsAreThoseOfValues() {
    check("relu", { $0.relu() }, { $0.relu() })
    check("leakyReLU", { $0.leakyReLU(slope: 0.2) }, { $0.leakyReLU(slope: 0.2) })
    check("elu", { $0.elu(scale: 1.5) }, { $0.elu(scale: 1.5) })
    check("gelu", { $0.gelu() }, { $0.gelu() })
    check("geluTanh", { $0.geluTanh() }, { $0.geluTanh() })
    check("silu", { $0.silu() }, { $0.silu() })
    check("softplus", { $0.softplus() }, { $0.softplus() })
    check("sigmoid", { $0.sigmoid() }, { $0.sigmoid() })
    check("tanh", { $0.tanh() }, { $0.tanh() })
    check("exp", { $0.exp() }, { $0.exp() })
    check("log", positive: true, { $0.log() }, { $0.log() })
    check("sqrt", positive: true, { $0.sqrt() }, { $0.sqrt() })
    check("magnitude", { $0.magnitude() }, { abs($0) })
    check("squared", { $0.squared() }, { $0.squared() })
    check("negate", { -$0 }, { -$0 })
    check("plus", { $0 + 2.5 }, { $0 + 2.5 })
    check("minus", { $0 - 2.5 }, { $0 + -2.5 })
    check("times", { $0 * 2.5 }, { $0 * 2.5 })
    check("times", { 2.5 * $0 }, { $0 * 2.5 })
    check("by", { $0 / 2.5 }, { $0 / 2.5 })
    check("plus", { 2.5 + $0 }, { $0 + 2.5 })
    check("under", { 2.5 / $0 }, { 2.5 / $0 })
    check("from", { 2.5 - $0 }, { 2.5 - $0 })
  }

  func testOperatorsOfTwoMatricesAreThoseOfValues() {
    let other = [1.5, 2, -0.5, 0.25, 4, -2]
    let operators: [(String, (Matrix, Matrix) -> Matrix, (Value, Value) -> Value)] = [
      ("+", { $0 + $1 }, { $0 + $1 }), ("-", { $0 - $1 }, { $0 - $1 }), ("*", { $0 * $1 }, { $0 * $1 }),
      ("/", { $0 / $1 }, { $0 / $1 }),
    ]
    for (name, block, scalar) in operators {
      for broadcast in [false, true] {
        Tape.scope {
          let count = broadcast ? 3 : 6
          let x = Matrix(rows: 2, columns: 3, numbers)
          let y = Matrix(rows: count / 3, columns: 3, Array(other.prefix(count)))
          let a = numbers.map { Value($0) }, b = other.prefix(count).map { Value($0) }
          let z = block(x, y), expected = a.indices.map { scalar(a[$0], b[$0 % count]) }
          dot(z, .constant(rows: 2, columns: 3, upstream)).backward()
          dot(expected, upstream).backward()
          XCTAssertEqual(z.data, expected.map(\.data), name)
          XCTAssertEqual(x.gradients, a.map(\.grad), name)
          XCTAssertEqual(y.gradients, b.map(\.grad), name)
          XCTAssertEqual(block(x.detached, y.detached).data, z.data, name)
          XCTAssertEqual(block(x.detached, y).data, z.data, name)
        }
      }
    }
  }

  func testAMatrixWithItself() {
    let x = Matrix([[3, -2]])
    (x * x).sum().backward()
    XCTAssertEqual(x.gradients, [6, -4])
    let ofFunction = gradient(at: [3, -2]) { values in
      let x = Matrix(rows: 2, columns: 1, values: values)
      return dot(x, x)
    }
    XCTAssertEqual(ofFunction, [6, -4])
  }

  func testSumsAndMeans() {
    let x = Matrix(rows: 2, columns: 3, numbers)
    XCTAssertEqual(x.sum().data, numbers.reduce(0, +), accuracy: 1e-15)
    x.mean().backward()
    for gradient in x.gradients { XCTAssertEqual(gradient, 1.0 / 6, accuracy: 1e-16) }
    XCTAssertEqual(x.rowSums().data, [1.25, 3.625])
    XCTAssertEqual(x.detached.mean().data, x.mean().data, accuracy: 1e-15)
  }

  func testElementsRowsAndShapesAreTheSameNodes() {
    let x = Matrix([[1, 2], [3, 4], [5, 6]])
    XCTAssertEqual(x[2, 0].index, x.row(2)[0].index)
    XCTAssertEqual(x.rows(1..<3).data, [3, 4, 5, 6])
    XCTAssertEqual(x.reshaped(rows: 2, columns: 3)[1, 0].index, x[1, 1].index)
    XCTAssertEqual(x.flattened.map(\.data), [1, 2, 3, 4, 5, 6])
    let y = x.rows(1..<2).squared()
    y[0, 1].backward()
    XCTAssertEqual(x.gradients, [0, 0, 0, 8, 0, 0])
    XCTAssertEqual(x.detached.row(1).data, [3, 4])
  }

  func testValuesFromAnywhereMakeAMatrix() {
    let a = Value(2.0), b = Value(3.0)
    let x = Matrix(rows: 2, columns: 2, values: [a * b, a, b, a])
    dot(x, .constant([[1, 10], [100, 1000]])).backward()
    XCTAssertEqual([a.grad, b.grad], [3 + 10 + 1000, 2 + 100])
    let run = Vector(values: [a, b])
    XCTAssertEqual(run[1].index, b.index, "consecutive nodes are not copied")
    XCTAssertTrue(Vector(values: [.constant(1), .constant(2)]).isConstant)
  }

  func testConstantsAmongValuesBecomeLeavesInTheirPlaces() {
    Tape.scope {
      let a = Value(2)
      let x = Matrix(rows: 2, columns: 2, values: [.constant(5), a, .constant(7), a.detached])
      XCTAssertEqual(x.data, [5, 2, 7, 2])
      x.squared().sum().backward()
      XCTAssertEqual(x.gradients, [10, 4, 14, 4])
      XCTAssertEqual(a.grad, 4)
      let run = Vector(values: [a.squared(), .constant(3), .constant(4)])
      XCTAssertEqual(run.data, [4, 3, 4])
      run.sum().backward()
      XCTAssertEqual(a.grad, 8)
    }
  }

  func testParametersOfTwoBlocksSideBySideAreCopied() {
    let tape = Tape()
    tape.scope {
      let late = Parameters([1, 2]), early = Parameters([3, 4])
      let x = Vector(values: Array(early) + Array(late))
      XCTAssertEqual(x.map(\.data), [3, 4, 1, 2])
      dot(x, x).backward()
      XCTAssertEqual(early.gradients + late.gradients, [6, 8, 2, 4])
      XCTAssertEqual(Vector(values: Array(early)).map(\.index), [-4, -3], "those of one block are not")
    }
  }

  func testParametersAndRecordedNodesSideBySideAreCopied() {
    let tape = Tape()
    tape.scope {
      let weights = Parameters([1, 2]), x = Value(3)
      XCTAssertEqual([weights[1].index, x.index], [-1, 0])
      let y = Vector(values: [weights[0], weights[1], x])
      dot(y, y).backward()
      XCTAssertEqual(weights.gradients + [x.grad], [2, 4, 6])
    }
  }

  func testValuesOfTwoScopesAreCopied() {
    Tape.scope {
      let outer = Value(3)
      let gradient = gradient(at: [5, 7]) { x in
        let both = Vector(values: [outer] + x)
        XCTAssertEqual(both.map(\.data), [3, 5, 7])
        return dot(both, both)
      }
      XCTAssertEqual(gradient, [10, 14])
      XCTAssertEqual(outer.grad, 0)
    }
  }

  func testAMatrixFromOutsideIsAConstantOfAFunction() {
    Tape.scope {
      let w = Matrix([[1, 2], [3, 4]])
      w.sum().backward()
      let gradient = gradient(at: [5, 7]) { x in
        let y = Matrix(rows: 1, columns: 2, values: x).affine(weights: w, bias: w.row(1))
        return (y * y).sum()
      }
      XCTAssertEqual(gradient, [326, 464])  // twice [22, 47] · w
      XCTAssertEqual(w.gradients, [1, 1, 1, 1])
    }
  }

  func testOnATapeOfOnesOwnUnderWithoutGradientsAndBack() {
    let tape = Tape()
    tape.scope {
      let x = Matrix([[1, 2]])
      let plain = withoutGradients { (x + 1) * Matrix([[3, 4]]) }
      XCTAssertTrue(plain.isConstant)
      XCTAssertEqual(plain.data, [6, 12])
      (x * plain).sum().backward()
      XCTAssertEqual(x.gradients, [6, 12])
      XCTAssertEqual(x.sum().tape, tape)
    }
    XCTAssertEqual(tape.nodeCount, 0)
  }

  func testViewsOfViewsAreTheSameNodes() {
    let x = Matrix([[1, 2], [3, 4], [5, 6], [7, 8]])
    for x in [x, x.detached] {
      let view = x.rows(1..<4).reshaped(rows: 2, columns: 3)
      XCTAssertEqual(view.data, [3, 4, 5, 6, 7, 8])
      XCTAssertEqual(view.row(1).data, [6, 7, 8])
      XCTAssertEqual(view.rows(1..<2).flattened[2].data, 8)
    }
    let view = x.rows(1..<4).reshaped(rows: 2, columns: 3).rows(1..<2)
    view.squared().sum().backward()
    XCTAssertEqual(x.gradients, [0, 0, 0, 0, 0, 12, 14, 16])
    view.data = [0, 0, 0]
    XCTAssertEqual(x.data, [1, 2, 3, 4, 5, 0, 0, 0])
  }

  func testGatheringRowsAddsUpTheGradientsOfEach() {
    let table = Parameters([1, 2, 3, 4, 5, 6])
    let x = table.matrix(rows: 3, columns: 2).gathering(rows: [2, 0, 2])
    XCTAssertEqual(x.data, [5, 6, 1, 2, 5, 6])
    dot(x, .constant(rows: 3, columns: 2, [1, 2, 3, 4, 5, 6])).backward()
    XCTAssertEqual(table.gradients, [3, 4, 0, 0, 6, 8])
  }

  func testParametersCanBeReadUntilAScopeEndsOrOthersAreMade() {
    func scale() -> Value { Parameters([3])[0] }
    let weight = scale()
    let y = weight * 2
    y.backward()
    XCTAssertEqual([y.data, weight.data, weight.grad], [6, 3, 2])
  }

  func testMatricesAndRunsKeepTheirParametersAlive() {
    let matrix = Parameters([1, 2, 3, 4]).matrix(rows: 2, columns: 2)
    let vector = Vector(Parameters([5, 6])), row = matrix.row(1)
    let runs = ParameterRuns(joining: [ParameterRuns(Parameters([7, 8]), 0..<2)])
    XCTAssertEqual(matrix.squared().data, [1, 4, 9, 16])
    XCTAssertEqual([vector.data, row.data, runs.data], [[5, 6], [3, 4], [7, 8]])
    XCTAssertEqual(runs.squaredNorm().data, 113)
  }

  func testAffineIsTheProductWithTheTransposePlusTheBias() {
    let w = Matrix([[1, 2], [3, 4], [5, 6]]), b = Vector([10, 20, 30]), x = Matrix([[1, -1], [0.5, 2]])
    let y = x.affine(weights: w, bias: b)
    XCTAssertEqual(y.data, [9, 19, 29, 14.5, 29.5, 44.5])
    y.sum().backward()
    XCTAssertEqual(x.gradients, [9, 12, 9, 12])
    XCTAssertEqual(w.gradients, [1.5, 1, 1.5, 1, 1.5, 1])
    XCTAssertEqual(b.gradients, [2, 2, 2])
    XCTAssertEqual(x.affine(weights: w).data, [-1, -1, -1, 4.5, 9.5, 14.5])
    XCTAssertEqual(x.detached.affine(weights: w.detached, bias: .constant([10, 20, 30])).data, y.data)
  }

  func testADrawnGraphSeesThroughBlocks() {
    let x = Matrix([[1, 2]])
    let graph = Graph(of: (x.squared() + 1).sum())
    XCTAssertEqual(graph.nodes.compactMap(\.operation), ["** 2", "** 2", "+ 1.0", "+ 1.0", "sum"])
    XCTAssertEqual(graph.nodes.map(\.data), [1, 2, 1, 4, 2, 5, 7])
  }

  func testRecomputingGoesThroughBlocks() {
    Tape.scope {
      let x = Matrix([[1, 2]])
      let y = x.squared().sum()
      x.data = [3, 4]
      Tape.current.recompute()
      XCTAssertEqual(y.data, 25)
    }
  }

  func testANodeInABlockCostsSixteenBytesAndNothingAMultiplication() {
    Tape.scope {
      let w = Parameters(Array(repeating: 0.1, count: 64 * 64))
      let x = Matrix.constant(rows: 100, columns: 64, Array(repeating: 1, count: 6400))
      _ = x.affine(weights: w.matrix(rows: 64, columns: 64))
      let before = Tape.current.usedBytes
      _ = x.affine(weights: w.matrix(rows: 64, columns: 64))
      XCTAssertLessThan(Tape.current.usedBytes - before, 16 * (6400 + 6400) + 400)
    }
  }
}
