import Foundation
import Micrograd

let optics = [
  Formula("lensmaker", at: [1.5168, 0.06, -0.04, 0.005]) { v in lensmaker(v[0], v[1], v[2], v[3]) },
  Formula("sellmeier", at: [1.0396, 0.2318, 1.0105, 0.006, 0.02, 103.6]) { v in
    sellmeier(0.5876, Array(v[0..<3]), Array(v[3...]))
  },
  Formula("fresnelReflectance", at: [0.7, 1, 1.5]) { v in fresnelReflectance(v[0], v[1], v[2]) },
  Formula("beamRadius", at: [0.8, 4e-4]) { v in beamRadius(v[0], v[1], 6.33e-7) },
  Formula("gratingIntensity", at: [0.7, 0.4]) { v in gratingIntensity(v[0], v[1], 5) },
  Formula("etalonTransmission", at: [0.8, 1.3]) { v in etalonTransmission(v[0], v[1]) },
]

/// The power of a thick lens.
func lensmaker(_ n: Value, _ r1: Value, _ r2: Value, _ d: Value) -> Value {
  (n - 1) * (1 / r1 - 1 / r2 + (n - 1) * d / (n * r1 * r2))
}

/// A refractive index by Sellmeier's equation, the wavelength in micrometres.
func sellmeier(_ wavelength: Double, _ b: [Value], _ c: [Value]) -> Value {
  let l2 = wavelength * wavelength
  return sqrt(1 + b[0] * l2 / (l2 - c[0]) + b[1] * l2 / (l2 - c[1]) + b[2] * l2 / (l2 - c[2]))
}

/// The reflectance of s-polarised light by Fresnel.
func fresnelReflectance(_ angle: Value, _ n1: Value, _ n2: Value) -> Value {
  let transmitted = n2 * sqrt(1 - (n1 / n2 * sin(angle)) ** 2)
  return ((n1 * cos(angle) - transmitted) / (n1 * cos(angle) + transmitted)) ** 2
}

/// The radius of a Gaussian beam.
func beamRadius(_ z: Value, _ waist: Value, _ wavelength: Double) -> Value {
  waist * sqrt(1 + (z * wavelength / (.pi * waist * waist)) ** 2)
}

/// The intensity behind a grating of n slits.
func gratingIntensity(_ beta: Value, _ gamma: Value, _ n: Double) -> Value {
  (sin(beta) / beta) ** 2 * (sin(n * gamma) / sin(gamma)) ** 2
}

/// The transmission of a Fabry-Pérot etalon by Airy's formula.
func etalonTransmission(_ r: Value, _ phase: Value) -> Value {
  1 / (1 + 4 * r / (1 - r) ** 2 * sin(phase / 2) ** 2)
}
