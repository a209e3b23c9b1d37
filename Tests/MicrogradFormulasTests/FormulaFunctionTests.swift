import CMicrograd
import Micrograd
import XCTest

@testable import MicrogradFormulas

final class FormulaFunctionTests: XCTestCase {
  /// The formula for each op of the engine's table; nil for those that formulas write by operators.
  private static let formulas: [String: String] = [
    "add": "x + y", "multiply": "x*y", "subtract": "x - y", "divide": "x/y", "power": "x**y", "maximum": "max(x, y)",
    "minimum": "min(x, y)", "hypotenuse": "hypot(x, y)", "angle": "atan2(x, y)", "remainder": "remainder(x, y)",
    "truncating_remainder": "fmod(x, y)", "add_constant": "x + 0.7", "subtract_from_constant": "0.7 - x",
    "multiply_constant": "x*0.7", "divide_by_constant": "x/0.7", "divide_constant": "0.7/x", "power_constant": "x**0.7",
    "constant_power": "0.7**x", "clamp_below": "clamp(x, 0.7, 1e9)", "clamp_above": "clamp(x, -1e9, 0.7)",
    "polygamma_function": "polygamma(1, x)", "leaky_relu": "leaky_relu(x, 0.7)", "elu": "elu(x, 0.7)", "negate": "-x",
    "relu": "relu(x)", "square": "x**2", "cube": "x**3", "sum": "sum(x, y, 2)", "log_sum_exp": "logsumexp(x, y)",
    "select": "if(x < y, x, y)",
  ]

  /// Ops that only the library records, for matrices, tables and fused layers.
  private static let withoutFormula: Set<String> = [
    "leaf", "function", "sum_run", "dot", "dot_runs", "weighted_sum", "pick", "neuron", "block", "scale", "hinge",
    "squared_hinge", "squared_error", "absolute_error", "huber", "binary_cross_entropy", "copy", "row_sum", "softmax",
    "log_softmax", "cross_entropy", "layer_norm", "rms_norm", "custom",
  ]

  func testEveryOpOfTheTableHasAFormula() throws {
    for code in 0..<OpCode.count.rawValue {
      let op = try XCTUnwrap(OpCode(rawValue: code))
      let name = String(cString: mg_op_name(op))
      if Self.withoutFormula.contains(name) { continue }
      guard let text = Self.formulas[name] else {
        XCTFail("the op \(name) cannot be written in a formula")
        continue
      }
      let formula = try Formula(text)
      let point = [1.4, 0.6].prefix(formula.names.count).map { $0 }
      let (value, names) = Tape().use { () -> (Double, [String]) in
        let y = formula(point.map { Value($0) })
        return (y.data, Graph(of: y).nodes.compactMap(\.operation))
      }
      let expected = mg_op_value(op, 1.4, name == "polygamma_function" ? 1 : formula.names.count == 2 ? 0.6 : 0.7)
      if !expected.isNaN { XCTAssertEqual(value, expected, text) }
      let symbol = String(cString: mg_op_symbol(op))
      XCTAssertTrue(names.contains { $0.contains(symbol) }, "\(text) records \(names)")
    }
  }

  func testEveryFunctionOfTheTableHasAFormula() throws {
    let called = FormulaFunction.allCases.filter { $0.argumentCounts == 1...1 }
    for code in 0..<FunctionCode.count.rawValue {
      let function = try XCTUnwrap(FunctionCode(rawValue: code))
      for x in [0.37, 1.6, -0.8] {
        let expected = mg_function_value(function, x)
        let found = try called.filter { f in
          let value = try Formula("\(f.rawValue)(x)")([x])
          return value == expected || (value.isNaN && expected.isNaN)
        }
        XCTAssertFalse(found.isEmpty, "no formula computes \(String(cString: mg_function_name(function)))")
      }
    }
  }

  func testFunctionsHaveTheNamesOfTheirSymbols() throws {
    for code in 0..<FunctionCode.count.rawValue {
      let function = try XCTUnwrap(FunctionCode(rawValue: code))
      let symbol = String(cString: mg_function_symbol(function))
      let other = ["round to even": "rint", "log gamma": "lgamma", "GELU~": "gelu_tanh", "Mish": "mish"]
      let f = try Formula("\(other[symbol] ?? symbol)(x)")
      for x in [0.37, 1.6] {
        XCTAssertEqual(f([x]).bitPattern, mg_function_value(function, x).bitPattern, "\(symbol) of \(x)")
      }
    }
  }

  func testOtherNamesMeanTheSame() throws {
    for function in FormulaFunction.allCases {
      let arguments =
        function.wholeArgument == 0
        ? "2, x"
        : function.wholeArgument == 1
          ? "x, 2"
          : Array(repeating: "x", count: function.argumentCounts.lowerBound).joined(separator: ", ")
      for name in function.otherNames {
        XCTAssertEqual(try Formula("\(name)(\(arguments))"), try Formula("\(function.rawValue)(\(arguments))"))
      }
    }
  }

  func testAFunctionsNameIsNoInputExceptGamma() throws {
    XCTAssertThrowsError(try Formula("a*exp + 1"))
    XCTAssertEqual(try Formula("gamma*x").names, ["gamma", "x"])
    XCTAssertEqual(try Formula("gamma(gamma)").names, ["gamma"])
    XCTAssertEqual(try Formula("`exp`*x").names, ["exp", "x"])
  }
}
