import Foundation
import Micrograd

let robotics = [
  Formula("planarArm", at: [0.3, 0.7, -0.4], results: { q in planarArm(q, [1, 0.8, 0.3]) }),
  Formula("quaternionRotatedX", at: [0.9, 0.2, -0.3, 0.25, 1, 0.5, -0.8]) { v in
    quaternionRotatedX(Array(v[0..<4]), Array(v[4...]))
  },
  Formula("rodriguesX", at: [1, 0.5, -0.8, 0.6, 0.64, 0.48, 0.7]) { v in
    rodriguesX(Array(v[0..<3]), Array(v[3..<6]), v[6])
  },
  Formula("bicycleStep", at: [2, 0.3, 11, 0.1]) { v in bicycleStep(v[0], v[1], v[2], v[3], 0.05) },
  Formula("cartPole", at: [0.1, -0.4, 5]) { v in cartPole(v[0], v[1], v[2], 0.1, 1, 0.5) },
  Formula("haversine", at: [0.9, 0.2, 0.7, -0.1]) { v in haversine(v[0], v[1], v[2], v[3]) },
  Formula("tyreForce", at: [0.08, 0.97, 10, 1.9, 1]) { v in tyreForce(v[0], Array(v[1...])) },
]

/// Where the hand of a planar arm with three links is.
func planarArm(_ q: [Value], _ l: [Double]) -> [Value] {
  [
    l[0] * cos(q[0]) + l[1] * cos(q[0] + q[1]) + l[2] * cos(q[0] + q[1] + q[2]),
    l[0] * sin(q[0]) + l[1] * sin(q[0] + q[1]) + l[2] * sin(q[0] + q[1] + q[2]),
  ]
}

/// A vector rotated by a unit quaternion: its first component.
func quaternionRotatedX(_ q: [Value], _ v: [Value]) -> Value {
  (1 - 2 * (q[2] * q[2] + q[3] * q[3])) * v[0] + 2 * (q[1] * q[2] - q[0] * q[3]) * v[1]
    + 2 * (q[1] * q[3] + q[0] * q[2]) * v[2]
}

/// A vector rotated around an axis by Rodrigues' formula: its first component.
func rodriguesX(_ v: [Value], _ k: [Value], _ angle: Value) -> Value {
  v[0] * cos(angle) + (k[1] * v[2] - k[2] * v[1]) * sin(angle)
    + k[0] * (k[0] * v[0] + k[1] * v[1] + k[2] * v[2]) * (1 - cos(angle))
}

/// A step of the kinematic bicycle.
func bicycleStep(_ x: Value, _ heading: Value, _ v: Value, _ steering: Value, _ dt: Double) -> Value {
  x + v * cos(heading + atan(1.4 / (1.4 + 1.6) * tan(steering))) * dt
}

/// The angular acceleration of a pole on a cart (Barto, Sutton and Anderson 1983).
func cartPole(_ theta: Value, _ omega: Value, _ force: Value, _ m: Double, _ mass: Double, _ l: Double) -> Value {
  (9.81 * sin(theta) + cos(theta) * ((-force - m * l * omega * omega * sin(theta)) / (mass + m)))
    / (l * (4.0 / 3.0 - m * cos(theta) ** 2 / (mass + m)))
}

/// The distance of two points on a sphere by the haversine formula.
func haversine(_ phi1: Value, _ lambda1: Value, _ phi2: Value, _ lambda2: Value) -> Value {
  2 * 6371 * asin(sqrt(sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin((lambda2 - lambda1) / 2) ** 2))
}

/// The side force of a tyre by Pacejka's formula.
func tyreForce(_ slip: Value, _ p: [Value]) -> Value {
  p[3] * sin(p[2] * atan(p[1] * slip - p[0] * (p[1] * slip - atan(p[1] * slip))))
}
