// Heat in a rod: two coefficients of the heat equation, fitted to the readings of three thermometers.
//
// One end of a steel rod of 100 mm is held at 100 °C from time 0 on, the other end loses heat to air at 20 °C. With the
// conductivity k in W/(m K), the heat capacity c in J/(m³ K) and the heat transfer coefficient h in W/(m² K), the
// temperature u follows
//
//     c ∂u/∂t = k ∂²u/∂x²,   u = 100 at the hot end,   -k ∂u/∂x = h (u - 20) at the other
//
// The method of lines cuts the rod into 20 cells. The temperature of each is a state of an ordinary differential equation,
// which is stiff, and whose Jacobian has three diagonals.
import Foundation
import Micrograd
import MicrogradDynamics
import MicrogradNN
import MicrogradOptimization
import MicrogradVisual

let (length, capacity, cells) = (0.1, 4e6, 20)
let width = length / Double(cells)

let rod = DifferentialEquation(states: cells, parameters: 2) { t, u, p in
  let (conductivity, transfer) = (p[0], p[1])
  // The heat that flows through the hot end, between cells, and through the other end, in W/m².
  var flow = [2 * conductivity / width * (100 - u[0])]
  for k in 1..<cells { flow.append(conductivity / width * (u[k - 1] - u[k])) }
  flow.append((u[cells - 1] - 20) / (1 / transfer + 0.5 * width / conductivity))
  return (0..<cells).map { k in (flow[k] - flow[k + 1]) / (capacity * width) }
}

let seconds: [Double] = [60, 120, 240, 360, 480, 720, 960, 1200, 1800, 2400]
let thermometers = [3, 9, 16]
let cold = [Double](repeating: 20, count: cells)

/// The temperatures of the thermometers at all times.
let temperatures = { (p: [Value]) throws -> [Value] in
  let solution = try rod.solve(from: cold, parameters: p, times: seconds, method: .rodas4)
  return solution.states.flatMap { u in thermometers.map { u[$0] } }
}

// The readings for k = 15 and h = 120, to half a degree. NumPy draws the same noise from this seed.
var random = NumPyRandom(seed: 3)
let noise = random.normal(standardDeviation: 0.5, count: seconds.count * thermometers.count)
let measured = zip(try temperatures([.constant(15), .constant(120)]), noise).map { $0.data + $1 }

let fit = try leastSquares(
  { p in
    // Where the equation has no solution, the minimiser takes a shorter step.
    guard let found = try? temperatures(p) else { return measured.map { _ in .constant(.nan) } }
    return zip(found, measured).map { $0 - $1 }
  }, from: [30, 50])

func text(_ x: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", x) }
func text(_ range: ClosedRange<Double>, _ digits: Int) -> String {
  "\(text(range.lowerBound, digits)) … \(text(range.upperBound, digits))"
}
let intervals = try fit.confidenceIntervals()

// SciPy's least_squares finds the same with solutions of the same 20 equations by solve_ivp.
print("converged:", fit.isConverged)  // prints: converged: true
print("conductivity: \(text(fit.parameters[0], 2)), \(text(intervals[0], 2)) W/(m K)")
// prints: conductivity: 14.95, 14.75 … 15.15 W/(m K)
print("heat transfer: \(text(fit.parameters[1], 0)), \(text(intervals[1], 0)) W/(m² K)")
// prints: heat transfer: 121, 114 … 127 W/(m² K)
print("residuals:", text(fit.residualStandardDeviation ?? .nan, 2), "°C")  // prints: residuals: 0.47 °C

// The readings and the fitted temperatures, as a picture in the folder for temporary files.
let solution = try rod.solve(from: cold, parameters: fit.parameters, over: 0...2400, method: .rodas4)
let grid = stride(from: 0.0, through: 2400, by: 10).map { $0 }
func curve(_ thermometer: Int) -> FitPicture.Curve {
  FitPicture.Curve(x: grid, mean: grid.map { solution(at: $0)[thermometer] })
}
var picture = try FitPicture(
  x: seconds.flatMap { time in thermometers.map { _ in time } }, y: measured,
  curves: ["at 17.5 mm": curve(3), "at 47.5 mm": curve(9), "at 82.5 mm": curve(16)], title: "Heat in a rod")
(picture.xName, picture.yName) = ("time (s)", "temperature (°C)")
try picture.svg().write(
  to: FileManager.default.temporaryDirectory.appendingPathComponent("heat-in-a-rod.svg"), atomically: true,
  encoding: .utf8)
