// Stiff reactions: Robertson's network over eleven powers of ten in time, and its sensitivity to the rate constants.
//
// Three substances react by A → B, B + B → C + B and B + C → A + C (H. H. Robertson, 1966), with the rate constants 0.04,
// 3·10⁷ and 10⁴. The equation is stiff: B reacts within milliseconds, A lasts for years. The solver begins with an explicit
// method, finds the equation stiff, and goes on with a Rosenbrock method. So it needs few steps up to 10¹¹ s.
import Foundation
import Micrograd
import MicrogradDynamics
import MicrogradVisual

let network = DifferentialEquation(states: 3, parameters: 3) { t, y, k in
  let (decay, pairs, back) = (k[0] * y[0], k[1] * y[1].squared(), k[2] * y[1] * y[2])
  return [back - decay, decay - pairs - back, pairs]
}
let constants = [0.04, 3e7, 1e4]
// A falls to 10⁻⁸ and B to 10⁻¹³: their absolute tolerances are far below.
let options = SolverOptions(relativeTolerance: 1e-6, absoluteTolerance: [1e-16, 1e-22, 1e-16])

let solution = try network.solve(from: [1, 0, 0], parameters: constants, over: 0...1e11, options: options)
func text(_ x: Double) -> String { String(format: "%.4e", x) }
let end = solution(at: 1e11)

// The test set of Mazzia and Magherini (2008) has 0.2083340149701255e-7, 0.8333360770334713e-13 and 0.9999999791665050.
print("A, B and C at 1e11 s:", end.map(text).joined(separator: ", "))
// prints: A, B and C at 1e11 s: 2.0833e-08, 8.3334e-14, 1.0000e+00
print("fewer than 1000 steps:", solution.counts.acceptedSteps < 1000)  // prints: fewer than 1000 steps: true

/// By how many percent a substance changes if a rate constant grows by one percent: a row for each substance.
let sensitivities = { (time: Double) throws -> [[Double]] in
  let slopes = try jacobian(at: constants) { k in
    try network.solve(from: [1, 0, 0], parameters: k, times: [time], options: options).states[0]
  }
  return zip(slopes, solution(at: time)).map { row, amount in zip(row, constants).map { $0 * $1 / amount } }
}

// SciPy's solve_ivp finds the same from the equations of the sensitivities. After a long time, B is k₁ A / (k₃ C), and A is
// k₃² / (k₁² k₂ t): a percent more of k₁ leaves two percent less of A.
for (label, time) in [("40 s", 40), ("10¹¹ s", 1e11)] {
  for (name, row) in zip(["A", "B"], try sensitivities(time)) {
    print("\(name) at \(label):", row.map { String(format: "%.2f", $0) }.joined(separator: ", "))
  }
}
// prints: A at 40 s: -0.24, -0.10, 0.19
// prints: B at 40 s: 0.20, -0.37, -0.26
// prints: A at 10¹¹ s: -2.00, -1.00, 2.00
// prints: B at 10¹¹ s: -1.00, -1.00, 1.00

// The substances by the logarithm of the time, as a picture in the folder for temporary files.
let exponents = stride(from: -5.0, through: 11, by: 0.05).map { $0 }
let states = exponents.map { solution(at: min(pow(10, $0), 1e11)) }
var picture = try FitPicture(
  x: [], y: [],
  curves: [
    "A": .init(x: exponents, mean: states.map { $0[0] }),
    "10⁴ B": .init(x: exponents, mean: states.map { 1e4 * $0[1] }),
    "C": .init(x: exponents, mean: states.map { $0[2] }),
  ], title: "Robertson's reactions")
(picture.xName, picture.yName) = ("log₁₀ of the time in seconds", "amount")
try picture.svg().write(
  to: FileManager.default.temporaryDirectory.appendingPathComponent("stiff-reactions.svg"), atomically: true,
  encoding: .utf8)
