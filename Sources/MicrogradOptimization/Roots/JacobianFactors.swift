import Micrograd

/// The factors of a square Jacobian, whose rows and columns are scaled by its own elements, so that units have no effect.
internal struct JacobianFactors {
  /// J⁻¹, a row for each unknown.
  let inverse: [[Double]]

  /// `nil` if the matrix is singular to rounding.
  init?(_ jacobian: [[Double]]) {
    let count = jacobian.count
    let rowScales = jacobian.map(\.largestMagnitude)
    guard rowScales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let columnScales = (0..<count).map { column in
      (0..<count).reduce(0) { max($0, abs(jacobian[$1][column] / rowScales[$1])) }
    }
    guard columnScales.allSatisfy({ $0 > 0 }) else { return nil }
    let scaled = (0..<count).flatMap { row -> [Double] in
      let ofRow = zip(jacobian[row], columnScales)
      return ofRow.map { element, scale -> Double in element / rowScales[row] / scale }
    }
    let numbers: [Double]
    do throws(LinearAlgebraError) {
      numbers = try Matrix.constant(rows: count, columns: count, scaled).inverse().data
    } catch {
      return nil
    }
    func norm(_ matrix: [Double]) -> Double {
      (0..<count).reduce(0) { largest, row in
        max(largest, matrix[row * count..<(row + 1) * count].reduce(0) { $0 + abs($1) })
      }
    }
    // The reciprocal condition number of the scaled matrix; NaN fails too.
    guard norm(scaled) * norm(numbers) < 0.1 / .ulpOfOne else { return nil }
    inverse = (0..<count).map { row in
      (0..<count).map { numbers[row * count + $0] / columnScales[row] / rowScales[$0] }
    }
    guard inverse.allSatisfy(\.isFinite) else { return nil }
  }

  /// Returns the Newton step -J⁻¹ f.
  func step(_ values: [Double]) -> [Double] { inverse.map { -$0.dot(values) } }
}
