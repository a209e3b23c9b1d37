// A line through data with outliers: least squares and a robust loss side by side, with bands.
import Foundation
import Micrograd
import MicrogradNN
import MicrogradOptimization
import MicrogradVisual

// The line 2 + 0.5 x with noise of 0.3; every eighth value is 6 too high. NumPy draws the same numbers from this seed.
var random = NumPyRandom(seed: 11)
let noise = random.normal(standardDeviation: 0.3, count: 40)
let x = (0..<40).map { Double($0) / 4 }
let y = x.indices.map { 2 + 0.5 * x[$0] + noise[$0] + ($0 % 8 == 0 ? 6 : 0) }

func line(_ p: NamedValues, _ x: Double) -> Value { p["offset"] + p["slope"] * x }

let plain = try fitCurve(x: x, y: y, from: ["offset": 0, "slope": 0], model: line)
let robust = try fitCurve(x: x, y: y, from: ["offset": 0, "slope": 0], loss: .softL1(scale: 0.3), model: line)

func text(_ number: Double) -> String { String(format: "%.3f", number) }

// SciPy's least_squares finds the same, with loss="linear" and loss="soft_l1", f_scale=0.3.
print("least squares:", text(plain["offset"]), text(plain["slope"]))  // prints: least squares: 3.061 0.436
print("soft L1:", text(robust["offset"]), text(robust["slope"]))  // prints: soft L1: 1.950 0.517

// Both curves with their bands of 95 %, as a picture in the folder for temporary files.
let grid = stride(from: -0.5, through: 10.5, by: 0.1).map { $0 }
func curve(_ fit: FitResult) throws -> FitPicture.Curve {
  let band = try fit.band(at: grid, model: line)
  return FitPicture.Curve(x: grid, mean: band.mean, confidence: band.confidence, prediction: band.prediction)
}
let picture = try FitPicture(
  x: x, y: y, curves: ["least squares": try curve(plain), "soft L1": try curve(robust)],
  title: "A line through data with outliers")
try picture.svg().write(
  to: FileManager.default.temporaryDirectory.appendingPathComponent("robust-line.svg"), atomically: true,
  encoding: .utf8)

let truth = 2 + 0.5 * 5
for (name, fit) in [("least squares", plain), ("soft L1", robust)] {
  let band = try fit.band(at: [5], model: line)
  let isInside = abs(band.mean[0] - truth) < band.confidence[0]
  print(
    "\(name) at 5: \(text(band.mean[0])) ± \(text(band.confidence[0])), the truth \(isInside ? "inside" : "outside")")
}
// prints: least squares at 5: 5.239 ± 0.680, the truth outside
// prints: soft L1 at 5: 4.534 ± 0.120, the truth inside
