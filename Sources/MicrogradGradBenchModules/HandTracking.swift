import Micrograd

/// How far a hand's surface is from points that were measured.
package struct HandTracking {
  let model: HandModel
  let points: [[Double]]
  /// For each point the vertices of the surface to which it belongs: one, or the three of a triangle.
  let correspondences: [[Int]]

  /// Two coordinates in its triangle for each point, then the pose; or the pose alone.
  var parameterCount: Int { HandModel.parameterCount + (hasTriangles ? 2 * points.count : 0) }

  private var hasTriangles: Bool { correspondences[0].count == 3 }

  /// Three errors for each point.
  package func errors<T: DifferentiableNumber>(_ parameters: [T]) -> [T] {
    let used = Set(correspondences.joined()).sorted()
    let pose = Array(parameters.suffix(HandModel.parameterCount))
    let places = Dictionary(uniqueKeysWithValues: zip(used, model.places(of: used, pose)))
    var errors: [T] = []
    for (i, point) in points.enumerated() {
      let corners: [[T]] = correspondences[i].compactMap { places[$0] }
      for k in 0..<3 {
        if hasTriangles {
          let u = parameters[2 * i], v = parameters[2 * i + 1], w = 1 - u - v
          let place = u * corners[0][k] + v * corners[1][k] + w * corners[2][k]
          errors.append(point[k] - place)
        } else {
          errors.append(point[k] - corners[0][k])
        }
      }
    }
    return errors
  }

  /// Compiles the Jacobian, in which each row has entries for its point's own coordinates and for the pose.
  package func compiledJacobian(at parameters: [Double]) throws -> () throws -> [[Double]] {
    let pose = parameterCount - HandModel.parameterCount..<parameterCount
    let pattern = SparsityPattern(
      columns: parameterCount,
      columnsByRow: (0..<3 * points.count).map { row in
        (hasTriangles ? [2 * (row / 3), 2 * (row / 3) + 1] : []) + pose
      })
    let function = try compile(at: parameters) { x in errors(x) }
    var jacobian = try function.sparseJacobian(at: parameters, pattern: pattern)
    return {
      try function.sparseJacobian(at: parameters, into: &jacobian)
      return jacobian.entries
    }
  }
}
