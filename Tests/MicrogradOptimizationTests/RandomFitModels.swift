import Micrograd

/// The families of curves in random_fits.json.
enum RandomFitModels {
  static func value(_ family: String, _ p: [Value], _ x: Double) -> Value {
    switch family {
    case "decay": return p[0] * exp(-p[1] * x)
    case "decay to a level": return p[0] * exp(-p[1] * x) + p[2]
    case "two decays": return p[0] * exp(-p[1] * x) + p[2] * exp(-p[3] * x)
    case "saturation": return p[0] * (1 - exp(-p[1] * x))
    case "stretched decay": return p[0] * exp(-pow(x / p[1], p[2]))
    case "Gaussian peak": return p[0] * exp(-0.5 * ((x - p[1]) / p[2]).squared()) + p[3]
    case "Lorentzian peak": return p[0] / (1 + ((x - p[1]) / p[2]).squared())
    case "logistic": return p[0] / (1 + exp(-p[1] * (x - p[2])))
    case "Gompertz": return p[0] * exp(-p[1] * exp(-p[2] * x))
    case "power": return p[0] * pow(Value.constant(x), p[1])
    case "power and level": return p[0] * pow(Value.constant(x), p[1]) + p[2]
    case "Michaelis-Menten": return p[0] * x / (p[1] + x)
    case "Hill":
      let grown = pow(Value.constant(x), p[2])
      return p[0] * grown / (pow(p[1], p[2]) + grown)
    case "rational": return (p[0] + p[1] * x) / (1 + p[2] * x + p[3] * (x * x))
    case "oscillation": return p[0] * sin(p[1] * x + p[2]) + p[3]
    case "damped oscillation": return p[0] * exp(-p[1] * x) * cos(p[2] * x + p[3])
    case "Arrhenius": return p[0] * exp(-p[1] / x)
    case "logarithm": return p[0] * log(1 + p[1] * x) + p[2]
    case "cubic":
      let slope = p[1] + x * (p[2] + x * p[3])
      return p[0] + x * slope
    case "line": return p[0] + p[1] * x
    default: fatalError("there is no model for \(family)")
    }
  }
}
