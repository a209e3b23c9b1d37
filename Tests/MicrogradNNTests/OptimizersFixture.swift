import Micrograd
import MicrogradNN
import TestSupport
import XCTest

/// What PyTorch's optimisers made of the network below.
struct OptimizersFixture: Decodable {
  struct Training: Decodable {
    let name: String
    let parameters: [[Double]]
  }

  struct Minimization: Decodable {
    let name: String
    let losses: [Double]
    let evaluations: [Int]
    let parameters: [[Double]]
  }

  struct Clipping: Decodable {
    let gradients: [Double]
    let value, norm, total: Double?
    let clipped: [Double]
  }

  let inputs, targets: [[Double]]
  let start: [Double]
  let recorded: [Int]
  let trainings: [Training]
  let minimizations: [Minimization]
  let clippings: [Clipping]
}

extension Fixture {
  static let optimizers: OptimizersFixture = try! readFixture("optimizers.json")
}

/// The network of the fixture, 3-5-2 with tanh, at its starting point.
struct TanhNetwork: CompositeModule {
  let hidden = Layer(3, 5, isNonlinear: false)
  let output = Layer(5, 2, isNonlinear: false)
  var children: KeyValuePairs<String, any Module> { ["hidden": hidden, "output": output] }

  init() { setParameters(Fixture.optimizers.start) }

  func setParameters(_ numbers: [Double]) { trainedParameters.data = numbers }

  func callAsFunction(_ inputs: [Double]) -> [Value] { output(hidden(inputs).map { $0.tanh() }) }

  /// The mean squared error plus an L2 penalty, whose gradients are those of the parameters afterwards.
  @discardableResult
  func evaluate(penalty: Double = 0) -> Double {
    Tape.scope {
      let outputs = Fixture.optimizers.inputs.flatMap { self($0) }
      let targets = Fixture.optimizers.targets.flatMap { $0 }
      let errors = zip(outputs, targets).map { output, target -> Value in (output - target) ** 2 }
      let loss = penalty == 0 ? errors.mean() : errors.mean() + l2Penalty(parameters, weight: penalty)
      zeroGradients()
      loss.backward()
      return loss.data
    }
  }
}

extension Optimizer {
  mutating func train(_ network: TanhNetwork, steps: Int) {
    for _ in 0..<steps {
      network.evaluate()
      step()
    }
  }
}

/// Asserts that numbers differ by at most `tolerance`, of their size where they are above 1.
func assertEqual(
  _ actual: [Double], _ expected: [Double], within tolerance: Double, _ message: String,
  file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertEqual(actual.count, expected.count, message, file: file, line: line)
  for (a, e) in zip(actual, expected) where !(abs(a - e) <= tolerance * max(1, abs(e))) {
    XCTFail("\(a) and \(e): \(message)", file: file, line: line)
  }
}
