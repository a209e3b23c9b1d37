import Foundation
import Micrograd
import RealModule
import TestSupport
import XCTest

/// The examples in the comments of public symbols, and those of README.md of the same kind, run and checked.
final class ReferenceExamplesTests: ExampleTests {
  func testDerivativesOfTheREADME() {
    check {
      valueWithGradient(at: [1, 2, 3]) { x in x[0] * x[1] + exp(-x[2]) }
      // (value: 2.0498, gradient: [2.0, 1.0, -0.0498])
      hessian(at: [1, 1]) { x in hypot(x[0], x[1]) }  // [[0.3536, -0.3536], [-0.3536, 0.3536]]
      derivative(at: 0.5, order: 3) { x in sin(x) }  // -0.8776
      gradient(at: 4) { x in x * gradient(at: Value(1)) { y in x * y } }  // 8.0: derivatives nest
    }
  }

  func testBackwardSteps() {
    check {
      let a = Value(2), b = Value(-3), c = Value(10)
      let steps = BackwardSteps(of: a * b + c, labels: ["a": a, "b": b, "c": c])
      print(steps[1].operands[0].rule)  // d(a * b)/da = b
      print(steps[1].operands[0].arithmetic)  // a.grad: 0 + 1 · −3 = −3
    }
  }

  func testForwardSteps() {
    check {
      let a = Value(2), b = Value(-3)
      let steps = ForwardSteps(of: a * b, labels: [("a", a), ("b", b)])
      steps[0].expression  // "a * b"
      steps[0].arithmetic  // "2 * (−3) = −6"
      steps[0].localDerivatives  // [-3.0, 2.0]
    }
  }

  func testChangedData() {
    check {
      let x = Value(3.0)
      let y = exp(x - 3) * x
      x.data = 4
      y.backward()
      print(y.data, x.grad)  // 10.8731 13.5914: 4 e and 5 e
    }
  }

  func testCustomOperation() {
    check {
      let cubic = CustomOperation("cubic", value: { x in x * x * x }, derivative: { x in 3 * x * x })
      gradient(at: 2) { x in exp(cubic(x) / 8) }  // 4.0774, which is 1.5 e
    }
  }

  func testIterate() {
    check {
      let rate = Value(0.1)
      let y = iterate(1000, from: [Value(2)]) { y in [y[0] - 0.01 * rate * y[0]] }
      y[0].backward()
      print(y[0].data, rate.grad)  // 0.7354 -7.3613
    }
    check {
      iterate(3, fromNumbers: [1.0, 0]) { (s: [Double]) in [s[0] + s[1], s[1] + 1] }  // [4.0, 3.0]
    }
    check {
      let x = Value(1)
      let sum = iterate(over: 1..<11, from: [Value(0)]) { k, sum in [sum[0] + x / k] }
      sum[0].backward()
      print(sum[0].data, x.grad)  // 2.929 2.929: the sum of 1 / k
    }
    check {
      iterate(over: 0..<4, fromNumbers: [0.5]) { (k: Double, s: [Double]) in [s[0] + k] }  // [6.5]
    }
    check {
      loopEvaluation(over: 0..<1000, from: [Value(1)], checkpoints: 10) { k, y in [y[0] + 0.1 * k] }  // compiled
    }
  }

  func testTaylor() {
    check {
      let series = taylor(at: 0, order: 4) { x in exp(2 * x) }
      series.coefficients  // [1.0, 2.0, 2.0, 1.3333, 0.6667], which are 2ᵏ / k!
      series.derivatives  // [1.0, 2.0, 4.0, 8.0, 16.0]
      series(0.1)  // 1.2214
    }
    check {
      taylor(at: 0, order: 3) { x in sin(x) }.coefficients  // [0.0, 1.0, 0.0, -0.1667]
      taylor(at: 0, order: 3) { x in sin(x) }.derivatives  // [0.0, 1.0, 0.0, -1.0]
    }
    check {
      taylor(at: [1, 2], along: [1, 1], order: 3) { x in x[0] * x[1] * x[1] }.coefficients  // [4.0, 8.0, 5.0, 1.0]
    }
    check {
      taylor(at: [0], along: [1], order: 2) { x in [sin(x[0]), cos(x[0])] }.map(\.coefficients)
      // [[0.0, 1.0, 0.0], [1.0, 0.0, -0.5]]
    }
  }

