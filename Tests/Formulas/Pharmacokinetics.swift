import Foundation
import Micrograd

let pharmacokinetics = [
  Formula("bateman", at: [0.8, 1.3, 0.2, 35]) { p in bateman(2.5, 500, p) },
  Formula("twoCompartments", at: [0.3, 0.5, 0.9, 12]) { p in twoCompartments(1.7, p) },
  Formula("hillEffect", at: [1.3, 0.2, 5, 0.9, 1.8]) { v in hillEffect(v[0], Array(v[1...])) },
  Formula("infusion", at: [4.2, 30]) { v in infusion(2.5, 50, v[0], v[1]) },
  Formula("cockcroftGault", at: [63, 71, 1.1]) { v in cockcroftGault(v[0], v[1], v[2]) },
]

/// Bateman's function: the concentration after an oral dose.
func bateman(_ t: Double, _ dose: Double, _ p: [Value]) -> Value {
  dose * p[0] * p[1] / (p[3] * (p[1] - p[2])) * (exp(-p[2] * t) - exp(-p[1] * t))
}

/// The concentration in the first of two compartments after a bolus.
func twoCompartments(_ t: Double, _ p: [Value]) -> Value {
  let root = sqrt((p[0] + p[1] + p[2]) * (p[0] + p[1] + p[2]) - 4 * p[0] * p[2])
  let fast = 0.5 * (p[0] + p[1] + p[2] + root)
  let slow = 0.5 * (p[0] + p[1] + p[2] - root)
  return p[3] * ((fast - p[1]) / (fast - slow) * exp(-fast * t) + (p[1] - slow) / (fast - slow) * exp(-slow * t))
}

/// An effect by Hill's sigmoid.
func hillEffect(_ c: Value, _ p: [Value]) -> Value {
  p[0] + p[1] * c ** p[3] / (p[2] ** p[3] + c ** p[3])
}

/// The concentration while a drug is infused.
func infusion(_ t: Double, _ rate: Double, _ clearance: Value, _ volume: Value) -> Value {
  rate / clearance * (1 - exp(-clearance / volume * t))
}

/// Creatinine's clearance by Cockcroft and Gault, for women.
func cockcroftGault(_ age: Value, _ weight: Value, _ creatinine: Value) -> Value {
  0.85 * (140 - age) * weight / (72 * creatinine)
}
