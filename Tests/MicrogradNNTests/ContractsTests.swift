import Foundation
import Micrograd
import MicrogradNN
import XCTest

private let variable = "MICROGRAD_NN_CONTRACT"

/// Broken contracts stop the program and say why. Each is broken in a process of its own.
final class ContractsTests: XCTestCase {
  private func assertStops(_ contract: BrokenContract, saying words: String..., line: UInt = #line) throws {
    let test = "ContractsChildTests/testBreakingAContract"
    let said = try ChildProcess.messageOfStop(test, variable, contract.rawValue)
    guard let said else { return XCTFail("it goes on", line: line) }
    for word in words { XCTAssertTrue(said.contains(word), "no “\(word)” in \(said.prefix(600))", line: line) }
  }

  func testATrainerRefusesTheOptimizerOfAnotherModel() throws {
    try assertStops(.optimizerOfAnother, saying: "parameters that the model does not have", "Trainer(model,")
    try assertStops(.lbfgsOfAnother, saying: "parameters that the model does not have")
    try assertStops(.optimizerOfMore, saying: "parameters that the model does not have")
  }

  func testSizesThatAreTooLargeAreNamed() throws {
    try assertStops(.hugeLinear, saying: "Linear(1099511627776, 1073741824)", "make it smaller")
    try assertStops(.largeLinear, saying: "Linear(65536, 65536)", "268435456")
    try assertStops(.hugeNetwork, saying: "1099511627776 inputs and 1099511627776 neurons")
    try assertStops(.hugeEmbedding, saying: "Embedding(count: 4611686018427387904, width: 8)")
    try assertStops(.hugeNorm, saying: "LayerNorm(9223372036854775807)")
    try assertStops(.hugeWeights, saying: "9223372036854775807", "make it smaller")
  }

  func testAStepNamesAGradientThatIsNotFinite() throws {
    try assertStops(.gradient, saying: "index 1 of 0.weight, nan", "step 3", "firstNonFinite")
    try assertStops(.gradientOfList, saying: "index 1 in the order given", "inf", "step 1")
    try assertStops(.gradientOfLBFGS, saying: "0.weight", "step 1")
    for contract in [BrokenContract.gradientOfAdamW, .gradientOfRMSProp, .gradientOfAdagrad] {
      try assertStops(contract, saying: "index 0 of 0.bias, nan", "step 1")
    }
  }

  func testAStepNamesAScheduleThatIsNotFinite() throws {
    try assertStops(.schedule, saying: "learning rate of step 3 is nan", "schedule")
    try assertStops(.scheduleOfLBFGS, saying: "learning rate of step 1 is -inf")
  }

  func testATrainerThrowsWhereTheScheduleIsNotFinite() throws {
    var random = PythonRandom(seed: 1)
    let model = Sequential(Linear(1, 1, using: &random))
    let schedule = LearningRateSchedule { $0 < 4 ? 0.1 : .nan }
    var trainer = Trainer(model, SGD(model, schedule: schedule), .meanSquared)
    let before = model.namedParameters.map(\.data)
    XCTAssertThrowsError(try trainer.fit(Dataset(inputs: [[1], [2]], numbers: [1, 2]))) {
      guard case .learningRate(_, epoch: 5, step: 5) = $0 as? TrainingError else { return XCTFail("\($0)") }
      XCTAssertTrue("\($0)".contains("schedule"), "\($0)")
    }
    XCTAssertNotEqual(model.namedParameters.map(\.data), before)
    XCTAssertTrue(model.namedParameters.allSatisfy { $0.data.allSatisfy(\.isFinite) })
  }

  func testATrainerTakesAnOptimizerOfAPartOfItsModel() throws {
    var random = PythonRandom(seed: 1)
    let (first, last) = (Linear(1, 3, using: &random), Linear(3, 1, using: &random))
    let model = Sequential(first, last)
    let before = first.namedParameters.map(\.data)
    for optimizer in [SGD(last, learningRate: 0.1), SGD(last.parameters.suffix(1) + [], learningRate: 0.1)] {
      var trainer = Trainer(model, optimizer, .meanSquared)
      _ = try trainer.fit(Dataset(inputs: [[1], [2]], numbers: [1, 2]))
    }
    XCTAssertEqual(first.namedParameters.map(\.data), before)
  }
}

private enum BrokenContract: String {
  case optimizerOfAnother, lbfgsOfAnother, optimizerOfMore
  case hugeLinear, largeLinear, hugeNetwork, hugeEmbedding, hugeNorm, hugeWeights
  case gradient, gradientOfList, gradientOfLBFGS, gradientOfAdamW, gradientOfRMSProp, gradientOfAdagrad
  case schedule, scheduleOfLBFGS
}

/// Runs in child processes only.
final class ContractsChildTests: XCTestCase {
  func testBreakingAContract() throws {
    let name = ProcessInfo.processInfo.environment[variable]
    guard let contract = name.flatMap(BrokenContract.init) else { throw XCTSkip("runs in child processes only") }
    var random = PythonRandom(seed: 1)
    let model = Sequential(Linear(2, 1, using: &random)), other = Sequential(Linear(2, 1, using: &random))
    switch contract {
    case .optimizerOfAnother: _ = Trainer(model, SGD(other, learningRate: 0.1), .meanSquared)
    case .lbfgsOfAnother: _ = Trainer(model, LBFGS(other), .meanSquared)
    case .optimizerOfMore: _ = Trainer(model, Adam(Sequential(model, other), learningRate: 0.1), .meanSquared)
    case .hugeLinear: _ = Linear(1 << 40, 1 << 30, using: &random)
    case .largeLinear: _ = Linear(1 << 16, 1 << 16, using: &random)
    case .hugeNetwork: _ = MLP(1 << 40, [1 << 40], using: &random)
    case .hugeEmbedding: _ = Embedding(count: 1 << 62, width: 8, using: &random)
    case .hugeNorm: _ = LayerNorm(.max)
    case .hugeWeights: _ = Initializer.heNormal.weights(.max, .max, using: &random)
    case .gradient:
      var optimizer = SGD(model, learningRate: 0.1)
      for step in 1...3 {
        model.namedParameters[0].gradients = [1, step == 3 ? .nan : 1]
        optimizer.step()
      }
    case .gradientOfList:
      var optimizer = Adam(model.parameters, learningRate: 0.1)
      model.namedParameters[0].gradients = [1, .infinity]
      optimizer.step()
    case .gradientOfLBFGS:
      var optimizer = LBFGS(model)
      optimizer.step {
        model.namedParameters[0].gradients = [.nan, 1]
        return 1
      }
    case .gradientOfAdamW, .gradientOfRMSProp, .gradientOfAdagrad:
      model.namedParameters[1].gradients = [.nan]
      var optimizer: any Optimizer =
        switch contract {
        case .gradientOfAdamW: AdamW(model, learningRate: 0.1)
        case .gradientOfRMSProp: RMSProp(model, learningRate: 0.1)
        default: Adagrad(model, learningRate: 0.1)
        }
      optimizer.stepAndZeroGradients()
    case .schedule:
      var optimizer = RMSProp(model, schedule: LearningRateSchedule { $0 == 2 ? .nan : 0.1 })
      for _ in 1...3 { optimizer.step() }
    case .scheduleOfLBFGS:
      var optimizer = LBFGS(model, schedule: .constant(-.infinity))
      optimizer.step { 1 }
    }
  }
}
