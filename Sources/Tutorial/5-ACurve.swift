import Foundation
import Micrograd
import MicrogradOptimization
import MicrogradVisual

func aCurve() throws {
  let minutes: [Double] = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]
  let celsius = [88.6, 74.5, 64.0, 55.6, 49.0, 42.9, 38.1, 34.5, 32.4, 30.6, 28.1, 26.0, 25.0]

  func temperature(_ p: NamedValues, _ t: Double) -> Value {
    p["room"] + (p["start"] - p["room"]) * exp(-t / p["tau"])
  }

  let fit = try fitCurve(
    x: minutes, y: celsius, from: ["room": 20, "start": 90, "tau": 10], model: temperature)
  print(fit)

  let times = stride(from: 0.0, through: 90, by: 1).map { $0 }
  let band = try fit.band(at: times, model: temperature)
  let curve = FitPicture.Curve(x: times, mean: band.mean, confidence: band.confidence, prediction: band.prediction)
  var picture = try FitPicture(x: minutes, y: celsius, curve: curve, title: "A cup of tea")
  picture.xName = "minutes"
  picture.yName = "°C"
  let folder = FileManager.default.temporaryDirectory
  try picture.svg().write(to: folder.appendingPathComponent("tea.svg"), atomically: true, encoding: .utf8)
}
