import Micrograd

/// A hand: bones, and a surface whose vertices follow them.
package struct HandModel {
  /// For each bone that of its parent, which comes first; nil for a root.
  let parents: [Int?]
  /// Of each bone, at rest, relative to its parent.
  let relatives: [Placement<Double>]
  /// For each bone what takes a place at rest into the bone's own coordinates.
  let inverses: [Placement<Double>]
  let vertices: [Vertex]
  /// Three vertices each.
  let triangles: [[Int]]
  /// True if the first coordinate of every vertex changes its sign.
  let isMirrored: Bool

  /// A place at rest, and the bones that it follows.
  struct Vertex {
    /// The bones with weights other than 0.
    let bones: [Int]
    /// For each of these bones four numbers: the place, with 1 as its fourth coordinate, times the weight.
    let weightedPlace: [Double]
  }

  /// Numbers that describe a pose: a rotation vector, a translation, and four angles for each of five fingers.
  static let parameterCount = 26
  /// Bones that the fingers need.
  static let boneCount = 21
}

/// A linear map and a translation: the first three rows of a matrix of 4 × 4, whose last one is 0, 0, 0, 1.
struct Placement<T: DifferentiableNumber> {
  /// Row by row, four numbers each.
  var rows: [[T]]

  /// The map after a rotation about the third axis, if `z` is given, after one about the first.
  func rotated(x: T, z: T?) -> Placement {
    var result = self
    if let z { result.turn(0, 1, by: z) }
    result.turn(1, 2, by: x)
    return result
  }

  /// Multiplies from the right by a rotation in the plane of two axes.
  private mutating func turn(_ a: Int, _ b: Int, by angle: T) {
    let (sine, cosine) = (T.sin(angle), T.cos(angle))
    for row in rows.indices {
      let (u, v) = (rows[row][a], rows[row][b])
      rows[row][a] = u * cosine + v * sine
      rows[row][b] = v * cosine - u * sine
    }
  }

  /// The map after another.
  func after(_ other: Placement) -> Placement {
    Placement(
      rows: rows.map { row in
        (0..<4).map { column in
          let sum = row[0] * other.rows[0][column] + row[1] * other.rows[1][column] + row[2] * other.rows[2][column]
          return column == 3 ? sum + row[3] : sum
        }
      })
  }
}

extension Placement<Double> {
  /// The same map, as constants of other numbers.
  func constant<Number: DifferentiableNumber>(of _: Number.Type) -> Placement<Number> {
    Placement<Number>(rows: rows.map { row in row.map { Number(constant: $0) } })
  }
}

extension HandModel {
  /// Where vertices are in a pose of 26 numbers.
  func places<T: DifferentiableNumber>(of indices: [Int], _ pose: [T]) -> [[T]] {
    let placements = placements(pose), vector = Array(pose[..<3]), translation = Array(pose[3..<6])
    let squaredAngle = squaredLength(vector)
    let rotation = squaredAngle < 1e-8 ? nil : Rotation(about: vector, squaredAngle: squaredAngle)
    return indices.map { index in
      let vertex = vertices[index]
      var place = (0..<3).map { row in T.dot(vertex.weightedPlace, vertex.bones.flatMap { placements[$0].rows[row] }) }
      if isMirrored { place[0] = -place[0] }
      if let rotation { place = rotation(place) }
      return (0..<3).map { place[$0] + translation[$0] }
    }
  }

  /// For each bone what takes a place at rest to where the bone takes it.
  private func placements<T: DifferentiableNumber>(_ pose: [T]) -> [Placement<T>] {
    var absolute: [Placement<T>] = []
    for (bone, parent) in parents.enumerated() {
      var local = relatives[bone].constant(of: T.self)
      let (finger, joint) = ((bone - 1) / 4, (bone - 1) % 4)
      if bone > 0 && joint > 0 && finger < 5 {
        // The first joint has an angle for each of two axes.
        let first = 6 + 4 * finger
        local = local.rotated(x: pose[joint == 1 ? first : first + joint], z: joint == 1 ? pose[first + 1] : nil)
      }
      absolute.append(parent.map { absolute[$0].after(local) } ?? local)
    }
    return zip(absolute, inverses).map { $0.after($1.constant(of: T.self)) }
  }
}
