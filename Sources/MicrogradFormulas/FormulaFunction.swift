import Micrograd

/// The functions that a formula can call: those of the engine's op table, and a few that are made of them.
///
/// The raw value is the name that a printed formula has.
internal enum FormulaFunction: String, CaseIterable, Hashable, Sendable {
  case abs, sign, floor, ceil, round, rint, trunc, detach
  case sqrt, cbrt, root, square, cube, pow
  case exp, expm1, exp2, exp10, log, log1p, log2, log10, log1mexp
  case sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh, asinh, acosh, atanh, hypot
  case erf, erfc, normcdf, gamma, lgamma, digamma, polygamma
  case relu, sigmoid, logit, softplus, softsign, silu, mish, gelu
  case geluTanh = "gelu_tanh"
  case leakyReLU = "leaky_relu"
  case elu
  case max, min, clamp, fmod, remainder, sum, logsumexp

  /// Other names of the function.
  var otherNames: [String] {
    switch self {
    case .abs: ["fabs"]
    case .sign: ["sgn"]
    case .ceil: ["ceiling"]
    case .square: ["squared", "sqr"]
    case .cube: ["cubed"]
    case .pow: ["power"]
    case .log: ["ln"]
    case .asin: ["arcsin"]
    case .acos: ["arccos"]
    case .atan: ["arctan"]
    case .atan2: ["arctan2"]
    case .asinh: ["arsinh", "arcsinh"]
    case .acosh: ["arcosh", "arccosh"]
    case .atanh: ["artanh", "arctanh"]
    case .normcdf: ["pnorm", "Φ"]
    case .gamma: ["tgamma", "Γ"]
    case .lgamma: ["gammaln", "loggamma", "logGamma"]
    case .digamma: ["psi", "ψ"]
    case .relu: ["ReLU"]
    case .sigmoid: ["logistic", "expit"]
    case .silu: ["swish", "SiLU"]
    case .gelu: ["GELU"]
    case .geluTanh: ["geluTanh"]
    case .leakyReLU: ["leakyReLU"]
    case .elu: ["ELU"]
    case .max: ["maximum"]
    case .min: ["minimum"]
    case .clamp: ["clip"]
    case .fmod: ["mod"]
    case .logsumexp: ["logSumExp"]
    default: []
    }
  }

  /// The functions by all their names.
  static let named: [String: FormulaFunction] = Dictionary(
    uniqueKeysWithValues: allCases.flatMap { f in ([f.rawValue] + f.otherNames).map { ($0, f) } })

  /// The numbers of arguments that the function takes.
  var argumentCounts: ClosedRange<Int> {
    switch self {
    case .root, .pow, .atan2, .hypot, .polygamma, .fmod, .remainder: 2...2
    case .leakyReLU, .elu: 1...2
    case .clamp: 3...3
    case .max, .min, .sum, .logsumexp: 1...(.max)
    default: 1...1
    }
  }

  /// The position of an argument that must be a plain whole number, such as the order of `polygamma`.
  var wholeArgument: Int? {
    switch self {
    case .root: 1
    case .polygamma: 0
    default: nil
    }
  }

  /// Returns true if a number can be the whole argument.
  func takesWhole(_ number: Double) -> Bool {
    guard let n = Int(exactly: number) else { return false }
    return self == .root ? n >= 1 && n <= 1000 : n >= 0 && n <= 100
  }

  /// True if the function's name is also a usual name of a parameter: it is one where no parenthesis follows.
  var isAlsoName: Bool { self == .gamma }
}

extension FormulaFunction {
  /// Computes the function.
  ///
  /// - Parameters:
  ///   - x: The arguments.
  ///   - constants: The numbers of those arguments that are plain numbers; a whole argument is one.
  func callAsFunction<T: DifferentiableNumber>(_ x: [T], constants: [Double?]) -> T {
    switch self {
    case .abs: return .abs(x[0])
    case .sign: return .sign(x[0])
    case .floor: return .floor(x[0])
    case .ceil: return .ceil(x[0])
    case .round: return .round(x[0])
    case .rint: return x[0].rounded(.toNearestOrEven)
    case .trunc: return .trunc(x[0])
    case .detach: return T.apply(.detach, to: x[0])
    case .sqrt: return .sqrt(x[0])
    case .cbrt: return .cbrt(x[0])
    case .root: return .root(x[0], Int(x[1].number))
    case .square: return x[0].squared()
    case .cube: return x[0].cubed()
    case .pow: return x[0] ** x[1]
    case .exp: return .exp(x[0])
    case .expm1: return .expm1(x[0])
    case .exp2: return .exp2(x[0])
    case .exp10: return .exp10(x[0])
    case .log: return .log(x[0])
    case .log1p: return .log1p(x[0])
    case .log2: return .log2(x[0])
    case .log10: return .log10(x[0])
    case .log1mexp: return .log1mexp(x[0])
    case .sin: return .sin(x[0])
    case .cos: return .cos(x[0])
    case .tan: return .tan(x[0])
    case .asin: return .asin(x[0])
    case .acos: return .acos(x[0])
    case .atan: return .atan(x[0])
    case .atan2: return .atan2(y: x[0], x: x[1])
    case .sinh: return .sinh(x[0])
    case .cosh: return .cosh(x[0])
    case .tanh: return .tanh(x[0])
    case .asinh: return .asinh(x[0])
    case .acosh: return .acosh(x[0])
    case .atanh: return .atanh(x[0])
    case .hypot: return .hypot(x[0], x[1])
    case .erf: return .erf(x[0])
    case .erfc: return .erfc(x[0])
    case .normcdf: return 0.5 * T.erfc(x[0] * -0.5.squareRoot())
    case .gamma: return .gamma(x[0])
    case .lgamma: return .logGamma(x[0])
    case .digamma: return .digamma(x[0])
    case .polygamma: return .polygamma(Int(x[0].number), x[1])
    case .relu: return .relu(x[0])
    case .sigmoid: return .sigmoid(x[0])
    case .logit: return .logit(x[0])
    case .softplus: return .softplus(x[0])
    case .softsign: return .softsign(x[0])
    case .silu: return .silu(x[0])
    case .mish: return .mish(x[0])
    case .gelu: return .gelu(x[0])
    case .geluTanh: return .geluTanh(x[0])
    // Of a slope, a scale or limits that are not plain numbers, what the op computes, from other ops.
    case .leakyReLU:
      if let slope = x.count == 1 ? 0.01 : constants[1] { return .leakyReLU(x[0], slope: slope) }
      return .select(x[0] > .zero, x[0], x[0] * x[1])
    case .elu:
      if let scale = x.count == 1 ? 1 : constants[1] { return .elu(x[0], scale: scale) }
      return .select(x[0] > .zero, x[0], x[1] * T.expm1(x[0]))
    case .max: return x.dropFirst().reduce(x[0]) { .max($0, $1) }
    case .min: return x.dropFirst().reduce(x[0]) { .min($0, $1) }
    case .clamp:
      if let lower = constants[1], let upper = constants[2], lower <= upper { return .clamp(x[0], lower, upper) }
      return .clamp(x[0], x[1], x[2])
    case .fmod: return .fmod(x[0], x[1])
    case .remainder: return .remainder(x[0], x[1])
    case .sum: return .sum(x)
    case .logsumexp: return .logSumExp(x)
    }
  }
}
