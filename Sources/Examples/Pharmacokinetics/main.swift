// Concentrations of a drug in the blood after an oral dose: parameters with profile intervals.
//
// One compartment with absorption and elimination of first order (M. Rowland and T. N. Tozer, "Clinical Pharmacokinetics and
// Pharmacodynamics", chapter 6): with the dose D in mg, the clearance CL in L/h, the volume V in L and the rate of absorption
// ka in 1/h, the concentration after t hours is
//
//     D ka / (V (ka - k)) (exp(-k t) - exp(-ka t)),   k = CL / V
import Foundation
import Micrograd
import MicrogradOptimization

/// The concentration in mg/L, t hours after a dose of 320 mg.
func concentration(_ p: NamedValues, _ t: Double) -> Value {
  let (volume, absorption) = (p["volume"], p["absorption"])
  let elimination = p["clearance"] / volume
  return 320 * absorption / (volume * (absorption - elimination)) * (exp(-elimination * t) - exp(-absorption * t))
}

let hours = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24]
let measured = [3.61, 5.51, 7.6, 7.39, 8.31, 7.88, 7.4, 6.02, 5.24, 3.6, 2.4, 1.36]

let fit = try fitCurve(
  x: hours, y: measured, from: ["clearance": 1, "volume": 10, "absorption": 1], model: concentration)

// SciPy's curve_fit finds the same, and a root search over its fits the same profiles.
print(fit)
// prints: parameter   value  standard error  95 % interval
// prints: clearance    2.82            0.13    2.53 … 3.11
// prints: volume      33.59            0.89  31.57 … 35.61
// prints: absorption   1.77            0.14    1.46 … 2.08
// prints: points: 12, degrees of freedom: 9
// prints: sum of squares: 0.775237, residual standard deviation: 0.293492
// prints: R²: 0.986952, AIC: -26.8739, BIC: -25.4192
// prints: 15 iterations: the step was no longer than its tolerance

for interval in try fit.profileIntervals(x: hours, y: measured, model: concentration) { print(interval) }
// prints: clearance: 2.82, 2.54 … 3.11
// prints: volume: 33.6, 31.5 … 35.7
// prints: absorption: 1.77, 1.47 … 2.14

let halfLife = log(2.0) * fit["volume"] / fit["clearance"]
print("half-life: \(String(format: "%.2f", halfLife)) h")  // prints: half-life: 8.26 h
