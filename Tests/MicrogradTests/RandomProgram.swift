import Micrograd
import TestSupport

/// What a random program is made of; both engines have it.
protocol Scalar {
  static func + (x: Self, y: Self) -> Self
  static func - (x: Self, y: Self) -> Self
  static func * (x: Self, y: Self) -> Self
  static func / (x: Self, y: Self) -> Self
  static func + (x: Self, c: Double) -> Self
  static func - (c: Double, x: Self) -> Self
  static func * (c: Double, x: Self) -> Self
  static func / (x: Self, c: Double) -> Self
  static func / (c: Double, x: Self) -> Self
  static prefix func - (x: Self) -> Self
  func power(_ n: Double) -> Self
  func relu() -> Self
  func exp() -> Self
  func tanh() -> Self
  var data: Double { get }
}

/// The library's tanh, which rounds unlike the system's: the engines are compared to the same bits.
func roundedHyperbolicTangent(_ x: Double) -> Double { Value.tanh(.constant(x)).data }

extension Value: Scalar {
  func power(_ n: Double) -> Value { self ** n }
}

extension Reference: Scalar {
  static func + (x: Reference, c: Double) -> Reference { x + Reference(c) }
  static func - (c: Double, x: Reference) -> Reference { Reference(c) - x }
  static func * (c: Double, x: Reference) -> Reference { Reference(c) * x }
  static func / (x: Reference, c: Double) -> Reference { x / Reference(c) }
  static func / (c: Double, x: Reference) -> Reference { Reference(c) / x }
}

/// Steps that each make a new number of earlier ones, which they name by position.
struct RandomProgram {
  enum Step {
    case leaf(Double)
    case add(Int, Int), subtract(Int, Int), multiply(Int, Int), divide(Int, Int)
    case addProduct(Int, Int, Int)
    case plus(Int, Double), minus(Double, Int), times(Double, Int), over(Int, Double), under(Double, Int)
    case negate(Int), power(Int, Double), relu(Int), exp(Int), tanh(Int)
  }

  let inputs: [Double]
  private(set) var steps: [Step] = []

  /// A program of which no number grows much beyond 100.
  init(seed: UInt64, inputs inputCount: Int, steps stepCount: Int) {
    var random = SplitMix64(seed: seed)
    inputs = (0..<inputCount).map { _ in .random(in: -2...2, using: &random) }
    var numbers = inputs.map { Reference($0) }
    var data = inputs
    for _ in 0..<stepCount {
      let step = RandomProgram.step(after: data, using: &random)
      steps.append(step)
      numbers.append(RandomProgram.run(step, numbers) { Reference($0) })
      data.append(numbers[numbers.count - 1].data)
    }
  }

  /// The numbers of all steps, after the inputs.
  func run<T: Scalar>(_ inputs: [T], leaf: (Double) -> T) -> [T] {
    var numbers = inputs
    for step in steps { numbers.append(RandomProgram.run(step, numbers, leaf: leaf)) }
    return numbers
  }

  private static func run<T: Scalar>(_ step: Step, _ numbers: [T], leaf: (Double) -> T) -> T {
    switch step {
    case .leaf(let data): leaf(data)
    case .add(let x, let y): numbers[x] + numbers[y]
    case .subtract(let x, let y): numbers[x] - numbers[y]
    case .multiply(let x, let y): numbers[x] * numbers[y]
    case .divide(let x, let y): numbers[x] / numbers[y]
    case .addProduct(let s, let x, let y): numbers[s] + numbers[x] * numbers[y]
    case .plus(let x, let c): numbers[x] + c
    case .minus(let c, let x): c - numbers[x]
    case .times(let c, let x): c * numbers[x]
    case .over(let x, let c): numbers[x] / c
    case .under(let c, let x): c / numbers[x]
    case .negate(let x): -numbers[x]
    case .power(let x, let n): numbers[x].power(n)
    case .relu(let x): numbers[x].relu()
    case .exp(let x): (0.1 * numbers[x]).exp()
    case .tanh(let x): numbers[x].tanh()
    }
  }

  /// Operands are mostly recent, so that the graph gets deep, and often one and the same, so that it has diamonds.
  private static func step(after data: [Double], using random: inout SplitMix64) -> Step {
    let last = data.count - 1
    func pick() -> Int {
      let lowest = Int.random(in: 0..<4, using: &random) == 0 ? 0 : max(0, last - 8)
      let picked = Int.random(in: lowest...last, using: &random)
      return abs(data[picked]) < 8 ? picked : last
    }
    let x = pick(), y = Int.random(in: 0..<5, using: &random) == 0 ? x : pick()
    let c = Double.random(in: 0.5...2, using: &random)
    if abs(data[last]) > 8 { return .tanh(last) }
    let isDivisor = abs(data[y]) > 0.3
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return .leaf(.random(in: -2...2, using: &random))
    case 1, 2: return .add(x, y)
    case 3, 4: return .subtract(x, y)
    case 5, 6: return .multiply(x, y)
    case 7: return isDivisor ? .divide(x, y) : .multiply(x, y)
    case 8, 9, 10: return .addProduct(last, x, y)
    case 11: return .plus(x, -c)
    case 12: return .minus(c, x)
    case 13: return .times(-c, x)
    case 14: return isDivisor ? .under(c, y) : .over(y, c)
    case 15: return .negate(x)
    case 16: return isDivisor ? .power(y, [-2, -1, 2, 3].randomElement(using: &random)!) : .power(y, 2)
    case 17: return data[y] > 0.3 ? .power(y, c) : .relu(y)
    case 18: return .exp(x)
    default: return .tanh(x)
    }
  }
}
