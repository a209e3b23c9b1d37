import Micrograd

extension Module {
  static let ht = Module(
    name: "ht",
    functions: [
      "objective": Function(prepare: { (input: HandInput) in
        let (tracking, parameters) = (input.tracking, input.parameters)
        return { tracking.errors(parameters) }
      }),
      "jacobian": Function(prepare: { (input: HandInput) in
        try input.tracking.compiledJacobian(at: input.parameters)
      }),
    ])
}

/// A pose, what was measured, and the model, named as GradBench names them.
package struct HandInput: Input {
  let theta: [Double]
  let us: [[Double]]
  let data: Measurement

  struct Measurement: Decodable {
    let correspondences: [Int]
    let points: [[Double]]
    let model: Model
  }

  struct Model: Decodable {
    let boneCount: Int
    let parents: [Int]
    let relatives: [[[Double]]]
    let inverses: [[[Double]]]
    let places: [[Double]]
    let weights: [[Double]]
    let triangles: [[Int]]
    let isMirrored: Bool

    private enum CodingKeys: String, CodingKey {
      case boneCount = "bone_count"
      case parents
      case relatives = "base_relatives"
      case inverses = "inverse_base_absolutes"
      case places = "base_positions"
      case weights
      case triangles
      case isMirrored = "is_mirrored"
    }
  }

  /// The coordinates in triangles first, then the pose.
  var parameters: [Double] { us.joined() + theta }

  var tracking: HandTracking {
    let model = data.model.hand
    return HandTracking(
      model: model, points: data.points,
      correspondences: data.correspondences.map { us.isEmpty ? [$0] : model.triangles[$0] })
  }

  package func check() throws(InputError) {
    try expect(
      theta.count == HandModel.parameterCount, "theta has \(theta.count) numbers, not \(HandModel.parameterCount)")
    let count = data.correspondences.count
    try expect(count > 0, "data.correspondences is empty")
    try expectShape("data.points", data.points, count, 3)
    if !us.isEmpty { try expectShape("us", us, count, 2) }
    try data.model.check()
    let limit = us.isEmpty ? data.model.places.count : data.model.triangles.count
    try expectIndices("data.correspondences", data.correspondences, below: limit)
  }
}

extension HandInput.Model {
  func check() throws(InputError) {
    try expect(
      boneCount >= HandModel.boneCount,
      "data.model.bone_count is \(boneCount): a hand has at least \(HandModel.boneCount) bones")
    try expect(parents.count == boneCount, "data.model.parents has \(parents.count) numbers, not \(boneCount)")
    for (bone, parent) in parents.enumerated() {
      try expect(
        parent >= -1 && parent < bone,
        "data.model.parents[\(bone)] is \(parent): a parent comes before its bone, or is -1")
    }
    try expectPlacements("data.model.base_relatives", relatives)
    try expectPlacements("data.model.inverse_base_absolutes", inverses)
    try expectShape("data.model.base_positions", places, places.count, 4)
    try expectShape("data.model.weights", weights, places.count, boneCount)
    for (i, triangle) in triangles.enumerated() {
      try expect(triangle.count == 3, "data.model.triangles[\(i)] has \(triangle.count) vertices, not 3")
      try expectIndices("data.model.triangles[\(i)]", triangle, below: places.count)
    }
  }

  private func expectPlacements(_ name: String, _ matrices: [[[Double]]]) throws(InputError) {
    try expect(matrices.count == boneCount, "\(name) has \(matrices.count) matrices, not \(boneCount)")
    for (i, matrix) in matrices.enumerated() {
      try expectShape("\(name)[\(i)]", matrix, 4, 4)
      try expect(matrix[3] == [0, 0, 0, 1], "the last row of \(name)[\(i)] is \(matrix[3]), not [0, 0, 0, 1]")
    }
  }

  var hand: HandModel {
    HandModel(
      parents: parents.map { $0 < 0 ? nil : $0 }, relatives: relatives.map { Placement(rows: Array($0[..<3])) },
      inverses: inverses.map { Placement(rows: Array($0[..<3])) },
      vertices: zip(places, weights).map { place, weights in
        let bones = weights.indices.filter { weights[$0] != 0 }
        return HandModel.Vertex(
          bones: bones, weightedPlace: bones.flatMap { bone in place.map { weights[bone] * $0 } })
      }, triangles: triangles, isMirrored: isMirrored)
  }
}

private func expectIndices(_ name: String, _ indices: [Int], below limit: Int) throws(InputError) {
  for (i, index) in indices.enumerated() {
    try expect(index >= 0 && index < limit, "\(name)[\(i)] is \(index): it is not one of 0 to \(limit - 1)")
  }
}
