import Micrograd

/// Where a camera sees a point: two numbers.
///
/// - Parameters:
///   - camera: A rotation vector, the centre, the focal length, the principal point, and two coefficients of radial
///     distortion: 11 numbers.
///   - point: Three numbers.
func projection<T: DifferentiableNumber>(of point: [T], camera: [T]) -> [T] {
  let vector = Array(camera[..<3]), centered = (0..<3).map { point[$0] - camera[3 + $0] }
  let squaredAngle = squaredLength(vector)
  let seen: [T]
  if squaredAngle > 0 {
    seen = Rotation(about: vector, squaredAngle: squaredAngle)(centered)
  } else {
    let turned = cross(vector, centered)
    seen = (0..<3).map { centered[$0] + turned[$0] }
  }
  let (x, y) = (seen[0] / seen[2], seen[1] / seen[2])
  let radius = x * x + y * y
  let scale = camera[6] * (1 + radius * (camera[9] + radius * camera[10]))
  return [scale * x + camera[7], scale * y + camera[8]]
}

/// The weighted error of an observation: two numbers.
func reprojectionError<T: DifferentiableNumber>(_ camera: [T], _ point: [T], _ weight: T, _ feature: [T]) -> [T] {
  zip(projection(of: point, camera: camera), feature).map { weight * ($0 - $1) }
}

/// The error of a weight.
func weightError<T: DifferentiableNumber>(_ weight: T) -> T { 1 - weight * weight }

/// The inputs of ``reprojectionError(_:_:_:_:)`` in one list.
private func reprojectionError<T: DifferentiableNumber>(_ x: [T]) -> [T] {
  reprojectionError(Array(x[..<11]), Array(x[11..<14]), x[14], Array(x[15..<17]))
}

/// Cameras, points, weights and observed features.
package struct BundleAdjustment {
  let cameras: [[Double]], points: [[Double]], weights: [Double], features: [[Double]]

  func errors() -> BundleErrors {
    let observed = features.indices.map { i in
      reprojectionError(cameras[i % cameras.count], points[i % points.count], weights[i], features[i])
    }
    return BundleErrors(observations: observed, weights: weights.map { weightError($0) })
  }

  /// The inputs of some observations' errors: camera, point, weight and feature.
  private func samples(_ range: Range<Int>) -> Samples {
    var numbers: [Double] = []
    numbers.reserveCapacity(17 * range.count)
    for i in range {
      numbers += cameras[i % cameras.count]
      numbers += points[i % points.count]
      numbers.append(weights[i])
      numbers += features[i]
    }
    return Samples(numbers, width: 17)
  }

  /// Compiles the error of an observation and that of a weight, and finds where the Jacobian's entries are.
  ///
  /// - Returns: A function that computes the Jacobian of all errors.
  package func compiled() throws -> () throws -> BundleJacobian {
    let observation = try compile(at: Array(samples(0..<1).numbers)) { x in reprojectionError(x) }
    let weight = try compile(at: [weights[0]]) { x in weightError(x[0]) }
    var jacobian = BundleJacobian(of: self)
    return {
      // In pieces that stay in a processor's cache.
      for start in stride(from: 0, to: features.count, by: 1024) {
        let range = start..<min(start + 1024, features.count)
        try jacobian.set(
          range, to: observation.jacobians(at: samples(range)),
          weight.gradients(at: Samples(Array(weights[range]), width: 1)))
      }
      return jacobian
    }
  }
}

/// The Jacobian of all errors with respect to cameras, points and weights, sparse by rows.
package struct BundleJacobian {
  /// Where the entries of each row start; the number of all entries last.
  package private(set) var rows = [0]
  package private(set) var columns: [Int] = []
  package private(set) var entries: [Double]
  private let count: Int

  /// The places of the entries, which are zeros.
  fileprivate init(of problem: BundleAdjustment) {
    count = problem.features.count
    let (firstPoint, firstWeight) = (11 * problem.cameras.count, 11 * problem.cameras.count + 3 * problem.points.count)
    for i in 0..<count {
      let camera = 11 * (i % problem.cameras.count), point = firstPoint + 3 * (i % problem.points.count)
      for _ in 0..<2 {
        columns.append(contentsOf: camera..<camera + 11)
        columns.append(contentsOf: point..<point + 3)
        columns.append(firstWeight + i)
        rows.append(columns.count)
      }
    }
    for i in 0..<count {
      columns.append(firstWeight + i)
      rows.append(columns.count)
    }
    entries = [Double](repeating: 0, count: columns.count)
  }

  /// Sets the entries of some observations and their weights.
  ///
  /// - Parameters:
  ///   - errors: For each observation the derivatives of its two errors by its 17 inputs.
  ///   - slopes: For each weight the derivative of its error.
  fileprivate mutating func set(_ range: Range<Int>, to errors: Samples, _ slopes: Samples) {
    entries.withUnsafeMutableBufferPointer { entries in
      errors.numbers.withUnsafeBufferPointer { errors in
        for row in 0..<2 * range.count {
          for k in 0..<15 { entries[(2 * range.lowerBound + row) * 15 + k] = errors[17 * row + k] }
        }
      }
      for (i, slope) in zip(range, slopes.numbers) { entries[30 * count + i] = slope }
    }
  }
}
