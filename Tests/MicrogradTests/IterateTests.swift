import Foundation
import Micrograd
import TestSupport
import XCTest

/// Loops with checkpoints, against the same loops recorded step by step, closed forms and central differences.
final class IterateTests: XCTestCase {
  /// A step of Lorenz's system by the classical Runge-Kutta method.
  private static func lorenz<T: DifferentiableNumber>(_ p: [T], _ s: [T]) -> [T] {
    let h = 0.005
    func slope(_ s: [T]) -> [T] { [p[0] * (s[1] - s[0]), s[0] * (p[1] - s[2]) - s[1], s[0] * s[1] - p[2] * s[2]] }
    func moved(_ k: [T], _ by: Double) -> [T] { zip(s, k).map { $0 + by * $1 } }
    let a = slope(s), b = slope(moved(a, h / 2)), c = slope(moved(b, h / 2)), d = slope(moved(c, h))
    return s.indices.map { s[$0] + h / 6 * (a[$0] + 2 * (b[$0] + c[$0]) + d[$0]) }
  }

  private func plain(_ count: Int, _ x: [Value], _ body: ([Value]) -> [Value]) -> [Value] {
    (0..<count).reduce(x) { state, _ in body(state) }
  }

  func testTheLoopIsOneOperation() {
    let x = Value(1), p = Value(0.9), before = Tape.current.nodeCount
    let y = iterate(1_000_000, from: [x]) { s in [p * s[0] + 0.1] }
    XCTAssertLessThan(Tape.current.nodeCount - before, 10)
    XCTAssertEqual(y[0].data, 1, accuracy: 1e-12)
    y[0].backward()
    XCTAssertEqual(p.grad, 10, accuracy: 1e-10)  // of 0.1 / (1 - p)
    XCTAssertLessThan(x.grad, 1e-300)
  }

  func testALoopThatIsRecordedSaysWhy() {
    func reason(_ count: Int = 300_000, checkpoints: Int? = 5, _ body: @escaping (Value, [Value]) -> [Value]) -> String
    {
      let start = [Value(0.5)], before = Tape.current.nodeCount
      let found = loopEvaluation(over: 0..<count, from: start, checkpoints: checkpoints, body: body)
      XCTAssertEqual(Tape.current.nodeCount, before)
      guard case .recorded(let reason) = found else { return "compiled" }
      return reason
    }
    XCTAssertEqual(reason { k, s in [0.5 * s[0] + k] }, "compiled")
    XCTAssertEqual(reason(checkpoints: nil) { k, s in [0.5 * s[0] + k] }, "compiled")
    XCTAssertTrue(reason(10, checkpoints: nil) { k, s in [0.5 * s[0]] }.contains("200000"))
    XCTAssertTrue(reason(10) { k, s in [0.5 * s[0] + k.data] }.contains("reads the number"))
    XCTAssertTrue(reason(0) { k, s in s }.contains("no steps"))
    XCTAssertTrue(withoutGradients { reason(10) { k, s in [0.5 * s[0]] } }.contains("withoutGradients"))
  }

  func testGradientsAreThoseOfThePlainLoopToTheBit() {
    for count in [1, 2, 3, 7, 50, 333] {
      for checkpoints in [1, 2, 3, 5, 1000] {
        func gradients(_ loop: ([Value], @escaping ([Value]) -> [Value]) -> [Value]) -> [Double] {
          valueWithGradient(at: [0.5, 1.5, 2.7, 0.3]) { x in
            let p = x[2], q = exp(x[3])
            let end = loop([x[0], x[1]]) { s in [p * s[0] * (1 - s[0]), sin(s[1]) * q - 0.5 * s[0]] }
            return end[0] + 3 * end[1]
          }.gradient
        }
        let expected = gradients { self.plain(count, $0, $1) }
        XCTAssertEqual(
          gradients { iterate(count, from: $0, checkpoints: checkpoints, body: $1) }, expected,
          "\(count) steps, \(checkpoints) checkpoints")
      }
    }
  }

  func testLorenzHasTheGradientOfThePlainLoop() {
    let x = [1, 1.2, 20, 10, 28, 8.0 / 3]
    func error(_ loop: ([Value], @escaping ([Value]) -> [Value]) -> [Value]) -> (value: Double, gradient: [Double]) {
      valueWithGradient(at: x) { x in
        let p = Array(x[3...])
        return sum(loop(Array(x[..<3])) { s in Self.lorenz(p, s) })
      }
    }
    let found = error { iterate(1000, from: $0, checkpoints: 20, body: $1) },
      expected = error { self.plain(1000, $0, $1) }
    // Compiled sums may be added in another order, and the system enlarges rounding errors.
    XCTAssertEqual(found.value, expected.value, accuracy: 1e-9)
    for (a, b) in zip(found.gradient, expected.gradient) { XCTAssertEqual(a, b, accuracy: 1e-9 * abs(b)) }
  }