  func testGradientValues() {
    check {
      gradient(at: 4) { x in x * gradient(at: Value(1)) { y in x * y } }  // 8.0: d/dx of x · x
    }
  }

  func testGradient() {
    check {
      valueWithGradient(at: 3) { x in x * x + 2 * x }  // (value: 15.0, gradient: 8.0)
    }
    check {
      gradient(at: 3) { x in x * x + 2 * x }  // 8.0
    }
    check {
      valueWithGradient(at: 2, 3) { x, y in x * y }  // (value: 6.0, gradient: (3.0, 2.0))
    }
    check {
      valueWithGradient(at: [1, 2, 3]) { x in dot(x, x) }  // (value: 14.0, gradient: [2.0, 4.0, 6.0])
    }
    check {
      valueWithGradient(at: [1, 2, 3]) { (x: Vector) in dot(x[0..<2], x[1..<3]) }
      // (value: 8.0, gradient: [2.0, 4.0, 2.0])
    }
  }

  func testHessian() {
    check {
      valueWithHessian(at: [1, 2]) { x in x[0].squared() * x[1] }
      // (value: 2.0, gradient: [4.0, 1.0], hessian: [[4.0, 2.0], [2.0, 0.0]])
    }
    check {
      hessian(at: [1, 1]) { x in hypot(x[0], x[1]) }  // [[0.353553, -0.353553], [-0.353553, 0.353553]]
    }
    check {
      hessianVectorProduct(at: [1, 2], along: [1, 0]) { x in x[0].squared() * x[1] }  // [4.0, 2.0]
    }
    check {
      hessianDiagonal(at: [1, 2]) { x in x[0].squared() * x[1] }  // [4.0, 0.0]
    }
  }

  func testHigherDerivatives() {
    check {
      derivative(at: 0.5, order: 3) { x in sin(x) }  // -0.8775825618903728, which is -cos(0.5)
    }
  }

  func testJacobian() {
    check {
      valueWithJacobian(at: [2, 3]) { x in [x[0] * x[1], x[0] + x[1], -x[0]] }
      // (value: [6.0, 5.0, -2.0], jacobian: [[3.0, 2.0], [1.0, 1.0], [-1.0, 0.0]])
    }
    check {
      jacobianVectorProduct(at: [2, 3], along: [1, 0]) { x in [x[0] * x[1], x[0] + x[1]] }  // [3.0, 1.0]
    }
    check {
      vectorJacobianProduct(at: [2, 3], along: [1, 10]) { x in [x[0] * x[1], x[0] + x[1]] }  // [13.0, 12.0]
    }
    check {
      directionalDerivative(at: [3, 4], along: [1, 0]) { x in hypot(x[0], x[1]) }  // 0.6
    }
  }

  func testRecordedBackward() {
    check {
      let x = Value(3.0)
      let slope = (x * x * x).backward(creatingGraph: true)[x]
      slope.backward()
      print(slope.data, x.grad)  // 27.0 45.0: x.grad is 27 of the first sweep plus 18 of the second
    }
  }

  func testRecordedFunction() {
    check {
      withDerivatives(at: [1, 2]) { x in
        x[0] * x[0] * x[1]
      } do: { f in
        print(f.value, f.gradient, f.hessianVectorProduct(along: [1, 0]))  // 2.0 [4.0, 1.0] [4.0, 2.0]
      }
    }
    check {
      withDerivatives(at: [2, 3]) { x in
        [x[0] * x[1], x[0] + x[1]]
      } do: { f in
        print(f.values, f.jacobian, f.jacobianVectorProduct(along: [1, 1]))
        // [6.0, 5.0] [[3.0, 2.0], [1.0, 1.0]] [5.0, 2.0]
      }
    }
  }

