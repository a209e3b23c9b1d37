import Micrograd
import XCTest

/// Every operation, in every way to write it, with operands wherever they can live, against two oracles.
final class OperationsTests: XCTestCase {
  func testOperatorsAgreeWithPyTorch() {
    let cases = Fixture.operations.filter { operators[$0.op] != nil }
    XCTAssertEqual(cases.count, 1827)
    for expected in cases {
      for (way, operation) in operators[expected.op]!(expected.form, expected).enumerated() {
        check(expected.op == "power" ? pow(expected) : expected, way, operation)
      }
    }
  }

  func testFunctionsAreExactToTwelveDigits() {
    XCTAssertEqual(Fixture.exactOperations.count, 530)
    for expected in Fixture.exactOperations {
      // 1 - y² and y (1 - y) keep their absolute precision only, where y comes close to 1.
      let absolute = ["tanh", "sigmoid"].contains(expected.op) ? 1e-15 : 0
      for (way, function) in functions[expected.op]!.enumerated() {
        check(expected, way, absolute: absolute) { x, _ in function(x) }
      }
    }
  }

  func testFunctionsMeetTheirEdgesAsInPyTorch() {
    let exact = Set(Fixture.exactOperations.map(\.description))
    let edges = Fixture.operations.filter { functions[$0.op] != nil && !exact.contains($0.description) }
    XCTAssertEqual(edges.count + exact.count, 778)
    for expected in edges {
      for (way, function) in functions[expected.op]!.enumerated() {
        check(beyond(expected), way) { x, _ in function(x) }
      }
    }
  }

  /// PyTorch takes constant exponents of ±0.5 for square roots, which at -0 and -∞ are not what C's `pow` gives. Its
  /// power of two tensors is, so that is asked instead.
  private func pow(_ expected: OperationCase) -> OperationCase {
    guard expected.form == "VC", let y = expected.y, abs(y) == 0.5 else { return expected }
    let sameOfTensors = Fixture.operations.first {
      $0.op == "power" && $0.form == "VV" && $0.x.bitPattern == expected.x.bitPattern && $0.y == y
    }
    guard let sameOfTensors else { return expected }
    return OperationCase(
      op: "power", form: "VC", x: expected.x, y: y, value: sameOfTensors.value, dx: sameOfTensors.dx, dy: nil)
  }

  /// Where PyTorch's derivative is no number, or a number of a NaN, and ours is better: the area cosine is NaN below 1, and
  /// so is its slope; the slopes of gates go to 1 and 0 at the infinities, that of GELU's tanh form where the cube in it
  /// overflows.
  private func beyond(_ expected: OperationCase) -> OperationCase {
    switch expected.op {
    case "acosh" where expected.value.isNaN && expected.x < 1:
      OperationCase(op: "acosh", form: "V", x: expected.x, y: nil, value: .nan, dx: .nan, dy: nil)
    case "silu" where expected.x == .infinity, "gelu" where expected.x.isInfinite:
      OperationCase(
        op: expected.op, form: "V", x: expected.x, y: nil, value: expected.value, dx: expected.x > 0 ? 1 : 0, dy: nil)
    case "geluTanh" where abs(expected.x) >= 1e300:
      OperationCase(
        op: "geluTanh", form: "V", x: expected.x, y: nil, value: expected.value, dx: expected.x > 0 ? 1 : 0, dy: nil)
    default: expected
    }
  }
}

// MARK: - Ways to write an operation

private typealias Binary = (Value, Value) -> Value
private typealias Unary = (Value) -> Value

/// The ways to write an operation of two operands, by its form; the plain numbers are those of the case.
nonisolated(unsafe) private let operators: [String: (_ form: String, _ at: OperationCase) -> [Binary]] = [
  "add": ways({ $0 + $1 }, { $0 += $1 }, { $0 + $1 }, { $0 += $1 }, { $0 + $1 }),
  "subtract": ways({ $0 - $1 }, { $0 -= $1 }, { $0 - $1 }, { $0 -= $1 }, { $0 - $1 }),
  "multiply": ways({ $0 * $1 }, { $0 *= $1 }, { $0 * $1 }, { $0 *= $1 }, { $0 * $1 }),
  "divide": ways({ $0 / $1 }, { $0 /= $1 }, { $0 / $1 }, { $0 /= $1 }, { $0 / $1 }),
  "power": { form, at in
    let ways = ways({ $0 ** $1 }, { $0 **= $1 }, { $0 ** $1 }, { $0 **= $1 }, { $0 ** $1 })(form, at)
    switch form {
    case "VV": return ways + [{ pow($0, $1) }, { Value.pow($0, $1) }]
    case "VC":
      let whole = Int(exactly: at.y!)
      return ways + [{ x, _ in pow(x, at.y!) }] + (whole.map { n in [{ x, _ in Value.pow(x, n) }] } ?? [])
    default: return ways + [{ _, y in pow(at.x, y) }]
    }
  },
]

