import Foundation
import Micrograd
import TestSupport
import XCTest

/// The steps of a sweep against the sweep itself.
final class BackwardStepsTests: XCTestCase {
  /// The law: the steps end at the gradients that `backward` leaves, to the bit, and making them changes nothing.
  ///
  /// - Parameter isExact: True if every contribution is added by itself, as it is outside of blocks.
  private func assertStepsAreTheSweep(
    _ root: Value, seed: Double = 1, isExact: Bool = true, _ context: @autoclosure () -> String = "", line: UInt = #line
  ) {
    let nodes = everything(under: root)
    let before = nodes.map(\.grad.bitPattern)
    let steps = BackwardSteps(of: root, seed: seed)
    XCTAssertEqual(nodes.map(\.grad.bitPattern), before, "gradients changed. \(context())", line: line)
    root.backward(seed: seed)
    let after = steps.gradients(after: steps.count)
    XCTAssertEqual(after.count, nodes.count, context(), line: line)
    for (position, node) in nodes.enumerated() where after[position].bitPattern != node.grad.bitPattern {
      if after[position].isNaN && node.grad.isNaN { continue }
      XCTFail("node \(position): \(after[position]) is not \(node.grad). \(context())\n\(steps)", line: line)
    }
    assertStepsFitTogether(steps, isExact: isExact, context(), line: line)
  }

  /// Each step begins where the steps before it ended, and adds what it says.
  private func assertStepsFitTogether(_ steps: BackwardSteps, isExact: Bool, _ context: String, line: UInt) {
    var gradients = steps.gradients(after: 0)
    for step in steps {
      for (node, gradient) in zip(step.nodes, step.gradients) {
        XCTAssertTrue(same(gradient, gradients[node]), "\(step). \(context)", line: line)
        XCTAssertNotEqual(gradient, 0, context, line: line)
      }
      for operand in step.operands {
        XCTAssertTrue(same(operand.gradientBefore, gradients[operand.node]), "\(step). \(context)", line: line)
        let sum = operand.contribution == 0 ? operand.gradientBefore : operand.gradientBefore + operand.contribution
        // Kernels over many operands may round a product and its addition together, in optimised builds.
        let isFused = step.expression.hasPrefix("dot(") || step.expression.hasPrefix("log sum exp(")
        let largest = max(abs(operand.gradientBefore), abs(operand.contribution))
        let tolerance = !isExact ? 1e-13 * max(1, largest) : isFused ? 2 * largest.ulp : 0
        let isSum = same(operand.gradientAfter, sum) || abs(operand.gradientAfter - sum) <= tolerance
        XCTAssertTrue(isSum, "\(step): \(operand). \(context)", line: line)
        if let slope = operand.localDerivative, slope != 0, step.gradient.isFinite, slope.isFinite {
          let product = step.gradient * slope
          if product.isFinite {
            XCTAssertEqual(operand.contribution, product, accuracy: 1e-14 * abs(product) + 1e-300, context, line: line)
          }
        }
        gradients[operand.node] = operand.gradientAfter
      }
    }
  }

  private func same(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }

