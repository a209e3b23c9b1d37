// An epidemic: the basic reproduction number from the boys in bed, by a fit of a differential equation.
//
// Influenza in a boarding school with 763 boys (British Medical Journal, 4 March 1978, page 587). The SIR model of Kermack
// and McKendrick (1927) has susceptible boys S and infectious boys I. With the days D that a boy is infectious, and the
// number R₀ of boys that the first one infects,
//
//     S' = -R₀ / D · S I / 763,   I' = R₀ / D · S I / 763 - I / D
import Foundation
import Micrograd
import MicrogradDynamics
import MicrogradOptimization
import MicrogradVisual

let days = (1...14).map { Double($0) }
let inBed: [Double] = [3, 8, 26, 76, 225, 298, 258, 233, 189, 128, 68, 29, 14, 4]

let school = DifferentialEquation(states: 2, parameters: 2) { t, y, p in
  let infections = p[0] / p[1] * y[0] * y[1] / 763
  return [-infections, infections - y[1] / p[1]]
}
// One boy came back from the holidays infectious on day 0.
let start = [762.0, 1]
let options = SolverOptions(relativeTolerance: 1e-8)

/// The number of infectious boys on a day.
let infectious = { (p: NamedValues, day: Double) -> Value in
  let solution = try? school.solve(from: start, parameters: p.values, times: [day], options: options)
  // Where the equation has no solution, the minimiser takes a shorter step.
  return solution?.states[0][1] ?? .constant(.nan)
}

let fit = try fitCurve(x: days, y: inBed, from: ["R₀": 2, "days": 3], model: infectious)

// SciPy's least_squares finds the same with solutions by solve_ivp.
func text(_ x: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", x) }
for (name, interval) in zip(fit.names, try fit.confidenceIntervals()) {
  print("\(name): \(text(fit[name])), \(text(interval.lowerBound)) … \(text(interval.upperBound))")
}
// prints: R₀: 3.76, 3.50 … 4.03
// prints: days: 2.26, 2.08 … 2.43
print("residuals:", text(fit.residualStandardDeviation ?? .nan, 1), "boys")  // prints: residuals: 18.5 boys

let solution = try school.solve(from: start, parameters: fit.parameters, over: 0...14)
print("not infected by day 14:", text(solution(at: 14)[0], 0), "boys")  // prints: not infected by day 14: 22 boys

// The boys in bed and the fitted curve with its bands, as a picture in the folder for temporary files.
let grid = stride(from: 0.1, through: 14, by: 0.1).map { $0 }
let band = try fit.band(at: grid, model: infectious)
let curve = FitPicture.Curve(x: grid, mean: band.mean, confidence: band.confidence, prediction: band.prediction)
var picture = try FitPicture(x: days, y: inBed, curve: curve, title: "Influenza in a boarding school, 1978")
(picture.xName, picture.yName) = ("day", "boys in bed")
try picture.svg().write(
  to: FileManager.default.temporaryDirectory.appendingPathComponent("epidemic.svg"), atomically: true,
  encoding: .utf8)
