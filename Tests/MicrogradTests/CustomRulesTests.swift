import Micrograd
import XCTest

/// Rules of custom operations that record and differentiate themselves: in whatever mode a rule is called, it cannot get in
/// the way of the recording or the sweep that calls it.
///
/// The rules record 100,000 nodes, so that every buffer of a tape grows under them. The address sanitizer has nothing to say
/// about it: `swift test --sanitize=address --filter CustomRulesTests`.
final class CustomRulesTests: XCTestCase {
  /// x² · 1, by many nodes on the current tape.
  private static func longSquare(_ x: Value) -> Value {
    var sum = x * x
    for _ in 0..<100_000 { sum = sum + 0.0 }
    return sum
  }

  /// x² and its derivatives; each rule records a long function and differentiates it.
  private let square = CustomOperation(
    "square", value: { longSquare(Value($0)).data },
    derivative: { x in gradient(at: x) { longSquare($0) } },
    secondDerivative: { x in derivative(at: x, order: 2) { longSquare($0) } })

  /// (x y, x + y) with rules of all kinds, which record without a scope.
  private let pair = CustomOperation(
    "pair", inputCount: 2, outputCount: 2,
    value: { x in
      _ = longSquare(Value(1))
      return [x[0] * x[1], x[0] + x[1]]
    },
    vectorJacobianProduct: { x, _, w in
      let leaf = Value(1)
      longSquare(leaf).backward()
      return [(w[0] * x[1] + w[1]) * leaf.grad / 2, w[0] * x[0] + w[1]]
    },
    jacobianVectorProduct: { x, _, t in
      let leaf = Value(1)
      longSquare(leaf).backward()
      return [(t[0] * x[1] + t[1] * x[0]) * leaf.grad / 2, t[0] + t[1]]
    },
    recordedVectorJacobianProduct: { x, _, w in [w[0] * x[1] + w[1], w[0] * x[0] + w[1]] })

  func testALongDerivativeDoesNotDisturbTheSweepThatAsksForIt() {
    let double = CustomOperation(
      "double", value: { $0 * 2 },
      derivative: { x in
        gradient(at: x) { x in
          var sum = x
          for _ in 0..<100_000 { sum = sum + 0.0 }
          return sum * 2
        }
      })
    Tape().scope {
      let x = Value(3)
      var y = x
      for _ in 0..<5 { y = double(y) + x }
      y.backward()
      XCTAssertEqual(y.data, 189)
      XCTAssertEqual(x.grad, 63)
    }
  }

  func testRulesThatDifferentiateServeEveryMode() {
    // f(x) = x² exp(x²) at 0.5, by hand: f′ = 2 x (1 + x²) exp(x²), f″ = (2 + 10 x² + 4 x⁴) exp(x²).
    let e = exp(0.25)
    func f(_ x: Value) -> Value { square(x) * exp(square(x)) }
    XCTAssertEqual(gradient(at: 0.5) { f($0) }, 1.25 * e, accuracy: 1e-14)
    XCTAssertEqual(directionalDerivative(at: [0.5], along: [2]) { f($0[0]) }, 2.5 * e, accuracy: 1e-14)
    XCTAssertEqual(hessian(at: [0.5]) { f($0[0]) }[0][0], 4.75 * e, accuracy: 1e-13)
    XCTAssertEqual(gradient(at: 0.5) { x in gradient(at: x) { f($0) } }, 4.75 * e, accuracy: 1e-13)
  }

  func testRulesThatRecordWithoutAScopeServeEveryMode() {
    // f(x, y) = x y (x + y): ∇f = (2 x y + y², x² + 2 x y).
    func f(_ x: [Value]) -> Value {
      let v = pair(x)
      return v[0] * v[1]
    }
    XCTAssertEqual(gradient(at: [2, 3]) { f($0) }, [21, 16])
    XCTAssertEqual(directionalDerivative(at: [2, 3], along: [1, 2]) { f($0) }, 53)
    XCTAssertEqual(hessianVectorProduct(at: [2, 3], along: [1, 2]) { f($0) }, [26, 18])
    XCTAssertEqual(hessian(at: [2, 3]) { f($0) }, [[6, 10], [10, 4]])
  }

  func testRulesRecomputeAndRecordOnATapeOfTheirOwn() {
    Tape().scope {
      let x = Value(2), y = Value(3)
      let v = pair([x, y])
      let product = v[0] * v[1]
      let count = Tape.current.nodeCount
      x.data = 4
      Tape.current.recompute()
      product.backward()
      XCTAssertEqual([product.data, x.grad, y.grad], [84, 33, 40])
      XCTAssertEqual(Tape.current.nodeCount, count)
    }
  }

  func testRulesOfACompiledFunctionRecordOnATapeOfTheirOwn() throws {
    try Tape().scope {
      let f = try compile(at: [2, 3]) { x in
        let v = self.pair(x)
        return v[0] * v[1]
      }
      XCTAssertEqual(try f.values(at: Samples([[2, 3], [4, 3]])), [30, 84])
      XCTAssertEqual(try f.gradients(at: Samples([[2, 3], [4, 3]])).rows, [[21, 16], [33, 40]])
      XCTAssertEqual(Tape.current.nodeCount, 0)
    }
  }

  func testARuleMayCallOperationsWhoseRulesRecord() {
    let inner = square
    let outer = CustomOperation(
      "outer", value: { inner(Value($0)).data }, derivative: { x in gradient(at: x) { inner($0) } })
    XCTAssertEqual(gradient(at: 3) { x in outer(x) * outer(x) }, 108)
  }

  func testARuleMayBePausedAndReadNumbersFromOutside() {
    let weights = Parameters([3])
    let scale = CustomOperation(
      "scale", value: { x in withoutGradients { weights[0] * x }.data }, derivative: { _ in weights[0].data })
    XCTAssertEqual(gradient(at: 2) { x in scale(x) * x }, 12)
  }

  func testValuesOfARuleAreGoneAfterIt() {
    let counts = Counts()
    let operation = CustomOperation(
      "counting", value: { $0 },
      derivative: { x in
        counts.all.append(Tape.current.nodeCount)
        return (Value(x) * 0 + 1).data
      })
    XCTAssertEqual(gradient(at: 2) { x in operation(x) * operation(x) }, 4)
    XCTAssertEqual(counts.all, [0, 0])
  }

  func testRulesServeThreadsOfTheirOwn() async {
    let slopes = await withTaskGroup(of: Double.self, returning: [Double].self) { group in
      for k in 1...4 {
        group.addTask {
          let triple = CustomOperation(
            "triple", value: { 3 * $0 },
            derivative: { x in gradient(at: x) { x in 3 * CustomRulesTests.longSquare(x) } })
          return Tape().scope { gradient(at: Double(k)) { x in triple(x) } }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    XCTAssertEqual(slopes.sorted(), [6, 12, 18, 24])
  }

  private final class Counts { var all: [Int] = [] }
}
