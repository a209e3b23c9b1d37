import Micrograd
import MicrogradNN
import XCTest

final class OptimizersTests: XCTestCase {
  /// The optimisers of the fixture by name.
  private let makers: [String: (any Trainable) -> any Optimizer] = [
    "SGD": { SGD($0, learningRate: 0.1) },
    "SGD with weight decay": { SGD($0, learningRate: 0.1, weightDecay: 0.05) },
    "SGD with momentum": { SGD($0, learningRate: 0.05, momentum: 0.9) },
    "SGD with dampening": { SGD($0, learningRate: 0.1, momentum: 0.8, dampening: 0.4, weightDecay: 0.01) },
    "SGD with Nesterov": { SGD($0, learningRate: 0.05, momentum: 0.9, weightDecay: 0.02, nesterov: true) },
    "Adam": { Adam($0) },
    "Adam with betas": { Adam($0, learningRate: 0.005, beta1: 0.3, beta2: 0.7, epsilon: 1e-3) },
    "Adam with weight decay": { Adam($0, learningRate: 0.01, weightDecay: 0.1) },
    "Adam with AMSGrad": { Adam($0, learningRate: 0.05, beta2: 0.8, amsgrad: true) },
    "AdamW": { AdamW($0) },
    "AdamW with weight decay": { AdamW($0, learningRate: 0.02, weightDecay: 0.3) },
    "AdamW with AMSGrad": { AdamW($0, learningRate: 0.05, beta2: 0.8, amsgrad: true) },
    "RMSProp": { RMSProp($0) },
    "RMSProp with weight decay": { RMSProp($0, learningRate: 0.01, alpha: 0.9, weightDecay: 0.1) },
    "RMSProp with momentum": { RMSProp($0, learningRate: 0.002, epsilon: 1e-6, momentum: 0.8) },
    "RMSProp centred": { RMSProp($0, learningRate: 0.005, alpha: 0.9, epsilon: 1e-2, centered: true) },
    "RMSProp centred with momentum": {
      RMSProp($0, learningRate: 0.001, epsilon: 1e-4, weightDecay: 0.01, momentum: 0.7, centered: true)
    },
    "Adagrad": { Adagrad($0) },
    "Adagrad with decays": { Adagrad($0, learningRate: 0.1, learningRateDecay: 0.05, weightDecay: 0.02) },
    "Adagrad with accumulator": { Adagrad($0, learningRate: 0.2, initialAccumulatorValue: 0.5, epsilon: 1e-3) },
    "Adam with cosine and clipped norm": { Adam($0, schedule: .cosine(from: 0.05, to: 0.001, steps: 40)) },
    "SGD with steps and clipped values": {
      SGD($0, schedule: .step(from: 0.2, every: 15, factor: 0.5), momentum: 0.5)
    },
  ]

  func testEveryOptimizerTakesPyTorchsSteps() throws {
    let fixture = Fixture.optimizers
    XCTAssertEqual(Set(fixture.trainings.map(\.name)), Set(makers.keys))
    for training in fixture.trainings {
      let network = TanhNetwork()
      var optimizer = try XCTUnwrap(makers[training.name])(network)
      for step in 1...50 {
        network.evaluate()
        if training.name.contains("clipped norm") { clipGradients(of: network, toNorm: 0.3) }
        if training.name.contains("clipped values") { clipGradients(of: network, toValue: 0.05) }
        optimizer.step()
        guard let k = fixture.recorded.firstIndex(of: step) else { continue }
        assertEqual(
          network.trainedParameters.data, training.parameters[k], within: 1e-10, "\(training.name), step \(step)")
      }
    }
  }

  func testRestoredOptimizersGoOnBitForBit() throws {
    for (name, make) in makers {
      let network = TanhNetwork()
      var optimizer = make(network)
      optimizer.train(network, steps: 7)
      let (saved, parameters) = (optimizer.state, network.trainedParameters.data)
      optimizer.train(network, steps: 6)

      let other = TanhNetwork()
      other.setParameters(parameters)
      var resumed = make(other)
      resumed.train(other, steps: 2)
      other.setParameters(parameters)
      try resumed.restore(saved)
      XCTAssertEqual(resumed.state, saved, name)
      resumed.train(other, steps: 6)
      XCTAssertEqual(other.trainedParameters.data, network.trainedParameters.data, name)
      XCTAssertEqual(resumed.state, optimizer.state, name)
    }
  }