  func testShortLogisticMapAgainstTheClosedForm() {
    // Two steps of r x (1 - x): r² x (1 - x) (1 - r x (1 - x)).
    let (value, gradient) = valueWithGradient(at: [0.3, 3.2]) { x in
      iterate(2, from: [x[0]], checkpoints: 1) { s in [x[1] * s[0] * (1 - s[0])] }[0]
    }
    let (x, r) = (0.3, 3.2), u = x * (1 - x)
    XCTAssertEqual(value, r * r * u * (1 - r * u), accuracy: 1e-15)
    XCTAssertEqual(gradient[0], r * r * (1 - 2 * x) * (1 - 2 * r * u), accuracy: 1e-14)
    XCTAssertEqual(gradient[1], 2 * r * u - 3 * r * r * u * u, accuracy: 1e-14)
  }

  func testGradientsAgainstCentralDifferences() {
    func f(_ x: [Double]) -> Double {
      iterate(500, fromNumbers: [x[0], x[1]]) { (s: [Double]) in
        [s[0] + 0.01 * s[1], s[1] - 0.01 * x[2] * sin(s[0])]
      }[0]
    }
    let x = [0.4, 0.1, 2.0]
    let found = gradient(at: x) { x in
      iterate(500, from: [x[0], x[1]], checkpoints: 8) { s in [s[0] + 0.01 * s[1], s[1] - 0.01 * x[2] * sin(s[0])] }[0]
    }
    for k in 0..<3 {
      var (up, down) = (x, x)
      up[k] += 1e-5
      down[k] -= 1e-5
      XCTAssertEqual(found[k], (f(up) - f(down)) / 2e-5, accuracy: 1e-8)
    }
  }

  func testTheStepIsANumberToComputeWith() {
    let x = Value(2)
    let sum = iterate(over: 1..<5, from: [Value(0)], checkpoints: 2) { k, s in [s[0] + x * k * k] }
    XCTAssertEqual(sum[0].data, 60)
    sum[0].backward()
    XCTAssertEqual(x.grad, 30)
  }

  func testPathsThroughComparisonsAreFoundOnTheWay() {
    func run(_ loop: ([Value], @escaping ([Value]) -> [Value]) -> [Value]) -> [Double] {
      valueWithGradient(at: [0.1, 0.3, 1.7]) { x in
        loop([x[0]]) { s in s[0] < 0.5 ? [s[0] + x[1]] : [s[0] * 0.5 - 0.1 * x[2] * s[0]] }[0]
      }.gradient
    }
    let expected = run { self.plain(40, $0, $1) }
    for (a, b) in zip(run { iterate(40, from: $0, checkpoints: 4, body: $1) }, expected) {
      XCTAssertEqual(a, b, accuracy: 1e-14 * abs(b))
    }
  }

  func testABodyThatCannotBeCompiledIsRecordedStepByStep() {
    let p = Value(0.5), before = Tape.current.nodeCount
    let y = iterate(100, from: [Value(1)], checkpoints: 2) { s in [s[0].data > 0 ? p * s[0] : s[0]] }
    XCTAssertGreaterThanOrEqual(Tape.current.nodeCount - before, 100)
    y[0].backward()
    XCTAssertEqual(p.grad, 100 * pow(0.5, 99))
    var calls = 0.0
    let counted = iterate(3, from: [Value(0)], checkpoints: 1) { s in
      calls += 1
      return [s[0] + calls]
    }
    XCTAssertEqual(counted[0].data, calls * 3 - 3)
  }

  func testNumbersAndDualNumbersRunThePlainLoop() {
    let sums = iterate(3, fromNumbers: [1.0, 0]) { (s: [Double]) in [s[0] + s[1], s[1] + 1] }
    XCTAssertEqual(sums, [4, 3])
    let slope = derivative(at: 0.5) { (x: Dual<Double>) in
      iterate(3, fromNumbers: [x]) { (s: [Dual<Double>]) in [s[0] * s[0]] }[0]
    }
    XCTAssertEqual(slope, 8 * pow(0.5, 7))
  }

  func testLoopsWithoutStepsOrState() {
    let x = Value(2)
    XCTAssertEqual(iterate(0, from: [x]) { s in [s[0] * 2] }[0].id, x.id)
    XCTAssertEqual(iterate(over: 5..<5, from: [x]) { k, s in [s[0] * k] }[0].id, x.id)
    XCTAssertEqual(iterate(3, from: [Value]()) { s in s }.count, 0)
  }

  func testWithoutGradientsNothingIsRecorded() {
    let p = Value(0.5), count = Tape.current.nodeCount
    let y = withoutGradients { iterate(50_000, from: [p]) { s in [p * s[0] + 1] } }
    XCTAssertEqual(Tape.current.nodeCount, count)
    XCTAssertEqual(y[0].data, 2, accuracy: 1e-15)
  }

  func testNaNGoesThroughAsInThePlainLoop() {
    func run(_ loop: ([Value], @escaping ([Value]) -> [Value]) -> [Value]) -> [Double] {
      valueWithGradient(at: [0.9, 2]) { x in
        loop([x[0], x[1]]) { s in [log(s[0]) * x[1], s[1] * 0.5] }.reduce(.constant(0), +)
      }.gradient
    }
    let found = run { iterate(30, from: $0, checkpoints: 4, body: $1) }, expected = run { self.plain(30, $0, $1) }
    XCTAssertEqual(found.map(\.isNaN), expected.map(\.isNaN))
  }

