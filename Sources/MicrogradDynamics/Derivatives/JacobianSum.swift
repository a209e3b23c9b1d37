import Micrograd

/// Σ Mₘⱼ ∂fₘ/∂xⱼ for a right-hand side f of the time and the states, and matrices M with entries where its Jacobian has some: a
/// compiled function of the arguments of f and of these entries.
///
/// Columns of the Jacobian that share no row have one colour. The Jacobian times the sum of their directions has all of their
/// entries, so the function takes a directional derivative for each colour, and one for the time. Its gradient by the arguments
/// replaces a product with a Hessian for each stage of a step.
internal struct JacobianSum {
  let function: CompiledFunction
  /// The columns of the entries of each row, by the states.
  let columnsByRow: [[Int]]
  private let colors: [Int]
  private let colorCount: Int
  private let first: Int

  /// More colours than this take longer than products with Hessians.
  private static let mostColors = 10

  /// - Returns: `nil` if there are too many colours, or if the derivatives cannot be compiled.
  init?(of rightHandSide: StateFunction, columnsByRow: [[Int]]) {
    guard let flat = rightHandSide.flat, let colors = Self.colors(columnsByRow) else { return nil }
    let (start, states) = (rightHandSide.sample, rightHandSide.stateCount)
    let (n, count) = (start.count, (colors.max() ?? 0) + 1)
    let directions = (0...count).map { color in
      (0..<n).map { k in
        Value.constant(k == 0 ? (color == count ? 1 : 0) : k <= states && colors[k - 1] == color ? 1 : 0)
      }
    }
    let made = try? compile(at: start + [Double](repeating: 1, count: (count + 1) * states)) { x in
      let arguments = Array(x[..<n])
      let products = directions.flatMap { jacobianVectorProduct(at: arguments, along: $0, of: flat) }
      return dot(Array(x[n...]), products)
    }
    guard let made else { return nil }
    (function, self.columnsByRow, self.colors, colorCount, first) = (made, columnsByRow, colors, count, n)
  }

  /// Returns a colour for each column, from 0 on, so that columns of one colour share no row; `nil` if there are too many.
  private static func colors(_ columnsByRow: [[Int]]) -> [Int]? {
    var rowsByColumn = [[Int]](repeating: [], count: columnsByRow.count)
    for (row, columns) in columnsByRow.enumerated() {
      for column in columns { rowsByColumn[column].append(row) }
    }
    var colors = [Int](repeating: -1, count: columnsByRow.count)
    for column in colors.indices {
      var used: Set<Int> = []
      for row in rowsByColumn[column] {
        for other in columnsByRow[row] { used.insert(colors[other]) }
      }
      guard let free = (0..<mostColors).first(where: { !used.contains($0) }) else { return nil }
      colors[column] = free
    }
    return colors
  }

  /// The arguments of the function: those of f, and a matrix of zeros.
  var emptySample: [Double] { [Double](repeating: 0, count: function.inputCount) }

  /// Sets the matrix to zero.
  func clear(_ sample: inout [Double]) {
    for k in first..<sample.count { sample[k] = 0 }
  }

  /// Adds the outer product of weights of the results, and of a direction of the states and one of the time.
  func add(_ weights: [Double], _ direction: UnsafePointer<Double>, ofTime: Double, to sample: inout [Double]) {
    let states = columnsByRow.count
    for row in 0..<states where weights[row] != 0 {
      for column in columnsByRow[row] {
        sample[first + colors[column] * states + row] += weights[row] * direction[column]
      }
      sample[first + colorCount * states + row] += weights[row] * ofTime
    }
  }
}
