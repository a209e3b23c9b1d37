import MicrogradDynamics
import XCTest

/// A rooted tree: the list of its branches.
private struct Tree: Hashable {
  let branches: [Tree]

  var size: Int { branches.reduce(1) { $0 + $1.size } }
  /// The density γ of Butcher.
  var density: Double { branches.reduce(Double(size)) { $0 * $1.density } }

  /// All trees of one size, up to 9.
  static func all(_ size: Int) -> Set<Tree> { bySize[size - 1] }

  private static let bySize: [Set<Tree>] = {
    var found: [Set<Tree>] = []
    func forests(_ size: Int) -> [[Tree]] {
      if size == 0 { return [[]] }
      var forestsOfSize: [[Tree]] = []
      for first in 1...size {
        let others = forests(size - first)
        for tree in found[first - 1] { forestsOfSize += others.map { [tree] + $0 } }
      }
      return forestsOfSize
    }
    for size in 1...9 {
      found.append(Set(forests(size - 1).map { Tree(branches: $0.sorted { $0.text < $1.text }) }))
    }
    return found
  }()

  private var text: String { "(" + branches.map(\.text).joined() + ")" }
}

final class TableauTests: XCTestCase {
  /// The elementary weights of the stages: products of sums over the branches of a tree.
  private func stageWeights(_ tree: Tree, _ matrix: [[Double]]) -> [Double] {
    tree.branches.reduce([Double](repeating: 1, count: matrix.count)) { product, branch in
      let below = stageWeights(branch, matrix)
      return product.indices.map { i in product[i] * matrix[i].indices.reduce(0) { $0 + matrix[i][$1] * below[$1] } }
    }
  }

  /// The largest violation of an order condition for trees of one size.
  private func violation(_ weights: [Double], _ matrix: [[Double]], size: Int, fraction: Double = 1) -> Double {
    Tree.all(size).map { tree in
      let sum = zip(weights, stageWeights(tree, matrix)).reduce(0) { $0 + $1.0 * $1.1 }
      return abs(sum - (0..<size).reduce(1) { product, _ in product * fraction } / tree.density)
    }.max() ?? .nan
  }

  func testThereAreAsManyTreesAsOrderConditions() {
    XCTAssertEqual((1...9).map { Tree.all($0).count }, [1, 1, 2, 4, 9, 20, 48, 115, 286])
  }

  func testRungeKuttaMethodsHaveTheirOrders() {
    for tableau in [RungeKuttaTableau.dormandPrince5, .tsitouras5, .rungeKutta4, .dormandPrince8] {
      let sums = tableau.coefficients.map { $0.reduce(0, +) }
      for (sum, node) in zip(sums, tableau.nodes) { XCTAssertEqual(sum, node, accuracy: 1e-14, tableau.name) }
      for size in 1...tableau.order {
        XCTAssertLessThan(violation(tableau.weights, tableau.coefficients, size: size), 1e-13, tableau.name)
      }
      XCTAssertGreaterThan(
        violation(tableau.weights, tableau.coefficients, size: tableau.order + 1), tableau.order < 8 ? 1e-5 : 1e-7)
      XCTAssertTrue(tableau.isFirstSameAsLast, tableau.name)
    }
  }

  func testEmbeddedMethodsHaveOrderFour() throws {
    for tableau in [RungeKuttaTableau.dormandPrince5, .tsitouras5] {
      let embedded = zip(tableau.weights, tableau.errorWeights).map(-)
      let order = try XCTUnwrap(tableau.embeddedOrder)
      for size in 1...order {
        XCTAssertLessThan(violation(embedded, tableau.coefficients, size: size), 1e-13, tableau.name)
      }
      XCTAssertGreaterThan(violation(embedded, tableau.coefficients, size: order + 1), 1e-5, tableau.name)
    }
  }

