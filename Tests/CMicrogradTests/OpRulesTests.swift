import CMicrograd
import Foundation
import XCTest

/// The derivatives in words of the table in mg_ops.h, computed as they are written, are its derivatives.
final class OpRulesTests: XCTestCase {
  private let points = [0.3, 0.7, -0.6, 1.4, 2.3, -2.5]

  private func rule(_ op: OpCode, _ function: FunctionCode = .absolute, _ role: OperandRole = .first) -> String {
    String(cString: mg_op_rule(op, function, role))
  }

  private var codes: [OpCode] { (0..<OpCode.count.rawValue).map { OpCode(rawValue: $0)! } }
  private var functions: [FunctionCode] { (0..<FunctionCode.count.rawValue).map { FunctionCode(rawValue: $0)! } }

  func testEveryOperationHasARuleForEveryOperand() {
    for op in codes where ![.leaf, .function, .block, .custom].contains(op) {
      XCTAssertNotEqual(rule(op), "", String(cString: mg_op_name(op)))
      if mg_op_is_binary(op) { XCTAssertNotEqual(rule(op, .absolute, .second), "", String(cString: mg_op_name(op))) }
    }
    for op in [OpCode.copy, .row_sum, .softmax, .log_softmax, .cross_entropy, .layer_norm, .rms_norm] where op != .copy
    {
      XCTAssertNotEqual(rule(op, .absolute, .second), "", String(cString: mg_op_name(op)))
    }
    for function in functions { XCTAssertNotEqual(rule(.function, function), "") }
    XCTAssertEqual(rule(.leaf), "")
  }

  func testTheWordsOfOperationsOnNumbersAreTheirDerivatives() throws {
    for op in codes {
      let isOfNumbers = mg_op_is_binary(op) || mg_op_has_constant(op) || [.negate, .relu, .square, .cube].contains(op)
      guard isOfNumbers else { continue }
      for x in points {
        for y in points { try check(op, .absolute, x, y) }
      }
    }
  }

  func testTheWordsOfFunctionsAreTheirDerivatives() throws {
    for function in functions {
      for x in points { try check(.function, function, x, .nan) }
    }
  }

  private func check(_ op: OpCode, _ function: FunctionCode, _ x: Double, _ y: Double) throws {
    // Of a polygamma the constant is a whole number; of a loss, the target is y and the constant positive.
    let c = op == .polygamma_function ? Double(Int(abs(y))) : mg_op_has_target(op) ? abs(y) / 2 : y
    let v =
      op == .function
      ? mg_function_value(function, x)
      : mg_op_has_target(op) ? .nan : mg_op_value(op, x, op == .polygamma_function ? c : y)
    var application = mg_application(op: op, function: function, x: x, y: y, c: c, t: y, v: v)
    var slopes = [Double.nan, .nan], contributions = slopes
    mg_op_partials(&application, 2, &slopes, &contributions)
    let letters = ["x": x, "y": y, "c": c, "t": y, "v": v, "pi": Double.pi]
    for (k, role) in [OperandRole.first, .second].enumerated() where !rule(op, function, role).isEmpty {
      if op == .function, k == 1 { continue }
      let words = rule(op, function, role), name = op == .function ? mg_function_name(function) : mg_op_name(op)
      let value = try WordFormula(words, letters).value()
      let context = "\(String(cString: name)) at \(x), \(y): \(words)"
      // At points outside of the domain one may be NaN, and the other too.
      if slopes[k].isNaN || v.isNaN && !mg_op_has_target(op) { continue }
      XCTAssertEqual(value, slopes[k], accuracy: 1e-6 * max(1, abs(value)), context)
      XCTAssertEqual(contributions[k], 2 * slopes[k], accuracy: 1e-14 * abs(value) + 1e-300, context)
    }
  }

  func testTheWordsOfRowsAreTheirDerivatives() throws {
    let x = [0.4, -1.2, 0.9], exps = x.map(exp), shares = exps.map { $0 / exps.reduce(0, +) }
    func derivative(_ f: ([Double]) -> Double, _ k: Int) -> Double {
      var (above, below) = (x, x)
      above[k] += 1e-6
      below[k] -= 1e-6
      return (f(above) - f(below)) / 2e-6
    }
    func softmax(_ x: [Double], _ j: Int) -> Double { exp(x[j]) / x.map(exp).reduce(0, +) }
    func norm(_ x: [Double], _ j: Int, centers: Bool) -> Double {
      let mean = centers ? x.reduce(0, +) / 3 : 0
      return 1.7 * (x[j] - mean) / (x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 3).squareRoot()
    }
    for k in 0..<3 {
      let role: OperandRole = k == 0 ? .first : .second
      func words(_ op: OpCode, v: Double, _ more: [String: Double] = [:]) throws -> Double {
        let letters = ["v": v, "softmax(x)": shares[k], "x": x[k]].merging(more) { $1 }
        return try WordFormula(rule(op, .absolute, role), letters).value()
      }
      XCTAssertEqual(try words(.softmax, v: shares[0]), derivative({ softmax($0, 0) }, k), accuracy: 1e-8)
      XCTAssertEqual(try words(.log_softmax, v: log(shares[0])), derivative({ log(softmax($0, 0)) }, k), accuracy: 1e-8)
      XCTAssertEqual(try words(.cross_entropy, v: 0), derivative({ -log(softmax($0, 0)) }, k), accuracy: 1e-8)
      for op in [OpCode.layer_norm, .rms_norm] {
        let centers = op == .layer_norm, mean = centers ? x.reduce(0, +) / 3 : 0
        let s = (x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 3).squareRoot()
        let letters = ["y": 1.7, "z": (x[k] - mean) / s, "w": (x[0] - mean) / s, "n": 3, "s": s]
        let expected = derivative({ norm($0, 0, centers: centers) }, k)
        XCTAssertEqual(try words(op, v: 0, letters), expected, accuracy: 1e-8)
      }
    }
  }
}

