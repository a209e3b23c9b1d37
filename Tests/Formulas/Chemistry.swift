import Foundation
import Micrograd

let chemistry = [
  Formula("arrheniusRate", at: [1.3e13, 92_000, 350]) { v in arrheniusRate(v[0], v[1], v[2]) },
  Formula("vanDerWaalsPressure", at: [0.024, 300, 0.364, 4.27e-5]) { v in
    vanDerWaalsPressure(1.5, v[0], v[1], v[2], v[3])
  },
  Formula("redlichKwongPressure", at: [0.024, 300, 6.46, 2.97e-5]) { v in redlichKwongPressure(v[0], v[1], v[2], v[3])
  },
  Formula("pengRobinsonPressure", at: [0.0024, 300, 0.7, 0.396, 2.67e-5]) { v in
    pengRobinsonPressure(v[0], v[1], 304.1, v[2], v[3], v[4])
  },
  Formula("antoinePressure", at: [80, 8.07131, 1730.63, 233.426]) { v in antoinePressure(v[0], Array(v[1...])) },
  Formula("nernstPotential", at: [0.77, 298, 0.02, 0.3]) { v in nernstPotential(v[0], v[1], 2, v[2], v[3]) },
  Formula("butlerVolmerCurrent", at: [0.01, 0.45, 0.03]) { v in butlerVolmerCurrent(v[0], v[1], v[2], 298) },
  Formula("debyeHuckel", at: [0.05, 0.4]) { v in debyeHuckel(v[0], v[1], 2) },
  Formula("mixedInhibition", at: [2.1, 0.4, 0.7, 1.9]) { p in mixedInhibition(1.3, 0.6, p) },
  Formula("weakAcidPH", at: [1.8e-5, 0.1]) { v in weakAcidPH(v[0], v[1]) },
]

/// The rate constant of Arrhenius, activation energy in J/mol, temperature in K.
func arrheniusRate(_ a: Value, _ energy: Value, _ t: Value) -> Value {
  a * exp(-energy / (8.314462618 * t))
}

/// The pressure of a gas by van der Waals' equation.
func vanDerWaalsPressure(_ n: Double, _ v: Value, _ t: Value, _ a: Value, _ b: Value) -> Value {
  n * 8.314462618 * t / (v - n * b) - a * n * n / (v * v)
}

/// The pressure of a gas by Redlich and Kwong, per mole.
func redlichKwongPressure(_ v: Value, _ t: Value, _ a: Value, _ b: Value) -> Value {
  8.314462618 * t / (v - b) - a / (sqrt(t) * v * (v + b))
}

/// The pressure of a gas by Peng and Robinson, per mole.
func pengRobinsonPressure(_ v: Value, _ t: Value, _ critical: Double, _ kappa: Value, _ a: Value, _ b: Value) -> Value {
  8.314462618 * t / (v - b) - a * (1 + kappa * (1 - sqrt(t / critical))) ** 2 / (v * v + 2 * b * v - b * b)
}

/// A vapour pressure by Antoine's equation.
func antoinePressure(_ t: Value, _ p: [Value]) -> Value {
  10 ** (p[0] - p[1] / (p[2] + t))
}

/// The potential of an electrode by Nernst's equation.
func nernstPotential(_ e0: Value, _ t: Value, _ z: Double, _ oxidised: Value, _ reduced: Value) -> Value {
  e0 + 8.314462618 * t / (z * 96485.33212) * log(oxidised / reduced)
}

/// The current density of an electrode by Butler and Volmer.
func butlerVolmerCurrent(_ j0: Value, _ alpha: Value, _ eta: Value, _ t: Double) -> Value {
  j0 * (exp(alpha * 96485.33212 * eta / (8.314462618 * t)) - exp(-(1 - alpha) * 96485.33212 * eta / (8.314462618 * t)))
}

/// log γ by the extended law of Debye and Hückel.
func debyeHuckel(_ strength: Value, _ radius: Value, _ z: Double) -> Value {
  -0.509 * z * z * sqrt(strength) / (1 + 3.29 * radius * sqrt(strength))
}

/// The rate of an enzyme with a mixed inhibitor.
func mixedInhibition(_ s: Double, _ i: Double, _ p: [Value]) -> Value {
  p[0] * s / (p[1] * (1 + i / p[2]) + s * (1 + i / p[3]))
}

/// The pH of a weak acid.
func weakAcidPH(_ ka: Value, _ c: Value) -> Value {
  -log10((-ka + sqrt(ka * ka + 4 * ka * c)) / 2)
}