  func testBothEstimatesOfTheMethodOfOrderEightHaveTheirOrders() {
    let tableau = RungeKuttaTableau.dormandPrince8
    for (errors, order) in [(tableau.errorWeights, 5), (tableau.coarseErrorWeights, 3)] {
      let embedded = zip(tableau.weights, errors).map(-)
      for size in 1...order { XCTAssertLessThan(violation(embedded, tableau.coefficients, size: size), 1e-13) }
      XCTAssertGreaterThan(violation(embedded, tableau.coefficients, size: order + 1), 1e-5)
    }
  }

  func testContinuousSolutionsHaveTheirOrders() {
    for (tableau, order) in [
      (RungeKuttaTableau.dormandPrince5, 4), (.tsitouras5, 4), (.rungeKutta4, 3), (.dormandPrince8, 7),
    ] {
      for fraction in [0.1, 0.37, 0.5, 0.81, 1] {
        let weights = tableau.interpolant.map { row in row.reversed().reduce(0) { ($0 + $1) * fraction } }
        for size in 1...order {
          XCTAssertLessThan(
            violation(weights, tableau.coefficients, size: size, fraction: fraction), 1e-13, tableau.name)
        }
      }
    }
  }

  /// The conditions of Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.7, Table 7.1: with the matrix
  /// β = α + Γ at vertices with one branch, and α at the others.
  private func rosenbrockViolation(
    _ tableau: RosenbrockTableau, _ weights: [Double], size: Int, fraction: Double = 1
  ) -> Double {
    let count = tableau.stageCount
    // In the coefficients of the book: Γ⁻¹ = 1 / γ - couplings, α = coefficients · Γ, b = weights · Γ.
    var gamma = (0..<count).map { i in (0..<count).map { $0 == i ? tableau.gamma : 0.0 } }
    for i in 0..<count {
      for j in 0..<i {
        gamma[i][j] = tableau.gamma * (j..<i).reduce(0) { $0 + tableau.couplings[i][$1] * gamma[$1][j] }
      }
    }
    func times(_ row: [Double]) -> [Double] {
      (0..<count).map { j in row.indices.reduce(0) { $0 + row[$1] * gamma[$1][j] } }
    }
    let alpha = tableau.coefficients.map(times), b = times(weights)
    let beta = zip(alpha, gamma).map { zip($0, $1).map(+) }
    func stage(_ tree: Tree) -> [Double] {
      tree.branches.reduce([Double](repeating: 1, count: count)) { product, branch in
        let below = stage(branch), matrix = tree.branches.count == 1 ? beta : alpha
        return product.indices.map { i in product[i] * zip(matrix[i], below).reduce(0) { $0 + $1.0 * $1.1 } }
      }
    }
    return Tree.all(size).map { tree in
      let sum = zip(b, stage(tree)).reduce(0) { $0 + $1.0 * $1.1 }
      return abs(sum - (0..<size).reduce(1) { product, _ in product * fraction } / tree.density)
    }.max() ?? .nan
  }

  func testRodasHasOrderFourAndItsEmbeddedMethodThree() {
    let rodas = RosenbrockTableau.rodas4
    let embedded = zip(rodas.weights, rodas.errorWeights).map(-)
    for size in 1...4 { XCTAssertLessThan(rosenbrockViolation(rodas, rodas.weights, size: size), 1e-12, "\(size)") }
    for size in 1...3 { XCTAssertLessThan(rosenbrockViolation(rodas, embedded, size: size), 1e-12, "\(size)") }
    XCTAssertGreaterThan(rosenbrockViolation(rodas, rodas.weights, size: 5), 1e-4)
    XCTAssertGreaterThan(rosenbrockViolation(rodas, embedded, size: 4), 1e-4)
  }

  func testTheContinuousSolutionOfRodasHasOrderThree() {
    let rodas = RosenbrockTableau.rodas4
    for fraction in [0.1, 0.37, 0.5, 0.81, 1] {
      let weights = rodas.interpolant.map { row in row.reversed().reduce(0) { ($0 + $1) * fraction } }
      for size in 1...3 {
        XCTAssertLessThan(rosenbrockViolation(rodas, weights, size: size, fraction: fraction), 1e-12)
      }
    }
  }
}
