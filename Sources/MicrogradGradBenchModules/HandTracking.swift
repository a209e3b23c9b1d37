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
    return zip(points, correspondences).enumerated().flatMap { i, pair in
      let (point, vertices) = pair, corners = vertices.compactMap { places[$0] }
      guard hasTriangles else { return (0..<3).map { point[$0] - corners[0][$0] } }
      let (u, v) = (parameters[2 * i], parameters[2 * i + 1])
      let w = 1 - u - v
      return (0..<3).map { point[$0] - (u * corners[0][$0] + v * corners[1][$0] + w * corners[2][$0]) }
    }
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
