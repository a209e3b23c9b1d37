import Micrograd

/// A position, and what the function is there.
internal struct Point {
  let position: [Double]
  let value: Double
  let gradient: [Double]

  /// Whether one can go on from here.
  var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }
}

/// The function that is minimised, which counts how often it is asked.
internal final class Objective {
  private let function: ([Value]) -> Value
  private(set) var counts = EvaluationCounts()

  init(_ function: @escaping ([Value]) -> Value) { self.function = function }

  func point(at position: [Double]) -> Point {
    counts.values += 1
    counts.derivatives += 1
    let (value, gradient) = valueWithGradient(at: position, of: function)
    return Point(position: position, value: value, gradient: gradient)
  }

  /// Records the function at a position and lets `body` multiply its Hessian by vectors.
  func withHessian<Result>(
    at position: [Double], _ body: (_ product: @escaping ([Double]) -> [Double]) -> Result
  ) -> Result {
    counts.values += 1
    return withDerivatives(at: position, of: function) { recorded in
      body { direction in
        self.counts.hessianVectorProducts += 1
        return recorded.hessianVectorProduct(along: direction)
      }
    }
  }
}
