import CMicrograd
import TestSupport
import XCTest

/// The vectorised functions on their whole domains, against exact results: the bounds of the scalar ops.
final class LanesDomainTests: XCTestCase {
  private static let functions: [String: FunctionCode] = {
    let codes = (0..<FunctionCode.count.rawValue).map { FunctionCode(rawValue: $0)! }
    let byName = Dictionary(uniqueKeysWithValues: codes.map { (String(cString: mg_function_name($0)), $0) })
    return FunctionsFixture.names.compactMapValues { byName[$0] }
  }()
  private static let binary: [String: OpCode] = [
    "add": .add, "subtract": .subtract, "multiply": .multiply, "divide": .divide, "power": .power, "atan2": .angle,
    "hypot": .hypotenuse,
  ]
  private static let unary: [String: LaneOp] = [
    "negate": LaneOp(.negate), "square": LaneOp(.square), "cube": LaneOp(.cube),
    "reciprocal": LaneOp(.divide_constant, c: 1), "elu": LaneOp(.elu, c: 1.5),
  ]

  private func forEachOp(_ body: (String, [FunctionCase], LaneOp, _ x: LaneRow, _ y: LaneRow) -> Void) {
    for (name, cases) in Dictionary(grouping: FunctionsFixture.cases, by: \.op) where name != "polygamma" {
      let op: LaneOp
      if let function = Self.functions[name] {
        op = LaneOp(.function, function)
      } else if let code = Self.binary[name] {
        op = LaneOp(code, isBinary: true)
      } else if let code = Self.unary[name] {
        op = code
      } else {
        XCTFail("no op is \(name)")
        continue
      }
      body(name, cases, op, LaneRow(cases.map(\.x)), LaneRow(cases.map { $0.y ?? .nan }))
    }
  }

  /// But those that are constant between jumps, bends, and `detach`, which is recorded for its derivative alone.
  func testEverySmoothFunctionIsAskedOnItsWholeDomain() {
    let asked = Set(Self.functions.values)
    for code in (0..<FunctionCode.count.rawValue).map({ FunctionCode(rawValue: $0)! }) where code != .detach {
      var application = mg_application()
      (application.op, application.function) = (.function, code)
      let kind = withUnsafePointer(to: application) { mg_nearest_kink($0).kind }
      if kind == .jumps || kind == .chooses || asked.contains(code) { continue }
      XCTFail(
        "\(String(cString: mg_function_name(code))) has no domain in operations.py; add it, run make_functions.py")
    }
  }

  func testValuesAreWithinTwoLastPlaces() {
    forEachOp { name, cases, op, x, y in
      let v = op.values(x, y)
      let bound = MG_WIDE_DIGITS < 64 && ["erfc", "gelu", "gamma", "logGamma", "digamma"].contains(name) ? 32.0 : 2
      for (k, each) in cases.enumerated() {
        XCTAssertLessThanOrEqual(ulps(v[k], each.value), bound, "\(each) is \(v[k])")
      }
    }
  }

  /// As those of the scalar ops: GELU's and its approximation's lose more beside their zeros.
  func testFirstDerivativesAreWithinFourLastPlaces() {
    forEachOp { name, cases, op, x, y in
      let v = op.values(x, y), one = LaneRow(1, count: x.count)
      let slopes = op.operands.map { op.partials($0, one, x, y, v) }
      for (k, each) in cases.enumerated() where each.value.isFinite {
        for (slope, expected) in zip(slopes, [each.dx, each.dy]) {
          guard let expected else { continue }
          let bound = ["gelu", "geluTanh"].contains(name) ? 12.0 : 4
          XCTAssertLessThanOrEqual(distance(slope[k], expected, each), bound, "\(each) is \(slope[k])")
        }
      }
    }
  }

  /// Last places, of which a derivative that is formed from a subnormal number, or is one, cannot have all.
  private func distance(_ result: Double, _ expected: Double, _ each: FunctionCase) -> Double {
    let least = Double.leastNormalMagnitude, distance = ulps(result, expected)
    if expected.magnitude < least, abs(result - expected) < 256 * .leastNonzeroMagnitude { return 0 }
    guard each.value != 0, each.value.magnitude < least, distance.isFinite else { return distance }
    return distance / (1 + (.leastNonzeroMagnitude / each.value.magnitude) / 1e-16)
  }

  func testPowersThatNeedNoPowAreWithinTwoLastPlacesAndTheirDerivativesWithinFour() {
    let exponents = [-1, -0.5, 0.5, 2.0, 3.0]
    for c in exponents {
      let cases = FunctionsFixture.cases(of: "power").filter { $0.y == c }
      let op = LaneOp(.power_constant, c: c), x = LaneRow(cases.map(\.x)), v = op.values(x, x)
      let slopes = op.partials(0, LaneRow(1, count: x.count), x, nil, v)
      XCTAssertGreaterThan(cases.count, 3)
      for (k, each) in cases.enumerated() {
        XCTAssertLessThanOrEqual(ulps(v[k], each.value), 2, "\(each)")
        if let dx = each.dx { XCTAssertLessThanOrEqual(ulps(slopes[k], dx), 4, "\(each)") }
      }
    }
  }
}
