// Calibration of a camera from views of a flat board (Z. Zhang, "A flexible new technique for camera calibration", 2000).
//
// A pinhole camera with radial distortion maps the point (X, Y, Z) before it to the pixel
//
//     centre + f (1 + k₁ r² + k₂ r⁴) (X / Z, Y / Z),   r² = (X² + Y²) / Z²
//
// Six views of a board with 7 × 6 corners give 504 numbers. The least squares determine 41: focal length, centre and
// distortion of the camera, and rotation and place of the board in each view.
import Foundation
import Micrograd
import MicrogradNN
import MicrogradOptimization

/// The corners of the board, in metres from its middle.
let corners = (0..<42).map { (k: Int) -> (x: Double, y: Double) in
  let (column, row) = (Double(k % 7), Double(k / 7))
  return (0.03 * (column - 3), 0.03 * (row - 2.5))
}

/// A rotation by a vector: its direction is the axis, its length the angle (Rodrigues' formula).
func rotated(_ x: Double, _ y: Double, by r: [Value]) -> [Value] {
  let squared = r[0].squared() + r[1].squared() + r[2].squared()
  let angle = Value.sqrt(squared)
  let (sine, cosine) = (sin(angle) / angle, cos(angle))
  let along = (1 - cosine) / squared * (r[0] * x + r[1] * y)
  return [
    cosine * x - sine * r[2] * y + along * r[0],
    cosine * y + sine * r[2] * x + along * r[1],
    sine * (r[0] * y - r[1] * x) + along * r[2],
  ]
}

/// The pixels of all corners in one view.
func view(camera: [Value], pose: [Value]) -> [Value] {
  corners.flatMap { corner -> [Value] in
    let p = rotated(corner.x, corner.y, by: Array(pose[0..<3]))
    let depth = p[2] + pose[5]
    let (u, v) = ((p[0] + pose[3]) / depth, (p[1] + pose[4]) / depth)
    let r = u * u + v * v
    let scale = camera[0] * (1 + r * (camera[3] + camera[4] * r))
    return [camera[1] + scale * u, camera[2] + scale * v]
  }
}

/// The pixels of all views: five parameters of the camera, then six for each view.
func pixels(_ p: [Value]) -> [Value] {
  stride(from: 5, to: p.count, by: 6).flatMap { view(camera: Array(p[0..<5]), pose: Array(p[$0..<$0 + 6])) }
}

// The true numbers, and what the camera sees, to a tenth of a pixel. NumPy draws the same noise from this seed.
let camera: [Double] = [1000, 325, 236, -0.25, 0.12]
let poses: [[Double]] = [
  [0.30, 0.10, 0.05, 0.01, 0.00, 0.50], [-0.35, 0.20, 0.10, -0.02, 0.01, 0.45], [0.10, 0.40, -0.10, 0.03, -0.02, 0.55],
  [0.15, -0.45, 0.20, -0.03, 0.02, 0.40], [-0.20, -0.30, -0.15, 0.00, -0.03, 0.48],
  [0.45, 0.25, 0.30, 0.02, 0.03, 0.42],
]
let truth = camera + poses.flatMap { $0 }
var random = NumPyRandom(seed: 5)
let noise = random.normal(standardDeviation: 0.1, count: 12 * corners.count)
let seen = zip(pixels(truth.map { .constant($0) }), noise).map { $0.data + $1 }

// A rough start: no distortion, the middle of the picture as centre, and a board that faces the camera.
let facing: [Double] = [0.1, 0.1, 0.1, 0, 0, 0.5]
var start: [Double] = [800, 320, 240, 0, 0]
for _ in poses { start += facing }
let fit = try leastSquares({ p in zip(pixels(p), seen).map { $0 - $1 } }, from: start)

func text(_ x: Double, digits: Int = 2) -> String { String(format: "%.\(digits)f", x) }
let errors = fit.standardErrors ?? []

// SciPy's least_squares finds the same from the same numbers.
print("converged:", fit.isConverged)  // prints: converged: true
print("focal length:", text(fit.parameters[0]), "±", text(errors[0]))  // prints: focal length: 1000.97 ± 0.92
print("centre:", text(fit.parameters[1]), text(fit.parameters[2]), "±", text(errors[1]), text(errors[2]))
// prints: centre: 324.64 234.74 ± 0.90 0.88
print("distortion:", text(fit.parameters[3], digits: 3), text(fit.parameters[4], digits: 2))
// prints: distortion: -0.253 0.15
print("residuals:", text(fit.residualStandardDeviation ?? .nan, digits: 4), "pixels")
// prints: residuals: 0.0985 pixels
let deviations = zip(zip(fit.parameters, truth), errors).map { abs($0.0 - $0.1) / $1 }
print("within two standard errors:", deviations.filter { $0 < 2 }.count, "of", deviations.count)
// prints: within two standard errors: 41 of 41