  func testChangedDataAreSeenByTheNextSweep() {
    let p = Value(0.5)
    let y = iterate(3, from: [Value(1)], checkpoints: 2) { s in [p * s[0]] }
    p.data = 2
    y[0].backward()
    XCTAssertEqual(y[0].data, 8)
    XCTAssertEqual(p.grad, 12)
  }

  func testLoopsNest() {
    let p = Value(0.9)
    let y = iterate(60, from: [Value(1)], checkpoints: 3) { s in
      [iterate(10, from: [s[0] + 1], checkpoints: 2) { t in [p * t[0]] }[0]]
    }
    y[0].backward()
    let q = Value(0.9)
    let expected = plain(60, [Value(1)]) { s in self.plain(10, [s[0] + 1]) { t in [q * t[0]] } }
    expected[0].backward()
    XCTAssertEqual(y[0].data, expected[0].data)
    XCTAssertEqual(p.grad, q.grad, accuracy: 1e-12 * q.grad)
  }

  // MARK: Costs

  /// Counts how often a step is computed forwards, by an operation that counts its calls.
  private func evaluations(_ count: Int, checkpoints: Int?) -> Int {
    var calls = 0
    let half = CustomOperation(
      "half", inputCount: 1, outputCount: 1,
      value: {
        calls += 1
        return [0.5 * $0[0]]
      }, vectorJacobianProduct: { _, _, w in [0.5 * w[0]] })
    Tape.scope {
      let y = iterate(count, from: [Value(1)], checkpoints: checkpoints) { s in [half(s[0]) + 1] }
      calls = 0
      y[0].backward()
    }
    return calls
  }

  func testStepsAreComputedAgainAsOftenAsTheBinomialScheduleSays() {
    // r n - β(s + 1, r - 1) evaluations of n steps with s states, the least r with β(s, r) ≥ n (Griewank and Walther 2000). The
    // first n - 1 of them come before the sweep.
    let expected = [(20, 3, 45), (10, 3, 15), (4, 3, 3), (66, 10, 120), (10, 1, 45), (1000, 1000, 999)]
    for (count, states, evaluated) in expected {
      let ofPulls = evaluations(count, checkpoints: count)
      XCTAssertEqual(
        evaluations(count, checkpoints: states) - ofPulls, evaluated - (count - 1), "\(count) steps, \(states) states")
    }
  }

  func testAnyNumberOfStatesIsEnough() {
    for count in [1, 2, 5, 17, 40] {
      for states in 1...count + 1 {
        let x = Value(0.5)
        let y = iterate(count, from: [x], checkpoints: states) { s in [s[0] * 1.5 - s[0] * s[0] * 0.25] }
        y[0].backward()
        let z = Value(0.5)
        plain(count, [z]) { s in [s[0] * 1.5 - s[0] * s[0] * 0.25] }[0].backward()
        XCTAssertEqual(x.grad, z.grad, "\(count) steps, \(states) states")
      }
    }
  }

  // MARK: Derivatives of derivatives

  private func pendulum(_ x: [Value], _ checkpoints: Int?) -> Value {
    func body(_ s: [Value]) -> [Value] { [s[0] + 0.05 * s[1], s[1] - 0.05 * x[2] * sin(s[0])] }
    if let checkpoints { return iterate(40, from: [x[0], x[1]], checkpoints: checkpoints, body: body)[0] }
    return plain(40, [x[0], x[1]], body)[0]
  }

  func testSecondDerivativesAreThoseOfThePlainLoop() {
    let x = [0.4, 0.1, 2.0], v = [1.0, -0.5, 0.25]
    func check(_ found: [Double], _ expected: [Double], line: UInt = #line) {
      for (a, b) in zip(found, expected) { XCTAssertEqual(a, b, accuracy: 1e-12, line: line) }
    }
    check(
      hessianVectorProduct(at: x, along: v) { self.pendulum($0, 3) },
      hessianVectorProduct(at: x, along: v) { self.pendulum($0, nil) })
    check(
      hessian(at: x) { self.pendulum($0, 3) }.flatMap(\.self), hessian(at: x) { self.pendulum($0, nil) }.flatMap(\.self)
    )
    check(
      gradient(at: x) { x in dot(gradient(at: x) { self.pendulum($0, 3) }, x) },
      gradient(at: x) { x in dot(gradient(at: x) { self.pendulum($0, nil) }, x) })
    check(
      jacobianVectorProduct(at: x, along: v) { [self.pendulum($0, 3)] },
      jacobianVectorProduct(at: x, along: v) { [self.pendulum($0, nil)] })
    check(
      taylor(at: x, along: v, order: 4) { self.pendulum($0, 3) }.coefficients,
      taylor(at: x, along: v, order: 4) { self.pendulum($0, nil) }.coefficients)
  }
}