  /// In the order of the graph.
  private func everything(under root: Value) -> [Value] {
    var found = [root.index!: root], pending = [root]
    while let value = pending.popLast() {
      for operand in value.operands where found.updateValue(operand, forKey: operand.index!) == nil {
        pending.append(operand)
      }
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  // MARK: - Against backward

  func testStepsOfEveryOperationAreTheSweepsAtManyNumbers() {
    for (name, run) in OperationWays.ofOneValue {
      for x in [0.7, -0.6, 1.4, 0.0] + SpecialProgram.numbers {
        Tape.scope {
          let y = run(Value(x))
          guard !y.isConstant else { return }
          assertStepsAreTheSweep(y, seed: 0.3, "\(name)(\(x))")
          assertStepsAreTheSweep(y * y, "\(name)(\(x))²")
        }
      }
    }
    for (name, run) in OperationWays.ofTwoValues {
      for (x, y) in [(0.7, 1.3), (-0.6, 2.0), (1.5, 1.5), (2.0, -0.5), (0.0, 0.0), (.infinity, 2), (.nan, 1)] {
        Tape.scope {
          let (a, b) = (Value(x), Value(y))
          assertStepsAreTheSweep(run(a, b), seed: -1.7, "\(name)(\(x), \(y))")
          assertStepsAreTheSweep(run(a, a) * b + run(b, a), "\(name) with shared operands \(x), \(y)")
        }
      }
    }
  }

  func testStepsOfRandomGraphsAreTheSweepsAfterEarlierSweepsToo() {
    for seed in 1...100 {
      Tape().scope {
        let program = RandomProgram(seed: UInt64(seed), inputs: 8, steps: seed * 5)
        let parameters = Parameters(Array(program.inputs.prefix(4)))
        let numbers = program.run(parameters + program.inputs.dropFirst(4).map { Value($0) }) { Value($0) }
        var random = SplitMix64(seed: ~UInt64(seed))
        for _ in 0..<3 {
          let root = numbers[Int.random(in: numbers.count / 2..<numbers.count, using: &random)]
          assertStepsAreTheSweep(root, seed: .random(in: -2...2, using: &random), "seed \(seed)")
        }
      }
    }
  }

  func testStepsAtSpecialNumbersAreTheSweeps() {
    for seed in 1...600 {
      Tape.scope {
        let program = SpecialProgram(seed: UInt64(seed))
        let y = program(program.inputs.map { Value($0) })
        if !y.isConstant { assertStepsAreTheSweep(y, isExact: false, "seed \(seed): \(program.description)") }
      }
    }
  }

  func testStepsOfManyOperandsAreTheSweeps() {
    Tape.scope {
      let x = (0..<20).map { Value(0.1 * Double($0) - 0.7) }
      let apart = [x[3], x[17], x[3], x[0], x[9]]
      let terms: [Value] = [
        x.sum(), sum(apart), dot(x, x), dot(Array(x[0..<10]), Array(x[10..<20])), dot(apart, apart.reversed()),
        dot(Array(x[0..<10]), Array(x[1..<11])), logSumExp(x), logSumExp(apart), pick(x, at: .constant(4)),
        select(x[1] < x[2], x[3] * x[4], x[5]), dot(apart, [0.5, -1, 2, 3, 0.25]),
      ]
      for term in terms { assertStepsAreTheSweep(term, seed: 1.1) }
      assertStepsAreTheSweep(sum(terms))
    }
  }

  func testStepsOfMatricesAreTheSweeps() {
    Tape.scope {
      let numbers = (0..<12).map { 0.3 * Double($0) - 1.6 }
      let x = Matrix(rows: 4, columns: 3, numbers), weights = Matrix(rows: 2, columns: 3, Array(numbers[3..<9]))
      let gain = Vector([1.1, 0.7, -0.4]), bias = Vector([0.1, 0.2, 0.3])
      let results: [Value] = [
        x.softmax().squared().sum(), x.logSoftmax().squared().sum(), x.logSumExp().sum(), x.rowSums().squared().sum(),
        x.crossEntropy(classes: [0, 2, 1, 1]).mean(), x.layerNorm(gain: gain, bias: bias).squared().sum(),
        x.rmsNorm(gain: gain).squared().sum(), x.affine(weights: weights).relu().sum(),
        x.affine(weights: weights, bias: Vector([0.3, -0.2])).tanh().squared().sum(), (x * x + x / 2).sum(),
        (x * Matrix(rows: 4, columns: 3, numbers.reversed())).elu().sum(), x.gelu().silu().sum(), x.softmax()[1, 2],
        x.scaled(by: numbers).gathering(rows: [1, 1, 0]).sum(), dot(x, x),
      ]
      for (k, result) in results.enumerated() { assertStepsAreTheSweep(result, isExact: false, "result \(k)") }
      assertStepsAreTheSweep(sum(results), isExact: false)
    }
  }

  func testStepsOfCustomOperationsAreTheSweeps() {
    let cubic = CustomOperation("cubic", value: { $0 * $0 * $0 }, derivative: { 3 * $0 * $0 })
    let swap = CustomOperation(
      "swap", inputCount: 2, outputCount: 2, value: { [$0[1], 2 * $0[0]] },
      vectorJacobianProduct: { [2 * $2[1], $2[0]] })
    Tape.scope {
      let x = Value(1.5), y = Value(-0.5)
      assertStepsAreTheSweep(cubic(x * x) * y)
      let swapped = swap([x, x * y])
      assertStepsAreTheSweep(swapped[0] * swapped[1] + x)
      let steps = BackwardSteps(of: swapped[0] * swapped[1] + x)
      let both = steps.first { $0.nodes.count == 2 }
      XCTAssertEqual(both?.operands.map(\.localDerivative), [nil, nil])
      XCTAssertEqual(both?.operands.map(\.contribution), [2 * swapped[0].data, swapped[1].data])
    }
  }

  func testStepsBeginAtNumbersThatWereSet() {
    Tape.scope {
      let x = Value(3), y = x * x
      x.data = 5
      XCTAssertEqual(BackwardSteps(of: y).gradients(after: 2 - 1), [10, 1])
      XCTAssertEqual(y.data, 25)
    }
  }

  // MARK: - What steps say

  private func lecture() -> (Value, BackwardSteps) {
    let a = Value(2), b = Value(-3), c = Value(10), f = Value(-2)
    let e = a * b, d = e + c, loss = d * f
    return (loss, BackwardSteps(of: loss, labels: ["a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "L": loss]))
  }

  func testStepsOfTheLectureAreInItsOrderAndWords() {
    Tape.scope {
      let (_, steps) = lecture()
      XCTAssertEqual(
        "\(steps)",
        """
        1. L = d * f: L.grad is 1
          d.grad: 0 + 1 · −2 = −2   d(d * f)/dd = f
          f.grad: 0 + 1 · 4 = 4     d(d * f)/df = d
        2. d = e + c: d.grad is −2
          e.grad: 0 + −2 · 1 = −2   d(e + c)/de = 1
          c.grad: 0 + −2 · 1 = −2   d(e + c)/dc = 1
        3. e = a * b: e.grad is −2
          a.grad: 0 + −2 · −3 = 6   d(a * b)/da = b
          b.grad: 0 + −2 · 2 = −4   d(a * b)/db = a
        """)
      XCTAssertEqual(steps[2].operands[0].arithmetic, "a.grad: 0 + −2 · −3 = 6")
      XCTAssertEqual(steps.map { steps.graph.name(of: $0.node) }, ["L", "d", "e"])
    }
  }

  func testRulesNameOperandsConstantsAndTheResult() {
    Tape.scope {
      let x = Value(-0.5), w = Value(2)
      func rules(_ y: Value) -> [String] {
        BackwardSteps(of: y, labels: ["x": x, "w": w, "y": y])[0].operands.map(\.rule)
      }
      XCTAssertEqual(rules(x * x), ["d(x * x)/dx = x", "d(x * x)/dx = x"])
      XCTAssertEqual(rules(tanh(x)), ["d(tanh(x))/dx = 1 - y ** 2"])
      XCTAssertEqual(rules(x / w), ["d(x / w)/dx = 1 / w", "d(x / w)/dw = -y / w"])
      XCTAssertEqual(rules(3 * x), ["d(x * 3)/dx = 3"])
      XCTAssertEqual(rules(10 - x), ["d(10 - x)/dx = -1"])
      XCTAssertEqual(rules(x ** 4), ["d(x ** 4)/dx = 4 * x ** 3"])
      XCTAssertEqual(rules(w ** -0.5), ["d(w ** -0.5)/dw = (-0.5) * w ** (-1.5)"])
      XCTAssertEqual(rules(polygamma(1, w)), ["d(polygamma(1, w))/dw = polygamma(2, w)"])
      XCTAssertEqual(rules(x / -2), ["d(x / -2)/dx = 1 / (-2)"])
      XCTAssertEqual(rules(relu(x)), ["d(ReLU(x))/dx = 1 if y > 0, else 0"])
      XCTAssertEqual(rules(max(x, w))[1], "d(max(x, w))/dw = 1 if w > x, 0.5 if x == w, else 0")
      XCTAssertEqual(rules(dot([x, w], [w, x]))[0], "d(dot(x, w, w, x))/dx = w")
      let twice = CustomOperation("twice", value: { 2 * $0 }, derivative: { _ in 2 })
      XCTAssertEqual(rules(twice(x)), ["d(twice(x))/dx = 2 by the rule of twice"])
    }
  }

  func testLabelsThatAreFormulasStandInParentheses() {
    Tape.scope {
      let x = Value(2), product = x * x, y = product + x
      let steps = BackwardSteps(of: y, labels: ["x*x": product, "x": x])
      XCTAssertEqual(steps[0].operands[0].rule, "d((x*x) + x)/d(x*x) = 1")
      XCTAssertEqual(steps[0].operands[0].arithmetic, "x*x.grad: 0 + 1 · 1 = 1")
    }
  }

  func testNodesWithoutGradientHaveNoStep() {
    Tape.scope {
      let x = Value(-1)
      let steps = BackwardSteps(of: relu(x) * exp(x))
      XCTAssertEqual(steps.map(\.operation.symbol), ["*", "ReLU"])
      XCTAssertEqual("\(BackwardSteps(of: x, labels: ["x": x]))", "no steps: x was not computed from anything")
    }
  }

  func testSharedOperandsShowBothContributions() {
    Tape.scope {
      let x = Value(3)
      let operands = BackwardSteps(of: x * x)[0].operands
      XCTAssertEqual(operands.map(\.gradientBefore), [0, 3])
      XCTAssertEqual(operands.map(\.gradientAfter), [3, 6])
    }
  }

  func testAHundredThousandStepsAreMadeInLinearTimeAndFolded() {
    Tape.scope {
      var y = Value(1)
      for _ in 0..<100_000 { y = y + 0.5 }
      let steps = BackwardSteps(of: y)
      XCTAssertEqual(steps.count, 100_000)
      XCTAssertTrue("\(steps)".hasSuffix("… 99700 more steps"))
      XCTAssertEqual(steps.gradients(after: steps.count).first, 1)
    }
  }

  func testNumbersHaveSixDigits() {
    Tape.scope {
      func text(_ seed: Double) -> String { BackwardSteps(of: -Value(1), seed: seed)[0].description }
      for (seed, digits) in [
        (1 / 3.0, "0.333333"), (-2e-9, "−2e−9"), (123_456.789, "123457"), (1_234_567, "1.23457e6"), (1e300, "1e300"),
        (.nan, "nan"), (-.infinity, "−inf"), (0.00012345678, "0.000123457"), (999_999.7, "1000000"), (0.5, "0.5"),
      ] {
        XCTAssertTrue(text(seed).contains("grad is \(digits)\n"), "\(seed): \(text(seed))")
      }
    }
  }
}
