import Foundation
import Micrograd

let physics = [
  Formula("colebrook", at: [0.02, 1.5e-4, 0.1, 1e5]) { v in colebrook(v[0], v[1], v[2], v[3]) },
  Formula("manning", at: [0.013, 0.8, 0.002]) { v in manning(v[0], v[1], v[2]) },
  Formula("solarCell", at: [0.7, 0.76, 3e-7, 0.036, 1.5, 54]) { v in solarCell(0.5, v[0], Array(v[1...])) },
  Formula("potassiumRate", at: [4.2]) { v in potassiumRate(v[0]) },
  Formula("transmissibility", at: [1.3, 0.2]) { v in transmissibility(v[0], v[1]) },
  Formula("morse", at: [1.1, 4.6, 1.9, 0.74]) { v in morse(v[0], Array(v[1...])) },
  Formula("buckingham", at: [2.1, 1388, 2.76, 175]) { v in buckingham(v[0], v[1], v[2], v[3], 1.6e-9, -0.8e-9) },
  Formula("relativisticEnergy", at: [9.1e-31, 2.1e8]) { v in relativisticEnergy(v[0], v[1]) },
  Formula("fallWithDrag", at: [80, 0.25]) { v in fallWithDrag(3.5, v[0], v[1]) },
  Formula("dewPoint", at: [22, 55]) { v in dewPoint(v[0], v[1]) },
  Formula("heatBalance", at: [330, 0.9, 12]) { v in heatBalance(v[0], v[1], v[2], 295) },
]

/// The residual of Colebrook's equation for the friction in a pipe.
func colebrook(_ f: Value, _ roughness: Value, _ diameter: Value, _ reynolds: Value) -> Value {
  1 / sqrt(f) + 2 * log10(roughness / diameter / 3.7 + 2.51 / (reynolds * sqrt(f)))
}

/// The velocity in an open channel by Manning.
func manning(_ n: Value, _ radius: Value, _ slope: Value) -> Value {
  1 / n * radius ** (2.0 / 3) * sqrt(slope)
}

/// The current through a solar cell at a voltage.
func solarCell(_ v: Double, _ i: Value, _ p: [Value]) -> Value {
  p[0] - p[1] * (exp((v + i * p[2]) / (p[3] * 0.02585)) - 1) - (v + i * p[2]) / p[4]
}

/// A rate of the potassium channel (Hodgkin and Huxley 1952), in millivolts.
func potassiumRate(_ v: Value) -> Value {
  0.01 * (10 - v) / (exp((10 - v) / 10) - 1)
}

/// The amplitude of a driven oscillator.
func transmissibility(_ r: Value, _ damping: Value) -> Value {
  sqrt((1 + (2 * damping * r) ** 2) / ((1 - r * r) ** 2 + (2 * damping * r) ** 2))
}

/// Morse's potential.
func morse(_ r: Value, _ p: [Value]) -> Value {
  p[0] * (1 - exp(-p[1] * (r - p[2]))) ** 2
}

/// Buckingham's potential with charges.
func buckingham(_ r: Value, _ a: Value, _ b: Value, _ c: Value, _ q1: Double, _ q2: Double) -> Value {
  a * exp(-b * r) - c / r ** 6 + q1 * q2 / (4 * .pi * 8.8541878128e-12 * r)
}

/// The energy of a particle.
func relativisticEnergy(_ m: Value, _ v: Value) -> Value {
  m * 299_792_458 ** 2 / sqrt(1 - (v / 299_792_458) ** 2)
}

/// The drag on a body that falls.
func fallWithDrag(_ t: Double, _ m: Value, _ k: Value) -> Value {
  sqrt(m * 9.81 / k) * tanh(t * sqrt(9.81 * k / m))
}

/// The saturation pressure of water by Magnus' formula, the dew point below it.
func dewPoint(_ t: Value, _ humidity: Value) -> Value {
  243.12 * (log(humidity / 100) + 17.62 * t / (243.12 + t)) / (17.62 - (log(humidity / 100) + 17.62 * t / (243.12 + t)))
}

/// A steady temperature by radiation and convection.
func heatBalance(_ t: Value, _ emissivity: Value, _ h: Value, _ ambient: Double) -> Value {
  emissivity * 5.670374419e-8 * (t ** 4 - ambient ** 4) + h * (t - ambient)
}