  func testSparseDerivatives() {
    check {
      let x = (0..<1000).map { Double($0) }
      let pattern = SparsityPattern.banded(1000, bandwidth: 1)
      let jacobian = sparseJacobian(at: x, pattern: pattern) { x in
        x.indices.map { k in k == 0 ? x[0] : x[k] * x[k - 1] }
      }
      jacobian[7, 6]  // 7.0
      jacobian.sweepCount  // 3, for a thousand columns
    }
    check {
      let bands = sparseHessian(at: [1, 2, 3], pattern: .banded(3, bandwidth: 1)) { x in x[0] * x[1] + x[1] * x[2] }
      bands.dense  // [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    }
    check {
      jacobianSparsity(at: [1, 2, 3]) { x in [x[0] * x[1], x[2]] }.columnsByRow  // [[0, 1], [2]]
    }
  }

  func testSparsityPattern() {
    check {
      SparsityPattern.banded(4, bandwidth: 1).columnsByRow  // [[0, 1], [0, 1, 2], [1, 2, 3], [2, 3]]
    }
  }

  func energy<T: DifferentiableNumber>(_ x: [T]) -> T { 0.5 * .dot(x, x) + .exp(-x[0]) }

  func testDual() {
    check {
      let x = Dual(value: 2.0, tangent: 1)
      let y = x * x * x + .sin(x)
      y.value  // 8.909297426825681
      y.tangent  // 11.583853163452858, which is 3 x² + cos x
    }
  }

  func testDerivativesOfDualNumbers() {
    check {
      valueWithDerivative(at: 3) { (x: Dual<Double>) in x * x + 2 * x }  // (value: 15.0, derivative: 8.0)
    }
    check {
      derivative(at: 3) { (x: Dual<Double>) in x * x + 2 * x }  // 8.0
    }
    check {
      valueWithGradient(at: [2, 3]) { (x: [Dual<Double>]) in x[0] * x[1] }  // (value: 6.0, gradient: [3.0, 2.0])
    }
    check {
      gradient(at: [2, 3]) { (x: [Dual<Double>]) in x[0] * x[1] }  // [3.0, 2.0]
    }
    check {
      valueWithJacobian(at: [2, 3]) { (x: [Dual<Double>]) in [x[0] * x[1], x[0] + x[1]] }
      // (value: [6.0, 5.0], jacobian: [[3.0, 2.0], [1.0, 1.0]])
    }
    check {
      jacobian(at: [2, 3]) { (x: [Dual<Double>]) in [x[0] * x[1], x[0] + x[1]] }
      // [[3.0, 2.0], [1.0, 1.0]]
    }
    check {
      jacobianVectorProduct(at: [2, 3], along: [1, 0]) { (x: [Dual<Double>]) in [x[0] * x[1], x[0] + x[1]] }
      // [3.0, 1.0]
    }
    check {
      directionalDerivative(at: [3, 4], along: [1, 0]) { (x: [Dual<Double>]) in .hypot(x[0], x[1]) }
      // 0.6
    }
  }

  func testDifferentiableNumber() {
    func decay<T: DifferentiableNumber>(_ t: Double, _ p: [T]) -> T { p[0] * .exp(-p[1] * t) + p[2] }
    func slope<T: DifferentiableNumber>(_ x: T) -> T {
      gradient(at: T(1)) { y in x.lifted * y * y }  // 2 x
    }
    XCTAssertEqual([slope(3.0), gradient(at: 3) { x in slope(x) }], [6, 2])
    check {
      decay(2, [3, 0.5, 1])  // 2.103638
      gradient(at: [3, 0.5, 1]) { p in decay(2, p) }  // [0.367879, -2.207277, 1.0]
    }
  }

  func testDerivativesAtNumbersOfAnyType() {
    func slope<T: DifferentiableNumber>(_ x: T) -> T { gradient(at: x) { y in y * y * y } }
    check {
      slope(2.0)  // 12.0
      gradient(at: 2) { x in slope(x) }  // 12.0, the second derivative
    }
  }

  func testRealValue() {
    func bump<T: AlgebraicField & ElementaryFunctions>(_ x: T) -> T { .exp(-x * x / 2) }
    check {
      bump(0.5)  // 0.882497
      gradient(at: 0.5) { x in bump(RealValue(x)).value }  // -0.441248
    }
  }

  func testIdentity() {
    check {
      let x = Value(2), y = Value(2)
      print(x == y, x.id == y.id)  // true false
    }
  }

  func testCondition() {
    check {
      gradient(at: 0) { x in select(x > 0, sqrt(x), 0) }  // 0.0, though the slope of the root is infinite there
    }
  }

  func testPick() {
    check {
      let x = [Value(2), Value(3), Value(5)]
      let y = pick(x, at: Value(1)) * x[0]
      y.backward()
      print(y.data, x.map(\.grad))  // 6.0 [3.0, 2.0, 0.0]
    }
  }

  func testSpecialFunctions() {
    check {
      polygamma(1, 1.0)  // 1.6449340668482264, which is π²/6
    }
  }

  func testValueSteps() {
    check {
      Value(2.5).rounded().data  // 3.0
      Value(2.5).rounded(.toNearestOrEven).data  // 2.0
    }
  }

  func testMatrix() {
    check {
      let x = Matrix([[1, -2], [3, 4]])
      let y = x.relu()
      y.sum().backward()
      print(y[0, 1].data, x.gradients)  // 0.0 [1.0, 0.0, 1.0, 1.0]
    }
  }

  func testVector() {
    check {
      let x = Vector([3, 4])
      let y = dot(x, x)
      y.backward()
      print(y.data, x.gradients)  // 25.0 [6.0, 8.0]
    }
  }

  func testParameters() {
    check {
      let weights = Parameters([0.5, -0.5])
      let y = 3 * weights[0] + weights[1]
      y.backward()
      weights.descend(learningRate: 0.5)
      weights.map(\.data)  // [-1.0, -1.0]
    }
  }

  func testCheckGradient() {
    check {
      let check = checkGradient(at: [1, 2, 3]) { x in x[0] * x[1] / x[2] }
      check.isConsistent  // true
      check.entries.map(\.analytic)  // [0.6666666666666666, 0.3333333333333333, -0.2222222222222222]
    }
    check {
      let weights = Parameters([0.5, -0.5])
      let check = checkGradient(withRespectTo: Array(weights)) { (3 * weights[0] + weights[1]).squared() }
      check.entries.map(\.analytic)  // [6.0, 2.0]
    }
  }

  func testGradientCheck() {
    check {
      let check = checkGradient(at: [1, 2]) { x in x[0] * sin(x[1]) }
      print(check.isConsistent)  // true
    }
  }

  func testKinks() {
    check {
      let x = Value(1e-9)
      kinks(of: x.relu() + exp(x), within: 1e-6)[0].operation.name  // "relu"
    }
  }

  func testNonFinite() {
    check {
      let x = Value(1)
      let loss = log(x - x) * 2
      loss.data  // -inf
      Tape.current.firstNonFinite?.operation?.name  // "logarithm"
    }
  }

  func testRoundingReport() {
    check {
      let x = Value(1e-6)
      let report = roundingReport(of: (1 - cos(x)) / x.squared())
      report.value  // 0.5000444502911705; it should be 0.49999999999995833
      report.contributions[0].operation.name  // "cosine"
      report.significantDigits  // 3.65
    }
  }

  func testCompiledFunction() throws {
    try check {
      let w = Parameters([0.5, -1, 0])
      let loss = try compile(at: [0, 0, 1]) { x in (x[0] * w[0] + x[1] * w[1] + w[2] - x[2]).squared() }
      let points = Samples([[1, 2, 0.5], [3, 1, -2]])
      w.zeroGradients()
      try loss.backward(at: points)  // 5.125: the mean loss, whose gradients the parameters have now
      w.gradients  // [5.5, -1.5, 0.5]
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
      try f.values(at: Samples([[1, 2], [3, 4]]))  // [2.3679, 12.0498]
      try f.gradients(at: Samples([[1, 2], [3, 4]]))  // [[1.6321, 1.0], [3.9502, 3.0]]
    }
    try check {
      let f = try compile(at: [1, 2], precision: .float) { x in x[0] * x[1] + exp(-x[0]) }
      try f.values(at: Samples([[1, 2], [3, 4]]))  // [2.3679, 12.0498], to some 7 digits
      try f(at: [1, 2])  // 2.3679, to 16 digits
    }
    try check {
      let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
      try polar.results(at: Samples([[3, 4], [0, 2]]))  // [[5.0, 0.9273], [2.0, 1.5708]]
    }
  }

  func testNativeCode() throws {
    let folder = NativeFolder()
    let before = getenv("XDG_CACHE_HOME").map { String(cString: $0) }
    setenv("XDG_CACHE_HOME", folder.path, 1)
    defer { if let before { setenv("XDG_CACHE_HOME", before, 1) } else { unsetenv("XDG_CACHE_HOME") } }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
      let native = try f.native()
      var gradient = [0.0, 0.0]
      try native.valueWithGradient(at: [1, 2], into: &gradient)  // 2.3679
      gradient  // [1.6321, 1.0]
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
      let c = try f.cSource(named: "potential")
      c.header.contains("double potential(const double x[2]);")  // true
      c.header.contains("double potential_with_gradient(const double x[2], double gradient[2]);")  // true
    }
    XCTAssertEqual(folder.names, ["micrograd-native"])
  }

