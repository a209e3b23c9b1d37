import Micrograd

/// The squared distance of a point to the nearest of some centroids, whose coordinates follow one another.
package func squaredDistance<T: DifferentiableNumber>(of point: [T], toNearestOf centroids: [T]) -> T {
  func squaredDistance(_ start: Int) -> T {
    var sum = (point[0] - centroids[start]).squared()
    for k in 1..<point.count { sum += (point[k] - centroids[start + k]).squared() }
    return sum
  }
  var nearest = squaredDistance(0)
  for start in stride(from: point.count, to: centroids.count, by: point.count) {
    nearest = .min(nearest, squaredDistance(start))
  }
  return nearest
}

/// Points, and centroids of clusters of them.
package struct Clusters: Sendable {
  let points: [[Double]]
  let centroids: [[Double]]

  /// The sum of the squared distances of all points to their nearest centroids.
  package func cost() -> Double {
    let centroids = Array(centroids.joined())
    return points.reduce(0) { $0 + squaredDistance(of: $1, toNearestOf: centroids) }
  }

  /// Compiles a point's distance, as a function of the point with the centroids as parameters.
  ///
  /// The Hessian by the centroids is diagonal. So its diagonal is its product with a vector of ones: the gradient of the
  /// derivative along this vector, which dual numbers give.
  ///
  /// - Returns: A function that computes a step of Newton's method for each centroid.
  package func compiledStep() throws -> () throws -> [[Double]] {
    let parameters = Parameters(Array(centroids.joined()))
    let distance = try compile(at: points[0]) { x in squaredDistance(of: x, toNearestOf: Array(parameters)) }
    let slope = try compile(at: points[0]) { x in
      let moved = parameters.map { Dual(value: $0, tangent: .constant(1)) }
      return squaredDistance(of: x.dual, toNearestOf: moved).tangent
    }
    let (samples, width) = (Samples(columns: points[0].indices.map { k in points.map { $0[k] } }), points[0].count)
    func gradient(_ f: CompiledFunction) throws -> [Double] {
      parameters.zeroGradients()
      try f.backward(at: samples, reduction: .sum)
      return parameters.gradients
    }
    return {
      let (gradient, diagonal) = (try gradient(distance), try gradient(slope))
      return stride(from: 0, to: gradient.count, by: width).map { start in
        (start..<start + width).map { gradient[$0] / diagonal[$0] }
      }
    }
  }
}

extension Module {
  static let kmeans = Module(
    name: "kmeans",
    functions: [
      "cost": Function { (input: ClustersInput) in input.clusters.cost() },
      "dir": Function(prepare: { (input: ClustersInput) in try input.clusters.compiledStep() }),
    ])
}

/// Points and where the search for their clusters is.
package struct ClustersInput: Input {
  let points: [[Double]]
  let centroids: [[Double]]

  package var clusters: Clusters { Clusters(points: points, centroids: centroids) }

  package func check() throws(InputError) {
    try expect(!points.isEmpty && !centroids.isEmpty, "points or centroids is empty: there is at least one of each")
    let width = points[0].count
    try expect(width > 0, "points[0] is empty")
    try expectShape("points", points, points.count, width)
    try expectShape("centroids", centroids, centroids.count, width)
  }
}