private func ways(
  _ vv: @escaping (Value, Value) -> Value, _ vvAssigning: @escaping (inout Value, Value) -> Void,
  _ vc: @escaping (Value, Double) -> Value, _ vcAssigning: @escaping (inout Value, Double) -> Void,
  _ cv: @escaping (Double, Value) -> Value
) -> (String, OperationCase) -> [Binary] {
  func assigning<B>(_ x: Value, _ y: B, _ operation: (inout Value, B) -> Void) -> Value {
    var x = x
    operation(&x, y)
    return x
  }
  return { form, at in
    switch form {
    case "VV": [vv, { assigning($0, $1, vvAssigning) }]
    case "VC":
      [
        { x, _ in vc(x, at.y!) }, { x, _ in assigning(x, at.y!, vcAssigning) },
        { x, _ in vv(x, .constant(at.y!)) },
      ]
    default: [{ _, y in cv(at.x, y) }, { _, y in vv(.constant(at.x), y) }]
    }
  }
}

/// The ways to write a function of one number.
nonisolated(unsafe) private let functions: [String: [Unary]] = [
  "negate": [{ -$0 }, { (-1) * $0 }],
  "square": [{ $0.squared() }, { $0 ** 2 }],
  "cube": [{ $0.cubed() }, { $0 ** 3 }],
  "reciprocal": [{ 1 / $0 }],
  "abs": [{ $0.magnitude }, { abs($0) }],
  "relu": [{ $0.relu() }, relu],
  "sqrt": [{ $0.sqrt() }, sqrt, Value.sqrt, { Value.root($0, 2) }],
  "exp": [{ $0.exp() }, exp, Value.exp],
  "expMinusOne": [Value.expMinusOne],
  "log": [{ $0.log() }, log, Value.log(_:)],
  "log1p": [Value.log(onePlus:)],
  "sin": [sin, Value.sin],
  "cos": [cos, Value.cos],
  "tan": [tan, Value.tan],
  "asin": [Value.asin],
  "acos": [Value.acos],
  "atan": [Value.atan],
  "sinh": [Value.sinh],
  "cosh": [Value.cosh],
  "tanh": [{ $0.tanh() }, tanh, Value.tanh],
  "asinh": [Value.asinh],
  "acosh": [Value.acosh],
  "atanh": [Value.atanh],
  "sigmoid": [{ $0.sigmoid() }, sigmoid],
  "softplus": [{ $0.softplus() }],
  "silu": [{ $0.silu() }],
  "gelu": [{ $0.gelu() }],
  "geluTanh": [{ $0.geluTanh() }],
  "leakyReLU": [{ $0.leakyReLU(slope: 0.2) }],
  "elu": [{ $0.elu(scale: 1.5) }],
]

// MARK: - Checking

/// Where an operand can live. The operators reach each by another path.
private enum Place: CaseIterable { case innermostScope, outerScope, parameters }

private func differentiate(
  _ f: Binary, at x: Double, _ y: Double, in place: Place
) -> (value: Double, dx: Double, dy: Double) {
  Tape.scope {
    let outer = [Value(x), Value(y)]
    let parameters = Parameters([x, y])
    return Tape.scope {
      let operands =
        switch place {
        case .innermostScope: [Value(x), Value(y)]
        case .outerScope: outer
        case .parameters: Array(parameters)
        }
      let result = f(operands[0], operands[1])
      result.backward()
      return (result.data, operands[0].grad, operands[1].grad)
    }
  }
}

private func check(_ expected: OperationCase, _ way: Int, absolute: Double = 0, _ operation: Binary) {
  for place in Place.allCases {
    let actual = differentiate(operation, at: expected.x, expected.y ?? .nan, in: place)
    let context = "\(expected), way \(way), operands in \(place)"
    assertSame(actual.value, expected.value, absolute: 0, "value of \(context)")
    if expected.value == 0 { XCTAssertEqual(actual.value.sign, expected.value.sign, "sign of \(context)") }
    if let dx = expected.dx { assertSame(actual.dx, dx, absolute: absolute, "dx of \(context)") }
    if let dy = expected.dy { assertSame(actual.dy, dy, absolute: absolute, "dy of \(context)") }
  }
  let constant = operation(.constant(expected.x), .constant(expected.y ?? .nan))
  XCTAssertTrue(constant.isConstant)
  assertSame(constant.data, expected.value, absolute: 0, "value of \(expected), way \(way), of constants")
}

/// The same to twelve digits; NaN is the same as NaN, and an infinity as itself.
private func assertSame(
  _ actual: Double, _ expected: Double, absolute: Double, _ message: @autoclosure () -> String
) {
  if actual == expected || actual.isNaN && expected.isNaN { return }
  let tolerance = max(1e-12 * abs(expected), absolute, .leastNonzeroMagnitude)
  if !expected.isFinite || !(abs(actual - expected) <= tolerance) {
    XCTFail("\(message()) is \(actual), not \(expected)")
  }
}