/// A formula of the table's last columns: arithmetic, functions, `A if condition, B if condition, else C`, and
/// `formula with u = formula`.
private struct WordFormula {
  private let text: String
  private let letters: [String: Double]

  init(_ text: String, _ letters: [String: Double]) { (self.text, self.letters) = (text, letters) }

  func value() throws -> Double {
    let parts = text.components(separatedBy: " with u = ")
    guard parts.count == 2 else { return try choices(text) }
    let u = try WordFormula(parts[1], letters).value()
    return try WordFormula(parts[0], letters.merging(["u": u]) { $1 }).value()
  }

  private func choices(_ text: String) throws -> Double {
    for choice in text.components(separatedBy: ", ") {
      if choice.hasPrefix("else ") { return try arithmetic(String(choice.dropFirst(5))) }
      let parts = choice.components(separatedBy: " if ")
      guard parts.count == 2 else { return try arithmetic(text) }
      let words = parts[1].components(separatedBy: " "), at = words.firstIndex { ["<", ">", "==", "<="].contains($0) }!
      let left = try arithmetic(words[..<at].joined(separator: " "))
      let right = try arithmetic(words[(at + 1)...].joined(separator: " "))
      let holds = ["<": left < right, ">": left > right, "==": left == right, "<=": left <= right][words[at]]!
      if holds { return try arithmetic(parts[0]) }
    }
    return .nan
  }

  private func arithmetic(_ text: String) throws -> Double {
    var parser = ArithmeticParser(text, letters)
    return try parser.whole()
  }
}

private struct NotAFormula: Error { let rest: String }

private struct ArithmeticParser {
  private var rest: Substring
  private let letters: [String: Double]

  init(_ text: String, _ letters: [String: Double]) { (rest, self.letters) = (text[...], letters) }

  mutating func whole() throws -> Double {
    let value = try sum()
    guard rest.isEmpty else { throw NotAFormula(rest: String(rest)) }
    return value
  }

  private mutating func take(_ symbol: String) -> Bool {
    let trimmed = rest.drop { $0 == " " }
    guard trimmed.hasPrefix(symbol), symbol != "*" || !trimmed.hasPrefix("**") else { return false }
    rest = trimmed.dropFirst(symbol.count)
    return true
  }

  private mutating func sum() throws -> Double {
    var value = try product()
    while true {
      if take("+") { value += try product() } else if take("-") { value -= try product() } else { return value }
    }
  }

  private mutating func product() throws -> Double {
    var value = try signed()
    while true {
      if take("*") { value *= try signed() } else if take("/") { value /= try signed() } else { return value }
    }
  }

  private mutating func signed() throws -> Double {
    if take("-") { return -(try signed()) }
    let base = try atom()
    return take("**") ? pow(base, try signed()) : base
  }

  private mutating func atom() throws -> Double {
    if take("(") {
      let value = try sum()
      guard take(")") else { throw NotAFormula(rest: String(rest)) }
      return value
    }
    for (word, value) in letters where word.count > 1 && take(word) { return value }
    rest = rest.drop { $0 == " " }
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." }
    rest = rest.dropFirst(word.count)
    if let number = Double(word) { return number }
    if let value = letters[String(word)] { return value }
    guard take("(") else { throw NotAFormula(rest: "\(word)\(rest)") }
    let first = try sum()
    let second = take(",") ? try sum() : .nan
    guard take(")") else { throw NotAFormula(rest: String(rest)) }
    return try function(String(word), first, second)
  }

  private func function(_ name: String, _ x: Double, _ y: Double) throws -> Double {
    switch name {
    case "exp": return exp(x)
    case "log": return log(x)
    case "sqrt": return sqrt(x)
    case "sin": return sin(x)
    case "cos": return cos(x)
    case "sinh": return sinh(x)
    case "cosh": return cosh(x)
    case "tanh": return tanh(x)
    case "abs": return abs(x)
    case "erf": return erf(x)
    case "sign": return x > 0 ? 1 : x < 0 ? -1 : x
    case "round": return x.rounded(.toNearestOrEven)
    case "sigmoid": return 1 / (1 + exp(-x))
    case "softplus": return log(1 + exp(x))
    case "digamma": return (lgamma(x + 1e-5) - lgamma(x - 1e-5)) / 2e-5
    case "polygamma": return mg_polygamma(Int32(x), y)
    default: throw NotAFormula(rest: name)
    }
  }
}