  func testZeroingInTheSamePassTakesTheSameStep() {
    let makers: [(Parameters) -> any Optimizer] = [
      { SGD(Array($0), learningRate: 0.1, momentum: 0.9) }, { Adam(Array($0), amsgrad: true) },
      { RMSProp(Array($0), momentum: 0.5, centered: true) }, { Adagrad(Array($0)) },
    ]
    for make in makers {
      let numbers = (0..<5000).map { sin(Double($0)) }
      let (a, b) = (Parameters(numbers), Parameters(numbers))
      var (apart, together) = (make(a), make(b))
      for k in 1...3 {
        ParameterRuns(Array(a)).gradients = numbers.map { cos($0) * Double(k) }
        ParameterRuns(Array(b)).gradients = numbers.map { cos($0) * Double(k) }
        apart.step()
        together.stepAndZeroGradients()
        XCTAssertEqual(a.data, b.data, apart.state.kind)
        XCTAssertEqual(apart.state, together.state)
        XCTAssertEqual(b.gradients, Array(repeating: 0, count: 5000))
        XCTAssertEqual(a.gradients[0], Double(k), "a step alone leaves them")
      }
    }
  }

  func testCopiesHaveStatesOfTheirOwn() {
    for (name, make) in makers {
      let network = TanhNetwork()
      var optimizer = make(network)
      optimizer.train(network, steps: 2)
      let before = optimizer.state
      var copy = optimizer
      copy.train(network, steps: 2)
      XCTAssertEqual(optimizer.state, before, name)
      XCTAssertEqual(copy.stepCount, 4, name)
    }
  }

  func testParametersOfTwoTapesInAnyOrderAreTrainedAsOneBlock() {
    let start = Fixture.optimizers.start
    for (name, make) in makers {
      let block = Parameters(start)
      let halves = [start[..<16], start[16...]].map { half in Tape().use { Parameters(Array(half)) } }
      let values = halves.flatMap { Array($0) }
      var (together, apart) = (make(Array(block)), make(Array(values.reversed())))
      for step in 0..<3 {
        for (k, pair) in zip(block, values).enumerated() {
          let number: Int = 7 * k + 5 * step
          let gradient = Double(number % 11 - 5)
          pair.0.grad = gradient
          pair.1.grad = gradient
        }
        together.step()
        apart.step()
      }
      XCTAssertEqual(halves.flatMap(\.data), block.data, name)
      XCTAssertNotEqual(block.data, start, name)
    }
  }

  func testSharedParametersAreTrainedOnce() {
    let shared = Parameters([1])
    var optimizer = SGD([shared[0], shared[0]], learningRate: 0.5)
    shared[0].grad = 1
    optimizer.step()
    XCTAssertEqual(shared.data, [0.5])
    let layer = Layer(1, 1)
    XCTAssertEqual(Adam(Twice(first: layer, second: layer)).state.buffers["exp_avg"], [0, 0])
  }

  private struct Twice: CompositeModule {
    let first, second: Layer
    var children: KeyValuePairs<String, any Module> { ["first": first, "second": second] }
  }

  func testAModuleWithoutParametersCanBeTrained() {
    struct Identity: Module {
      var parameters: [Value] { [] }
    }
    for (name, make) in makers {
      var optimizer = make(Identity())
      optimizer.step()
      XCTAssertEqual(optimizer.stepCount, 1, name)
      XCTAssertEqual(optimizer.state.buffers.values.flatMap { $0 }, [], name)
    }
  }

  func testOptimizersKeepTheirModuleAlive() {
    var optimizer = Adam(MLP(1, [1]), learningRate: 0.1)
    optimizer.zeroGradients()
    optimizer.step()
    XCTAssertEqual(optimizer.stepCount, 1)
  }

  func testStateIsInTheOrderOfTheNamedParameters() {
    let network = TanhNetwork()
    var optimizer = SGD(network, learningRate: 0.1, momentum: 0.9)
    network.evaluate()
    optimizer.step()
    XCTAssertEqual(optimizer.state.buffers["momentum_buffer"], network.namedParameters.flatMap(\.gradients))
  }

  func testLikeGradientsDoNotMakeTheCentredVarianceNegative() {
    // PyTorch's parameter is NaN after 331 of these steps.
    let parameter = Parameters([1])
    var optimizer = RMSProp(Array(parameter), learningRate: 1e-6, alpha: 0.9, centered: true)
    for _ in 0..<2000 {
      parameter[0].grad = 0.1
      optimizer.step()
    }
    XCTAssertTrue(parameter.data[0].isFinite)
  }
}
