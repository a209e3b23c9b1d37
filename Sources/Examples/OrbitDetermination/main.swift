// Orbit determination: the orbit of a satellite from angles and ranges that one station observes in an hour.
//
// The unknowns are the place and the velocity of the satellite at time 0, in km and km/s. It moves around the Earth by
// Newton's law, r'' = -μ r / |r|³. Each observation has the right ascension, the declination and the distance of the
// satellite, as seen from a station that turns with the Earth. The standard errors of the orbit follow from those of the
// unknowns.
import Foundation
import Micrograd
import MicrogradDynamics
import MicrogradNN
import MicrogradOptimization
import MicrogradVisual

let (mu, earthRadius, rotation, latitude) = (398_600.4418, 6378.137, 7.2921159e-5, 48 * Double.pi / 180)

let motion = DifferentialEquation(states: 6) { t, s, p in
  let squared = s[0].squared() + s[1].squared() + s[2].squared()
  let pull = -mu / (squared * sqrt(squared))
  return [s[3], s[4], s[5], pull * s[0], pull * s[1], pull * s[2]]
}
let options = SolverOptions(relativeTolerance: 1e-10)
let seconds = stride(from: 0.0, through: 3600, by: 180).map { $0 }

/// The place of the station.
func station(_ time: Double) -> [Double] {
  let (angle, x) = (rotation * time, earthRadius * cos(latitude))
  return [x * cos(angle), x * sin(angle), earthRadius * sin(latitude)]
}

/// Right ascension, declination and distance of a satellite at all times, from its state at time 0.
let observations = { (state: [Value]) throws -> [Value] in
  let solution = try motion.solve(from: state, times: seconds, options: options)
  return zip(seconds, solution.states).flatMap { time, s -> [Value] in
    let place = station(time)
    let (x, y, z) = (s[0] - place[0], s[1] - place[1], s[2] - place[2])
    let distance = sqrt(x.squared() + y.squared() + z.squared())
    return [atan2(y, x), asin(z / distance), distance]
  }
}

// What the station observes: angles to 20 arcseconds, distances to 50 m. NumPy draws the same noise from this seed.
let truth: [Double] = [6800, -5000, 6500, 2.9, 4.4, 3.2]
let deviations = seconds.flatMap { _ in [1e-4, 1e-4, 0.05] }
var random = NumPyRandom(seed: 17)
let noise = random.normal(count: deviations.count)
let exact = try observations(truth.map { .constant($0) })
let observed = exact.indices.map { exact[$0].data + deviations[$0] * noise[$0] }

let guess: [Double] = [7000, -4500, 6200, 2.5, 4, 3.5]
let fit = try leastSquares(
  { state in
    // Where the equation has no solution, the minimiser takes a shorter step.
    guard let found = try? observations(state) else { return observed.map { _ in .constant(.nan) } }
    return found.indices.map { (found[$0] - observed[$0]) / deviations[$0] }
  }, from: guess)

/// The semi-major axis and the eccentricity of the orbit through a state.
func elements(_ s: [Value]) -> [Value] {
  let distance = sqrt(s[0].squared() + s[1].squared() + s[2].squared())
  let speedSquared = s[3].squared() + s[4].squared() + s[5].squared()
  let outward = s[0] * s[3] + s[1] * s[4] + s[2] * s[5]
  let axis = 1 / (2 / distance - speedSquared / mu)
  let momentumSquared = distance.squared() * speedSquared - outward.squared()
  return [axis, sqrt(1 - momentumSquared / (mu * axis))]
}

// The variance of an element is g C gᵀ, with its gradient g by the unknowns and their covariance C.
let covariance = fit.covariance ?? []
let errors = jacobian(at: fit.parameters, of: elements).map { (g: [Double]) -> Double in
  var variance = 0.0
  for (slope, row) in zip(g, covariance) {
    for (other, entry) in zip(g, row) { variance += slope * entry * other }
  }
  return variance.squareRoot()
}
let orbit = elements(fit.parameters.map { .constant($0) }).map(\.data)

func text(_ x: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", x) }

// SciPy's least_squares finds the same with solutions by solve_ivp.
print("converged:", fit.isConverged)  // prints: converged: true
print("semi-major axis:", text(orbit[0], 2), "±", text(errors[0], 2), "km")
// prints: semi-major axis: 10825.03 ± 0.04 km
print("eccentricity:", text(orbit[1], 6), "±", text(errors[1], 6))  // prints: eccentricity: 0.282392 ± 0.000008
print("residuals:", text(fit.residualStandardDeviation ?? .nan, 2), "of their standard deviations")
// prints: residuals: 1.02 of their standard deviations

// The observed distances, and those of the first guess and of the fit, as a picture in the folder for temporary files.
let distances = { (state: [Double]) throws -> [Double] in
  let found = try observations(state.map { .constant($0) })
  return stride(from: 2, to: found.count, by: 3).map { found[$0].data }
}
var picture = try FitPicture(
  x: seconds, y: stride(from: 2, to: observed.count, by: 3).map { observed[$0] },
  curves: [
    "fit": .init(x: seconds, mean: try distances(fit.parameters)),
    "first guess": .init(x: seconds, mean: try distances(guess)),
  ], title: "Distance of a satellite from a station")
(picture.xName, picture.yName) = ("time (s)", "distance (km)")
try picture.svg().write(
  to: FileManager.default.temporaryDirectory.appendingPathComponent("orbit-determination.svg"), atomically: true,
  encoding: .utf8)
