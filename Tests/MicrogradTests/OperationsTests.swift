import Micrograd
import XCTest

/// Every operation, in every way to write it, with operands wherever they can live, against PyTorch, mpmath and IEEE 754.
final class OperationsTests: XCTestCase {
  func testOperationsAreThoseOfTheOracles() {
    XCTAssertEqual(Fixture.operations.count, Fixture.operationCount)
    let asked = Set(Fixture.operations.map(\.op))
    XCTAssertEqual(asked.subtracting(OperationWays.names), [], "give the ways to write it in OperationWays.swift")
    XCTAssertEqual(OperationWays.names.subtracting(asked), [], "add a row to operations.py and run make_ops.py")
    for expected in Fixture.operations {
      for (way, operation) in OperationWays.of(expected).enumerated() { check(expected, way, operation) }
    }
  }

  /// A function of one number has one row in the table, which Doubles and the elements of matrices and vectors share.
  func testPlainNumbersAndElementsHaveTheBitsOfValues() {
    let plain = OperationWays.plain, ways = Set(OperationWays.ofOneValue.map(\.name))
    let missing = ways.subtracting(plain.keys).subtracting(OperationWays.withoutPlain)
    XCTAssertEqual(missing, [], "give its form for Doubles in OperationWays.plain")
    let elements = OperationWays.ofElements
    for each in Fixture.operations {
      if let function = plain[each.op], let way = OperationWays.of(each).first {
        let data = way(.constant(each.x), .constant(.nan)).data
        XCTAssertTrue(isSameBits(function(each.x), data), "\(each) of a Double is \(function(each.x)), not \(data)")
      }
      if let function = elements[each.op], let way = OperationWays.of(each).first {
        let data = way(.constant(each.x), .constant(.nan)).data
        for number in function(each.x) { XCTAssertTrue(isSameBits(number, data), "\(each) of an element is \(number)") }
      }
    }
  }

  private func isSameBits(_ a: Double, _ b: Double) -> Bool { a.bitPattern == b.bitPattern || a.isNaN && b.isNaN }

  func testEveryFormIsAsked() {
    let forms = Dictionary(grouping: Fixture.operations, by: \.op).mapValues { Set($0.map(\.form)) }
    for (op, forms) in forms {
      XCTAssertTrue(forms == ["V"] || forms == ["VV", "VC", "CV"], op)
    }
  }

  func testSecondDerivativesAtKinksAreThoseOfTheOracles() {
    XCTAssertEqual(Fixture.kinks.count, Fixture.kinkCount)
    for kink in Fixture.kinks {
      for (way, f) in OperationWays.of(kink.at).enumerated() {
        let context = "\(kink.at), way \(way)"
        if let y = kink.y {
          let rows = hessian(at: [kink.x, y]) { x in f(x[0], x[1]) }
          let recorded = hessian(at: [kink.x, y]) { x in f(2 * x[0] - x[0], x[1] + 0) }
          let expected = [[kink.dxx, kink.dxy!], [kink.dxy!, kink.dyy!]]
          XCTAssertEqual(rows, expected, context)
          XCTAssertEqual(recorded, expected, context)
        } else {
          XCTAssertEqual(derivative(at: kink.x, order: 2) { x in f(x, x) }, kink.dxx, context)
          let nested = gradient(at: kink.x) { x in derivative(at: x) { x in f(x, x) } }
          XCTAssertEqual(nested, kink.dxx, "\(context), nested")
        }
      }
    }
  }
}

// MARK: - Checking

/// Where an operand can live. The operators reach each by another path.
private enum Place: CaseIterable { case innermostScope, outerScope, parameters }

private func differentiate(
  _ f: OperationOfTwo, at x: Double, _ y: Double, in place: Place
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

/// Compares an operation with a case, its operands in every place, and as constants.
func check(_ expected: OperationCase, _ way: Int, _ operation: OperationOfTwo) {
  for place in Place.allCases {
    let actual = differentiate(operation, at: expected.x, expected.y ?? .nan, in: place)
    let context = "\(expected), way \(way), operands in \(place)"
    assertSame(actual.value, expected.value, "value of \(context)")
    if expected.value == 0 { XCTAssertEqual(actual.value.sign, expected.value.sign, "sign of \(context)") }
    if let dx = expected.dx { assertSame(actual.dx, dx, "dx of \(context)") }
    if let dy = expected.dy { assertSame(actual.dy, dy, "dy of \(context)") }
  }
  let constant = operation(.constant(expected.x), .constant(expected.y ?? .nan))
  XCTAssertTrue(constant.isConstant)
  assertSame(constant.data, expected.value, "value of \(expected), way \(way), of constants")
}

/// The same to twelve digits; NaN is the same as NaN, and an infinity as itself.
private func assertSame(_ actual: Double, _ expected: Double, _ message: @autoclosure () -> String) {
  if actual == expected || actual.isNaN && expected.isNaN { return }
  let tolerance = max(1e-12 * abs(expected), .leastNonzeroMagnitude)
  if !expected.isFinite || !(abs(actual - expected) <= tolerance) {
    XCTFail("\(message()) is \(actual), not \(expected)")
  }
}
