import Micrograd

/// The rotation about a vector by the angle that is its length.
struct Rotation<T: DifferentiableNumber> {
  /// Row by row.
  private let elements: [[T]]

  /// Rodrigues' formula: I cos θ + [u] sin θ + u uᵀ (1 - cos θ), u the unit vector of the axis and [u] the matrix of its
  /// cross product.
  ///
  /// - Parameter squaredAngle: The square of the vector's length, other than 0.
  init(about vector: [T], squaredAngle: T) {
    let angle = T.sqrt(squaredAngle)
    let (sine, cosine) = (T.sin(angle), T.cos(angle))
    let rest = 1 - cosine
    let axis = vector.map { $0 / angle }
    let scaled = axis.map { rest * $0 }, turned = axis.map { sine * $0 }
    let (xy, xz, yz) = (scaled[0] * axis[1], scaled[0] * axis[2], scaled[1] * axis[2])
    elements = [
      [cosine + scaled[0] * axis[0], xy - turned[2], xz + turned[1]],
      [xy + turned[2], cosine + scaled[1] * axis[1], yz - turned[0]],
      [xz - turned[1], yz + turned[0], cosine + scaled[2] * axis[2]],
    ]
  }

  func callAsFunction(_ x: [T]) -> [T] { elements.map { $0[0] * x[0] + $0[1] * x[1] + $0[2] * x[2] } }
}

func squaredLength<T: DifferentiableNumber>(_ x: [T]) -> T { x[0] * x[0] + x[1] * x[1] + x[2] * x[2] }

func cross<T: DifferentiableNumber>(_ a: [T], _ b: [T]) -> [T] {
  [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