  func testSavedFunctions() throws {
    try check {
      let w = Parameters([3, 4])
      let f = try compile(at: [1]) { x in w[0] * x[0] + w[1] }
      f.parameters.map(\.data)  // [3.0, 4.0]
    }
    try check {
      let w = Parameters([3])
      let f = try compile(at: [1]) { x in w[0] * x[0].squared() }
      let g = try CompiledFunction(bytes: f.encoded())
      try g.valueWithGradient(at: [2])  // (value: 12.0, gradient: [12.0])
      g.parameters.map(\.data)  // [3.0]
    }
  }

  func testSourcesThatTakeParameters() throws {
    try check {
      let w = Parameters([2, 1])
      let line = try compile(at: [0]) { x in w[0] * x[0] + w[1] }
      let fit = try line.cSource(named: "line", parameters: .argument)
      fit.header.contains("double line(const double x[1], const double p[2]);")  // true
      fit.header.contains("extern const double line_parameters[2];")  // true: 2 and 1
    }
  }

  func testCallsForOneSample() throws {
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
      try f(at: [0, 5])  // 1.0
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
      try f.valueWithGradient(at: [0, 5])  // (value: 1.0, gradient: [4.0, 0.0])
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] }
      var slope = [0.0, 0.0]
      try f.valueWithGradient(at: [3, 4], into: &slope)  // 12.0
      slope  // [4.0, 3.0]
    }
    try check {
      let weights = Parameters([2, -1])
      let f = try compile(at: [0, 0]) { x in tanh(weights[0] * x[0] + weights[1] * x[1]) }
      let evaluator = try f.evaluator()
      weights[0].data = 0
      try evaluator(at: [1, 2])  // 0.0
      try evaluator.valueWithGradient(at: [1, 2])  // (value: 0.0, gradient: [2.0, -1.0])
    }
  }

  func testDerivativesOfACompiledFunction() throws {
    try check {
      let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
      try polar.vectorJacobianProduct(at: [3, 4], along: [5, 25])  // [-1.0, 7.0]
    }
    try check {
      let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
      try polar.jacobianVectorProduct(at: [3, 4], along: [1, 0])  // [0.6, -0.16]
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0].squared() * x[1] }
      try f.hessianVectorProduct(at: [3, 5], along: [1, 0])  // [10.0, 6.0]
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0].squared() * x[1] }
      var (gradient, product) = ([0.0, 0.0], [0.0, 0.0])
      try f.valueWithGradient(at: [3, 5], along: [1, 0], into: &gradient, hessianProduct: &product)  // 45.0
      print(gradient, product)  // [30.0, 9.0] [10.0, 6.0]
    }
  }

  func testMatricesOfACompiledFunction() throws {
    try check {
      let f = try compile(at: [1, 1]) { x in [x[0] * x[1], x[0] + x[1]] }
      try f.jacobian(at: [2, 3])  // [[3.0, 2.0], [1.0, 1.0]]
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0].squared() * x[1] }
      try f.hessian(at: [3, 5])  // [[10.0, 6.0], [6.0, 0.0]]
    }
    try check {
      let f = try compile(at: [1, 1]) { x in [x[0] * x[1], x[0] + x[1]] }
      try f.jacobians(at: Samples([[2, 3], [4, 5]]))  // [[3.0, 2.0, 1.0, 1.0], [5.0, 4.0, 1.0, 1.0]]
    }
    try check {
      let f = try compile(at: [1, 1, 1]) { x in [x[0] * x[1], x[1] * x[2]] }
      let pattern = SparsityPattern(columns: 3, columnsByRow: [[0, 1], [1, 2]])
      try f.sparseJacobian(at: [2, 3, 4], pattern: pattern).entries  // [[3.0, 2.0], [4.0, 3.0]]
    }
    try check {
      let f = try compile(at: [1, 1, 1]) { x in x[0] * x[1] + x[1] * x[2] * x[2] }
      try f.sparseHessian(at: [1, 2, 3], pattern: .banded(3, bandwidth: 1)).dense
      // [[0.0, 1.0, 0.0], [1.0, 0.0, 6.0], [0.0, 6.0, 4.0]]
    }
    try check {
      let w = Parameters([0.5, -1])
      let loss = try compile(at: [0, 0]) { x in (x[0] * w[0] + w[1] - x[1]).squared() }
      try loss.gradients(at: Samples([[1, 2], [3, 0]]), byParameters: Array(w))  // [[-5.0, -5.0], [3.0, 1.0]]
    }
  }

  func testTextsOfACompiledFunction() throws {
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
      f.figures(of: .values).instructions  // 3
    }
    try check {
      let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
      f.graph(of: .values).nodes.map(\.text)  // ["x[0]", "x[1]", "-·", "exp(·)", "· + · * ·", "result"]
    }
  }

  func testCompiledShapes() throws {
    try check {
      let norms = CompiledShapes(example: { length in [Double](repeating: 1, count: length) }) { length, x in
        sqrt(dot(x, x))
      }
      try norms.function(for: 2).values(at: Samples([[3, 4]]))  // [5.0]
      try norms.function(for: 3).values(at: Samples([[1, 2, 2]]))  // [3.0]
      norms.shapes  // [2, 3]
    }
  }

  func testSamples() {
    check {
      let points = Samples([[1, 2], [3, 4], [5, 6]])
      points.count  // 3
      points[1]  // [3.0, 4.0]
      points == Samples(columns: [[1, 3, 5], [2, 4, 6]])  // true
    }
  }

  func testValue() {
    check {
      let x = Value(3.0)
      let y = x * x + 2 * x
      y.backward()
      print(y.data, x.grad)  // 15.0 8.0
    }
  }

  // The training loop in this file is an outline.
  private let withoutExamples: Set<String> = ["Tape.swift"]

  func testMatricesCutAndMultiplied() {
    check {
      Matrix.constant([[1, 2, 3], [4, 5, 6]]).transposed  // Matrix 3 × 2: [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
    }
    check {
      Matrix.constant([[1, 2, 3], [4, 5, 6]])[0..<2, 1..<3]  // Matrix 2 × 2: [2.0, 3.0, 5.0, 6.0]
    }
    check {
      let a = Matrix.constant([[1, 2], [3, 4]])
      a.matmul(.constant([[0, 1], [1, 0]]))  // Matrix 2 × 2: [2.0, 1.0, 4.0, 3.0]
    }
  }

  func testLinearAlgebra() throws {
    try check {
      let a = Matrix.constant([[2, 1], [1, 3]])
      try a.solve(.constant([3, 5]))  // Vector 2: [0.8, 1.4]
    }
    try check {
      try Matrix.constant([[1, 2], [3, 4]]).determinant().data  // -2.0
    }
    try check {
      try Matrix.constant([[4, 2], [2, 5]]).cholesky()  // Matrix 2 × 2: [2.0, 0.0, 1.0, 2.0]
    }
    try check {
      let a = Matrix.constant([[1, 0], [1, 1], [1, 2]])
      try a.leastSquares(.constant([1, 2, 4]))  // Vector 2: [0.8333, 1.5]
    }
    try check {
      let eigen = try Matrix.constant([[2, 1], [1, 2]]).symmetricEigen()
      eigen.values  // Vector 2: [1.0, 3.0]
    }
  }

  func testTheExamplesAreThoseOfTheComments() throws {
    let tested = Documented.lines(try Documented.text("Tests/MicrogradTests/ReferenceExamplesTests.swift"))
    let folder = packageFolder.appendingPathComponent("Sources/Micrograd")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var count = 0
    while let file = files?.nextObject() as? URL {
      if file.pathExtension != "swift" || withoutExamples.contains(file.lastPathComponent) { continue }
      for example in try Documented.examples(ofSource: file) {
        XCTAssertTrue(tested.contains(Documented.lines(example)), "\(file.lastPathComponent): \(example)")
        count += 1
      }
    }
    XCTAssertGreaterThanOrEqual(count, 50)
  }

  func testAResultThatIsNotTheCommentsIsNoticed() {
    for (result, comment) in [
      ("8.0", "8.0"), ("8.0", "8.0: a sentence"), ("3.6496", "3.65"), ("[1.0, 0.35355339]", "[1.0, 0.353553]"),
    ] { XCTAssertTrue(isShown(result, by: comment), comment) }
    for (result, comment) in [
      ("8.0", "8.1"), ("8.01", "8.0"), ("3.6496", "3.64"), ("[1.0]", "[1.0, 2.0]"), ("[1.0, 2.0]", "[1.0]"),
      ("-1.0", "1.0"), ("1e-06", "1e-07"), ("true", "false"), ("8.0", "8.02"),
    ] { XCTAssertFalse(isShown(result, by: comment), comment) }
  }
}
