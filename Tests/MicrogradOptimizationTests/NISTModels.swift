import Micrograd

/// The models of NIST's data sets, as the files write them.
enum NISTModels {
  static func value(_ name: String, _ b: [Value], _ inputs: [Double]) -> Value {
    let x = inputs[0]
    switch name {
    case "Misra1a", "BoxBOD": return b[0] * (1 - exp(-b[1] * x))
    case "Misra1b": return b[0] * (1 - 1 / growth(b[1], x / 2).squared())
    case "Misra1c": return b[0] * (1 - 1 / Value.sqrt(growth(b[1], 2 * x)))
    case "Misra1d": return b[0] * b[1] * x / (1 + b[1] * x)
    case "Chwirut1", "Chwirut2": return exp(-b[0] * x) / (b[1] + b[2] * x)
    case "DanWood": return b[0] * pow(Value.constant(x), b[1])
    case "ENSO": return oscillation(b, x)
    case "Eckerle4": return b[0] / b[1] * exp(-0.5 * ((x - b[2]) / b[1]).squared())
    case "Gauss1", "Gauss2", "Gauss3":
      return b[0] * exp(-b[1] * x) + peak(b[2], b[3], b[4], x) + peak(b[5], b[6], b[7], x)
    case "Hahn1", "Thurber": return rational(degree: 3, b, x)
    case "Kirby2": return rational(degree: 2, b, x)
    case "Lanczos1", "Lanczos2", "Lanczos3": return decay(b[0], b[1], x) + decay(b[2], b[3], x) + decay(b[4], b[5], x)
    case "MGH09": return b[0] * (x * x + x * b[1]) / (x * x + x * b[2] + b[3])
    case "MGH10": return b[0] * exp(b[1] / (x + b[2]))
    case "MGH17": return b[0] + decay(b[1], b[3], x) + decay(b[2], b[4], x)
    case "Nelson": return b[0] - b[1] * x * exp(-b[2] * inputs[1])
    case "Rat42": return b[0] / (1 + exp(b[1] - b[2] * x))
    case "Rat43": return b[0] / pow(1 + exp(b[1] - b[2] * x), 1 / b[3])
    case "Roszman1": return b[0] - b[1] * x - angle(b[2], x - b[3]) / Double.pi
    case "Bennett5": return b[0] * pow(b[1] + x, -1 / b[2])
    default: fatalError("there is no model for \(name)")
    }
  }

  private static func growth(_ rate: Value, _ x: Double) -> Value { 1 + rate * x }

  private static func angle(_ y: Value, _ x: Value) -> Value { Value.atan(y / x) }

  private static func decay(_ height: Value, _ rate: Value, _ x: Double) -> Value { height * exp(-rate * x) }

  private static func peak(_ height: Value, _ place: Value, _ width: Value, _ x: Double) -> Value {
    let distance = (x - place) / width
    return height * exp(-distance.squared())
  }

  private static func wave(_ cosine: Value, _ sine: Value, _ phase: Value) -> Value {
    cosine * Value.cos(phase) + sine * Value.sin(phase)
  }

  private static func oscillation(_ b: [Value], _ x: Double) -> Value {
    let turns = 2 * Double.pi * x
    let year = wave(b[1], b[2], Value.constant(turns / 12))
    return b[0] + year + wave(b[4], b[5], turns / b[3]) + wave(b[7], b[8], turns / b[6])
  }

  private static func rational(degree: Int, _ b: [Value], _ x: Double) -> Value {
    var (above, below, power) = (b[0], Value.constant(1), 1.0)
    for k in 1...degree {
      power *= x
      above += b[k] * power
      below += b[degree + k] * power
    }
    return above / below
  }
}
