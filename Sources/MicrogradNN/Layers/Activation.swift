import Micrograd

/// An activation function, applied to each element between layers.
///
/// ```swift
/// Sequential(Linear(2, 16), Activation.tanh, Linear(16, 1))
/// ```
///
/// Values and derivatives, at kinks too, are those of the functions of the same names on `Value`.
public enum Activation: Model, Hashable, Sendable {
  /// x itself.
  case identity
  /// max(x, 0).
  case relu
  /// x, or slope · x below 0; PyTorch's slope is 0.01.
  case leakyReLU(slope: Double = 0.01)
  /// x, or scale · (eˣ - 1) below 0.
  case elu(scale: Double = 1)
  /// x · Φ(x).
  case gelu
  /// GELU's tanh form.
  case geluTanh
  /// x / (1 + |x|).
  case softsign
  /// x · tanh(softplus(x)).
  case mish
  /// x · sigmoid(x).
  case silu
  /// log(1 + eˣ).
  case softplus
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

  /// Every activation with its defaults: its name on the command line, its name in `torch.nn` and an argument of that.
  package static let all: [(name: String, module: [String], activation: Activation)] = [
    ("identity", ["Identity"], .identity),
    ("relu", ["ReLU"], .relu),
    ("leaky-relu", ["LeakyReLU"], .leakyReLU()),
    ("elu", ["ELU"], .elu()),
    ("gelu", ["GELU"], .gelu),
    ("gelu-tanh", ["GELU", "tanh"], .geluTanh),
    ("softsign", ["Softsign"], .softsign),
    ("mish", ["Mish"], .mish),
    ("silu", ["SiLU"], .silu),
    ("softplus", ["Softplus"], .softplus),
    ("sigmoid", ["Sigmoid"], .sigmoid),
    ("tanh", ["Tanh"], .tanh),
  ]

  /// No parameters.
  public var parameters: [Value] { [] }

  /// Returns the function of each element.
  public func callAsFunction(_ x: Matrix) -> Matrix { apply(to: x) }

  /// Returns the function of one Value.
  public func callAsFunction(_ x: Value) -> Value { apply(to: x) }

  /// Returns the function of each Value.
  public func callAsFunction(_ sample: [Value]) -> [Value] {
    self == .identity ? sample : sample.map { apply(to: $0) }
  }

  private func apply<Numbers: ActivationFunctions>(to x: Numbers) -> Numbers {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .leakyReLU(let slope): x.leakyReLU(slope: slope)
    case .elu(let scale): x.elu(scale: scale)
    case .gelu: x.gelu()
    case .geluTanh: x.geluTanh()
    case .softsign: x.softsign()
    case .mish: x.mish()
    case .silu: x.silu()
    case .softplus: x.softplus()
    case .sigmoid: x.sigmoid()
    case .tanh: x.tanh()
    }
  }

  /// Returns a predictor that applies the function to plain numbers.
  public func predictor() -> Predictor { Predictor { self($0) } }
}
