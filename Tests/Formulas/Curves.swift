import Foundation
import Micrograd

let curves = [
  Formula("twoExponentials", at: [2, 0.7, 1.1, 0.2, 0.5]) { p in twoExponentials(1.3, p) },
  Formula("threeExponentials", at: [2, 0.7, 1.1, 0.2, 0.5, 1.9, 0.3]) { p in threeExponentials(1.3, p) },
  Formula("gaussianPeak", at: [2, 0.7, 1.1, 0.2]) { p in gaussianPeak(1.3, p) },
  Formula("twoGaussianPeaks", at: [2, 0.7, 1.1, 1.4, 2.2, 0.6, 0.3, 0.1]) { p in twoGaussianPeaks(1.3, p) },
  Formula("dampedOscillation", at: [2, 0.7, 3.1, 0.4, 0.2]) { p in dampedOscillation(1.3, p) },
  Formula("haldane", at: [2, 0.7, 3.1, 0.4]) { p in haldane(1.3, p) },
  Formula("logistic4", at: [0.1, 1.6, 2.4, 3]) { p in logistic4(1.3, p) },
  Formula("planck", at: [1.4, 5500]) { p in planck(5e-7, p) },
]

func twoExponentials(_ t: Double, _ p: [Value]) -> Value {
  p[0] * exp(-p[1] * t) + p[2] * exp(-p[3] * t) + p[4]
}

func threeExponentials(_ t: Double, _ p: [Value]) -> Value {
  p[0] * exp(-p[1] * t) + p[2] * exp(-p[3] * t) + p[4] * exp(-p[5] * t) + p[6]
}

func gaussianPeak(_ t: Double, _ p: [Value]) -> Value {
  p[0] * exp(-(t - p[1]) * (t - p[1]) / (2 * p[2] * p[2])) + p[3]
}

func twoGaussianPeaks(_ t: Double, _ p: [Value]) -> Value {
  p[0] * exp(-0.5 * ((t - p[1]) / p[2]) ** 2) + p[3] * exp(-0.5 * ((t - p[4]) / p[5]) ** 2) + p[6] + p[7] * t
}

func dampedOscillation(_ t: Double, _ p: [Value]) -> Value {
  p[0] * exp(-p[1] * t) * cos(p[2] * t + p[3]) + p[4]
}

func haldane(_ s: Double, _ p: [Value]) -> Value {
  p[0] * s / (p[1] + s + s * s / p[2]) + p[3]
}

func logistic4(_ x: Double, _ p: [Value]) -> Value {
  p[3] + (p[0] - p[3]) / (1 + (x / p[2]) ** p[1])
}

func planck(_ wavelength: Double, _ p: [Value]) -> Value {
  p[0] * 2 * 6.62607015e-34 * 299_792_458 * 299_792_458 / (wavelength ** 5 * (exp(0.0144 / (wavelength * p[1])) - 1))
}
