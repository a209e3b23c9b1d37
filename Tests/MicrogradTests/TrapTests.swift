import Foundation
import Micrograd
import XCTest

/// Broken contracts stop the program, in release builds too, and say why.
///
/// Each is broken in a process of its own: this same test program, run for the one test of `TrapChildTests`, with the
/// name of the contract in its environment.
final class TrapTests: XCTestCase {
  func testAValueOfAnEndedScopeIsStale() throws {
    try assertTraps(.endedScope, saying: "stale Value", "scope")
  }

  func testAValueOfAResetTapeIsStale() throws {
    try assertTraps(.resetTape, saying: "stale Value")
  }

  func testAValueIsStaleThoughItsTapesMemoryServesAnother() throws {
    try assertTraps(.releasedTape, saying: "stale Value", "tape")
  }

  func testAParameterOfAReleasedModuleIsStale() throws {
    try assertTraps(.releasedModule, saying: "stale Value", "parameter", "module")
  }

  func testAParameterIsStaleThoughItsSlotServesAnother() throws {
    try assertTraps(.reusedSlot, saying: "stale Value", "parameter")
  }

  func testValuesOfTwoTapesDoNotMix() throws {
    try assertTraps(.twoTapes, saying: "two tapes", "tape.use")
  }

  func testSumsOfTwoTapesDoNotMix() throws {
    try assertTraps(.sumOfTwoTapes, saying: "two tapes")
  }

  func testAPickOutsideOfItsTableNamesIndexAndCount() throws {
    try assertTraps(.pickBetweenPlaces, saying: "0.5 of 2", "0 to 1")
    try assertTraps(.pickBeyondTheRows, saying: "3.0 of 3", "0 to 2")
  }

  func testTwoThreadsAreNotInsideOneTape() throws {
    try assertTraps(.twoThreads, saying: "two threads", "Tape()")
  }

  func testAnotherThreadsOwnTapeIsNotEntered() throws {
    try assertTraps(.anotherThreadsTape, saying: "two threads", "default tape")
  }

  func testNodesOfAnotherThreadsTapeAreNotSwept() throws {
    try assertTraps(.anotherThreadsNode, saying: "two threads", "await")
  }

  func testAnotherThreadsTapeIsNotGrown() throws {
    try assertTraps(.anotherThreadsGrowth, saying: "two threads")
  }

  func testNotOneNodeIsRecordedOnAnotherThreadsTape() throws {
    for contract in [
      BrokenContract.anotherThreadsProduct, .anotherThreadsConstantProduct, .anotherThreadsRelu, .anotherThreadsSine,
      .anotherThreadsParameter, .anotherThreadsSum, .anotherThreadsSweep, .anotherThreadsRecomputation,
    ] {
      try assertTraps(contract, saying: "two threads", "Tape()")
    }
  }

  func testBackwardOfAConstantSaysThatNothingWasRecorded() throws {
    try assertTraps(.backwardOfConstant, saying: "backward()", "constant")
  }

  func testOperationsOfOnesOwnSayWhichRuleIsMissingOrWrong() throws {
    try assertTraps(.operationWithoutRule, saying: "no rule", "vectorJacobianProduct")
    try assertTraps(.operationWithoutSecondRule, saying: "ramp", "secondDerivative", "recordedVectorJacobianProduct")
    try assertTraps(.operationNestedWithoutSecondRule, saying: "ramp", "secondDerivative")
    try assertTraps(.operationOfOtherInputs, saying: "pair", "3 inputs, not 2")
    try assertTraps(.operationWithTooManyOutputs, saying: "pair", "3 outputs", "not 1")
    try assertTraps(.operationWithTooFewAdjoints, saying: "pair", "1 adjoints", "not 2")
  }

  func testTaylorSeriesOfBadInput() throws {
    try assertTraps(.taylorOfNegativeOrder, saying: "order -1", "0 or more")
    try assertTraps(.taylorAlongAShortDirection, saying: "1 numbers for 2 arguments", "for each argument")
    try assertTraps(.taylorDerivativeBeyondTheOrder, saying: "order 3 of a series of order 2", "higher order")
    try assertTraps(.taylorWithoutSecondRule, saying: "ramp", "recordedVectorJacobianProduct")
  }

  func testLoopsOfBadInput() throws {
    try assertTraps(.loopOfNegativeCount, saying: "iterate(-1)", "0 steps or more")
    try assertTraps(.loopOfAnotherCount, saying: "1 numbers at step 0", "state of 2")
    try assertTraps(.loopOfAnotherCountOnNumbers, saying: "3 numbers at step 0", "state of 1")
    try assertTraps(.loopWithoutCheckpoints, saying: "0 checkpoints", "1 state or more")
    try assertTraps(.loopOnANewPath, saying: "path through the body", "call iterate again")
    try assertTraps(.hessianOfALoopOfRules, saying: "second derivatives of a loop", "for loop")
  }

  func testARuleDoesNotUseTheTapeThatCalledIt() throws {
    for contract in [
      BrokenContract.ruleOfOuterValue, .ruleOfParameter, .ruleThatSweepsOutside, .ruleThatSetsData, .ruleThatSetsGrad,
      .ruleThatEntersItsTape, .ruleThatRecomputes, .ruleThatResets, .ruleThatSteps, .valueOfOuterValue,
      .compiledRuleOfOuterValue,
    ] {
      try assertTraps(contract, saying: "a rule of a custom operation", "an input of the operation", ".detached")
    }
  }

  func testDataOfAConstantIsNotSet() throws {
    try assertTraps(.settingConstant, saying: "constant", "data", "Value(")
  }

  func testGradOfAConstantIsNotSet() throws {
    try assertTraps(.settingGradOfConstant, saying: "constant", "grad")
  }

  func testResetIsNotForScopes() throws {
    try assertTraps(.resetInScope, saying: "reset()", "scope")
  }

  func testRoomForMoreNodesThanATapeHoldsIsRefused() throws {
    try assertTraps(.hugeReserve, saying: "reserve(1099511627776)", "268435456", "2^28")
    try assertTraps(.negativeReserve, saying: "reserve(-1)", "0 to 268435456")
  }

  func testDotProductsHaveOneLength() throws {
    try assertTraps(.dotOfTwoLengths, saying: "dot product", "length")
  }

  func testADerivativeAtPlainNumbersDoesNotLoseThatOfAFunctionAroundIt() throws {
    try assertTraps(.lostDependence, saying: "plain numbers", "gradient(at: Value(1))", ".detached")
    try assertTraps(.lostDependenceAtValues, saying: "plain numbers", "dependence")
    try assertTraps(.lostDependenceInABlock, saying: "plain numbers", "dependence")
  }

  func testBackwardCreatingAGraphNeedsARecording() throws {
    try assertTraps(.creatingGraphInPause, saying: "creatingGraph", "withoutGradients")
    try assertTraps(.creatingGraphOfConstant, saying: "backward()", "constant")
  }

  func testDirectionsAndWeightsHaveAsManyNumbersAsWhatTheyMeet() throws {
    try assertTraps(.directionTooShort, saying: "a direction of 1 numbers for 2 arguments")
    try assertTraps(.directionOfValuesTooShort, saying: "a direction of 1 numbers for 2 arguments")
    try assertTraps(.weightsTooMany, saying: "a vector of 2 numbers for 1 results")
  }

  // MARK: - Matrices

  func testAMatrixOfAnEndedScopeIsStale() throws {
    try assertTraps(.matrixOfEndedScope, saying: "stale Value", "scope")
    try assertTraps(.operatorOnStaleMatrix, saying: "stale Value", "scope")
  }

  func testAMatrixOfValuesOfTwoScopesDoesNotOutliveTheInnerOne() throws {
    try assertTraps(.matrixAcrossScopes, saying: "stale Value", "scope")
  }

  func testRunsOfReleasedParametersAreStale() throws {
    try assertTraps(.runsOfParametersOneReleased, saying: "stale Value", "parameter")
  }

  func testMatricesOfTwoTapesDoNotMix() throws {
    try assertTraps(.matricesOfTwoTapes, saying: "two tapes")
    try assertTraps(.biasOfAnotherTape, saying: "two tapes")
    try assertTraps(.matrixOfValuesOfTwoTapes, saying: "two tapes")
  }

  func testBlocksAreNotRecordedOnAnotherThreadsTape() throws {
    try assertTraps(.anotherThreadsMatrix, saying: "two threads")
  }

  func testPlacesOutsideOfAMatrixDoNotExist() throws {
    try assertTraps(.elementOutside, saying: "[1, 2] is not in a matrix of 2 × 2")
    try assertTraps(.elementOfVectorOutside, saying: "not in a matrix of 1 × 2")
    try assertTraps(.rowOutside, saying: "row \(Int.max)", "2")
    try assertTraps(.rowsOutside, saying: "rows 1..<3 of a matrix with 2")
  }

  func testShapesHaveAsManyPlacesAsThereAreNumbers() throws {
    try assertTraps(.hugeConstant, saying: "0 numbers for a matrix of \(Int.max) × 2")
    try assertTraps(.hugeMatrixOfValues, saying: "1 Values for a matrix of 2 × \(Int.max)")
    try assertTraps(.hugeShape, saying: "2 elements do not fill a matrix of \(Int.max) × \(Int.max)")
    try assertTraps(.hugeMatrixOfParameters, saying: "are not within the 2 of the block")
    try assertTraps(.emptyMatrix, saying: "at least one row and one column")
    try assertTraps(.unequalRows, saying: "rows[1] has 2 numbers, rows[0] has 1")
    try assertTraps(.shapesThatDoNotMeet, saying: "2 × 2 and 1 × 3 do not go together")
  }

  func testABlockBeyondTheIndicesOfATapeIsRefused() throws {
    try assertTraps(.matrixTooLarge, saying: "the tape is full", "2^28")
  }

  func testDataOfAConstantMatrixIsNotSet() throws {
    try assertTraps(.settingConstantMatrix, saying: "constant", "data")
  }

  // MARK: - Compiled functions

  func testACompiledFunctionDoesNotOutliveItsParameters() throws {
    try assertTraps(.compiledModelReleased, saying: "stale Value", "parameter", "module")
  }

  func testLeavesOfACompiledFunctionDoNotOutliveTheirScope() throws {
    try assertTraps(.compiledLeafOfEndedScope, saying: "stale Value", "scope")
  }

  func testStepsTrapWhereTheSweepDoes() throws {
    try assertTraps(.stepsOfEndedScope, saying: "stale Value", "scope")
    try assertTraps(.stepsOfConstant, saying: "backward() of a constant")
  }

  func testFunctionsOfTwoTapesAreNotCompiled() throws {
    try assertTraps(.compiledOnTwoTapes, saying: "two tapes")
    try assertTraps(.compiledResultOfAnotherTape, saying: "two tapes")
  }

  func testSamplesHaveAsManyNumbersAsTheFunctionHasInputs() throws {
    try assertTraps(.compiledWidth, saying: "samples of 3 numbers for a function of 2")
    try assertTraps(.unequalSamples, saying: "rows[1] has 1 numbers, rows[0] has 2")
    try assertTraps(.dividedSamples, saying: "3 numbers are not samples of 2")
  }

  func testAMeanIsOfOneResultOfAtLeastOneSample() throws {
    try assertTraps(.compiledMeanOfNothing, saying: "no samples")
    try assertTraps(.compiledResults, saying: "2 results", "results(at:)")
    try assertTraps(.compiledWithoutThreads, saying: "at least one thread", "0")
  }

  func testAPickOfASampleHasAPlaceInItsTable() throws {
    try assertTraps(.compiledPick, saying: "pick", "2.5", "samples[3]", "0 to 2")
  }

  /// Without a broken contract the child ends well: its end is no accident of how it is run.
  func testTheChildItselfDoesNotTrap() throws {
    let (status, _) = try runChild(.nothing)
    XCTAssertEqual(status, 0)
  }

  // MARK: - Child processes

  private func assertTraps(_ contract: BrokenContract, saying words: String..., line: UInt = #line) throws {
    let (status, errors) = try runChild(contract)
    XCTAssertNotEqual(status, 0, "went on", line: line)
    for word in words {
      XCTAssertTrue(errors.contains(word), "\"\(word)\" is not in: \(errors)", line: line)
    }
  }

  private func runChild(_ contract: BrokenContract) throws -> (status: Int32, errors: String) {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    let test = "MicrogradTests.TrapChildTests/testBrokenContract"
    #if os(macOS)
      child.arguments = ["-XCTest", test, Bundle(for: TrapTests.self).bundlePath]
    #else
      child.arguments = [test]
    #endif
    child.environment = ProcessInfo.processInfo.environment.merging(
      [
        BrokenContract.variable: contract.rawValue,
        "SWIFT_BACKTRACE": "enable=no",  // slow to write
        "ASAN_OPTIONS": "detect_leaks=0",  // of the test framework, at exit
      ], uniquingKeysWith: { $1 })
    let errors = Pipe()
    child.standardError = errors
    child.standardOutput = FileHandle.nullDevice
    try child.run()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    child.waitUntilExit()
    return (child.terminationStatus, String(decoding: message, as: UTF8.self))
  }
}

/// Runs in the child process only.
final class TrapChildTests: XCTestCase {
  func testBrokenContract() throws {
    guard let name = ProcessInfo.processInfo.environment[BrokenContract.variable] else {
      throw XCTSkip("broken in child processes of TrapTests")
    }
    try XCTUnwrap(BrokenContract(rawValue: name)).break()
  }
}

private enum BrokenContract: String {
  case nothing, endedScope, resetTape, releasedTape, releasedModule, reusedSlot, twoTapes, sumOfTwoTapes
  case twoThreads, anotherThreadsTape, anotherThreadsNode, anotherThreadsGrowth
  case anotherThreadsProduct, anotherThreadsConstantProduct, anotherThreadsRelu, anotherThreadsSine
  case anotherThreadsParameter, anotherThreadsSum, anotherThreadsSweep, anotherThreadsRecomputation
  case backwardOfConstant, settingConstant, settingGradOfConstant, resetInScope, dotOfTwoLengths
  case hugeReserve, negativeReserve, stepsOfEndedScope, stepsOfConstant
  case matrixOfEndedScope, operatorOnStaleMatrix, matrixAcrossScopes
  case runsOfParametersOneReleased, matricesOfTwoTapes, biasOfAnotherTape, matrixOfValuesOfTwoTapes
  case anotherThreadsMatrix, elementOutside, elementOfVectorOutside, rowOutside, rowsOutside
  case hugeConstant, hugeMatrixOfValues, hugeShape, hugeMatrixOfParameters, emptyMatrix, unequalRows
  case shapesThatDoNotMeet, matrixTooLarge, settingConstantMatrix
  case lostDependence, lostDependenceAtValues, lostDependenceInABlock
  case creatingGraphInPause, creatingGraphOfConstant
  case directionTooShort, directionOfValuesTooShort, weightsTooMany
  case pickBetweenPlaces, pickBeyondTheRows
  case taylorOfNegativeOrder, taylorAlongAShortDirection, taylorDerivativeBeyondTheOrder, taylorWithoutSecondRule
  case loopOfNegativeCount, loopOfAnotherCount, loopOfAnotherCountOnNumbers, loopWithoutCheckpoints, loopOnANewPath
  case hessianOfALoopOfRules
  case operationWithoutRule, operationWithoutSecondRule, operationNestedWithoutSecondRule
  case ruleOfOuterValue, ruleOfParameter, ruleThatSweepsOutside, ruleThatSetsData, ruleThatSetsGrad
  case ruleThatEntersItsTape, ruleThatRecomputes, ruleThatResets, ruleThatSteps, valueOfOuterValue
  case compiledRuleOfOuterValue
  case operationOfOtherInputs, operationWithTooManyOutputs, operationWithTooFewAdjoints
  case compiledModelReleased, compiledLeafOfEndedScope, compiledOnTwoTapes, compiledResultOfAnotherTape, compiledWidth
  case unequalSamples, dividedSamples, compiledMeanOfNothing, compiledResults, compiledWithoutThreads, compiledPick

  /// Without a second derivative.
  private var ramp: CustomOperation { CustomOperation("ramp", value: { 2 * $0 }, derivative: { _ in 2 }) }

  /// An operation of two inputs and one output whose value and rule give as many numbers as said.
  private func pair(outputs: Int, adjoints: Int) -> CustomOperation {
    CustomOperation(
      "pair", inputCount: 2, outputCount: 1, value: { _ in Array(repeating: 1, count: outputs) },
      vectorJacobianProduct: { _, _, _ in Array(repeating: 1, count: adjoints) })
  }

  static let variable = "MICROGRAD_BROKEN_CONTRACT"

  func `break`() {
    switch self {
    case .nothing: break
    case .endedScope: print(Tape.scope { Value(1) }.data)
    case .stepsOfEndedScope: print(BackwardSteps(of: Tape.scope { exp(Value(1)) }))
    case .stepsOfConstant: print(BackwardSteps(of: Value.constant(1)))
    case .resetTape:
      let x = Value(1)
      Tape.current.reset()
      print((x + Value(2)).data)
    case .releasedTape:
      let x = Tape().use { Value(1) }
      let next = Tape()
      next.use { print(Value(2), x.data) }
    case .releasedModule:
      var weights: Parameters? = Parameters([1])
      let weight = weights![0]
      weights = nil
      Tape.scope {}
      print(weight.grad)
    case .reusedSlot:
      var weights: Parameters? = Parameters([1])
      let weight = weights![0]
      weights = nil
      weights = Parameters([2])
      print(weight * weights![0])
    case .twoTapes: print(Tape().use { Value(1) + keep(Tape()).use { Value(2) } })
    case .sumOfTwoTapes:
      let other = keep(Tape()).use { Value(2) }
      print(sum([Value(1), other]))
    case .twoThreads:
      let tape = Shared(Tape())
      tape.value.use { onAnotherThread { tape.value.use {} } }
    case .anotherThreadsTape:
      let tape = Shared(Tape.current)
      onAnotherThread { tape.value.use {} }
    case .anotherThreadsNode:
      let x = Shared(Value(3))
      onAnotherThread { (x.value * x.value).backward() }
    case .anotherThreadsGrowth:
      let x = Shared(Value(3))
      onAnotherThread { for _ in 0..<1_000_000 { _ = x.value * x.value } }
    case .backwardOfConstant: (Value.constant(1) * 2).backward()
    case .settingConstant: Value(1).detached.data = 2
    case .settingGradOfConstant: withoutGradients { Value(1) }.grad = 2
    case .resetInScope: Tape.scope { Tape.current.reset() }
    case .hugeReserve: Tape.current.reserve(1 << 40)
    case .negativeReserve: Tape.current.reserve(-1)
    case .dotOfTwoLengths: print(dot([Value(1)], [Value(1), Value(2)]))
    case .creatingGraphInPause:
      let y = Value(1) * 2
      _ = withoutGradients { y.backward(creatingGraph: true) }
    case .creatingGraphOfConstant: Value.constant(1).backward(creatingGraph: true)
    case .directionTooShort: print(hessianVectorProduct(at: [1, 2], along: [1]) { x in x[0] * x[1] })
    case .directionOfValuesTooShort:
      print(directionalDerivative(at: [Value(1), Value(2)], along: [Value(1)]) { x in x[0] * x[1] })
    case .weightsTooMany: print(vectorJacobianProduct(at: [1, 2], along: [1, 1]) { x in [x[0] * x[1]] })
    case .pickBetweenPlaces: print(pick([Value(1), Value(2)], at: Value(0.5)))
    case .pickBeyondTheRows: print(Matrix([[1], [2], [3]]).row(at: Value(3)))
    case .operationWithoutRule: _ = CustomOperation("pair", inputCount: 2, outputCount: 1, value: { $0 })
    case .operationWithoutSecondRule: print(hessian(at: [1]) { x in ramp(x[0]) })
    case .loopOfNegativeCount: print(iterate(-1, from: [Value(1)]) { s in s })
    case .loopOfAnotherCount: print(iterate(9, from: [Value(1), Value(2)], checkpoints: 1) { s in [s[0]] })
    case .loopOfAnotherCountOnNumbers: print(iterate(9, fromNumbers: [1.0]) { s in s + s + s })
    case .loopWithoutCheckpoints: print(iterate(9, from: [Value(1)], checkpoints: 0) { s in s })
    case .loopOnANewPath:
      let x = Value(1)
      let y = iterate(9, from: [x], checkpoints: 2) { s in s[0] < 0 ? [s[0]] : [s[0] * 2] }[0]
      x.data = -1
      y.backward()
      print(y)
    case .hessianOfALoopOfRules:
      print(hessian(at: [1]) { x in iterate(9, from: x, checkpoints: 2) { s in [ramp(s[0])] }[0] })
    case .taylorOfNegativeOrder: print(taylor(at: 1, order: -1) { x in x })
    case .taylorAlongAShortDirection: print(taylor(at: [1, 2], along: [1], order: 2) { x in x[0] })
    case .taylorDerivativeBeyondTheOrder: print(taylor(at: 1, order: 2) { x in x }.derivative(3))
    case .taylorWithoutSecondRule: print(taylor(at: 1, order: 2) { x in ramp(x) })
    case .operationNestedWithoutSecondRule: print(derivative(at: 1, order: 3) { x in ramp(x) })
    case .operationOfOtherInputs: print(pair(outputs: 1, adjoints: 2)([Value(1), Value(2), Value(3)]))
    case .operationWithTooManyOutputs: print(pair(outputs: 3, adjoints: 2)([Value(1), Value(2)]))
    case .operationWithTooFewAdjoints: print(gradient(at: [1, 2]) { x in pair(outputs: 1, adjoints: 1)(x)[0] })
    case .lostDependence: print(gradient(at: 3) { x in x * gradient(at: 1) { y in x * y } })
    case .lostDependenceAtValues: print(gradient(at: Value(3)) { x in x * gradient(at: 1) { y in x * y } })
    case .lostDependenceInABlock:
      print(
        hessian(at: [3, 4]) { x in
          let slopes = gradient(at: [1, 2]) { y in dot(Vector(values: x), Vector(values: y)) }
          return x[0] * slopes[1]
        })
    default: breakThread()
    }
  }

  /// One node or one sweep on the tape of the thread that is waiting.
  private func breakThread() {
    let x = Shared(Value(3)), y = Shared(x.value * x.value), weights = Shared(Parameters([2]))
    let tape = Shared(Tape.current)
    switch self {
    case .anotherThreadsProduct: onAnotherThread { _ = x.value * y.value }
    case .anotherThreadsConstantProduct: onAnotherThread { _ = x.value * 2 }
    case .anotherThreadsRelu: onAnotherThread { _ = x.value.relu() }
    case .anotherThreadsSine: onAnotherThread { _ = sin(x.value) }
    case .anotherThreadsParameter: onAnotherThread { _ = weights.value[0] * x.value }
    case .anotherThreadsSum: onAnotherThread { _ = sum([x.value, y.value]) }
    case .anotherThreadsSweep: onAnotherThread { y.value.backward() }
    case .anotherThreadsRecomputation: onAnotherThread { tape.value.recompute() }
    default: breakRule()
    }
  }

  private func breakRule() {
    let tape = Tape(), x = tape.use { Value(2) }, z = tape.use { x * x }, weights = tape.use { Parameters([3]) }
    func sweep(_ derivative: @escaping () -> Double) {
      let operation = CustomOperation("one", value: { $0 }, derivative: { _ in derivative() })
      tape.use { (operation(x) * 3).backward() }
    }
    switch self {
    case .ruleOfOuterValue: sweep { (z * 2).data }
    case .ruleOfParameter: sweep { gradient(at: 1) { y in y * weights[0] } }
    case .ruleThatSweepsOutside:
      sweep {
        z.backward()
        return 1
      }
    case .ruleThatSetsData:
      sweep {
        x.data = 3
        return 1
      }
    case .ruleThatSetsGrad:
      sweep {
        x.grad = 0
        return 1
      }
    case .ruleThatEntersItsTape: sweep { tape.scope { 1 } }
    case .ruleThatRecomputes:
      sweep {
        tape.recompute()
        return 1
      }
    case .ruleThatResets:
      sweep {
        tape.reset()
        return 1
      }
    case .ruleThatSteps:
      sweep {
        weights.descend(learningRate: 1)
        return 1
      }
    case .valueOfOuterValue:
      let operation = CustomOperation("scale", value: { (z * $0).data }, derivative: { _ in 4 })
      print(operation(x))
    case .compiledRuleOfOuterValue:
      let operation = CustomOperation("one", value: { $0 }, derivative: { _ in (z * 2).data })
      tape.use {
        let f = try! compile(at: [1]) { x in operation(x[0] * weights[0]) }
        try! f.backward(at: Samples([[1]]))
      }
    default: breakMatrix()
    }
  }

  private func breakMatrix() {
    let two = Matrix([[1, 2], [3, 4]])
    switch self {
    case .matrixOfEndedScope: print(Tape.scope { Matrix([[1]]) }.data)
    case .operatorOnStaleMatrix: print(two + Tape.scope { two + 1 })
    case .matrixAcrossScopes:
      let outer = Value(1)
      let both = Tape.scope { Vector(values: [outer, Value(2)]) }
      print(Value(3), both[0], both[1])
    case .runsOfParametersOneReleased:
      var weights: Parameters? = Parameters([1])
      let others = Parameters([2])  // beside them, before the first
      let runs = ParameterRuns([others[0], weights![0]])
      weights = nil
      Tape.scope {}
      withExtendedLifetime(others) { print(runs.data) }
    case .matricesOfTwoTapes: print(two + keep(Tape()).use { Matrix([[1, 2], [3, 4]]) })
    case .biasOfAnotherTape: print(two.affine(weights: two, bias: keep(Tape()).use { Vector([1, 2]) }))
    case .matrixOfValuesOfTwoTapes: print(Vector(values: [Value(1), keep(Tape()).use { Value(2) }]))
    case .anotherThreadsMatrix:
      let x = Shared(two)
      onAnotherThread { _ = x.value + x.value }
    case .elementOutside: print(two[1, 2])
    case .elementOfVectorOutside: print(two.row(0)[-1])
    case .rowOutside: print(two.row(.max))
    case .rowsOutside: print(two.rows(1..<3))
    case .hugeConstant: print(Matrix.constant(rows: .max, columns: 2, []))
    case .hugeMatrixOfValues: print(Matrix(rows: 2, columns: .max, values: [Value(1)]))
    case .hugeShape: print(two.row(0).matrix.reshaped(rows: .max, columns: .max))
    case .hugeMatrixOfParameters: print(Parameters([1, 2]).matrix(rows: .max, columns: .max, from: 1))
    case .emptyMatrix: print(Matrix([[]]))
    case .unequalRows: print(Matrix([[1], [2, 3]]))
    case .shapesThatDoNotMeet: print(two + Matrix([[1, 2, 3]]))
    case .matrixTooLarge:
      let table = Matrix(rows: 1, columns: 1 << 18, Array(repeating: 0, count: 1 << 18))
      print(table.gathering(rows: Array(repeating: 0, count: 1 << 10)))
    case .settingConstantMatrix: two.detached.data = [1, 2, 3, 4]
    default: try! breakCompiled()
    }
  }

  private func breakCompiled() throws {
    let f = try compile(at: [1, 2]) { x in x[0] < x[1] ? x[0] * x[1] : x[0] }
    switch self {
    case .compiledModelReleased:
      var weights: Parameters? = Parameters([1, 2])
      // It holds the Values, not the object they belong to.
      let weight = weights![1]
      let g = try compile(at: [1]) { x in x[0] * weight }
      weights = nil
      Tape.scope {}
      print(try g.values(at: Samples([[1]])))
    case .compiledLeafOfEndedScope:
      let g = try Tape.scope {
        let leaf = Value(1)
        return try compile(at: [1]) { x in x[0] * leaf }
      }
      print(try g.values(at: Samples([[1]])))
    case .compiledOnTwoTapes:
      let other = keep(Tape()).use { Value(2) }
      _ = try compile(at: [1]) { x in x[0] * other }
    case .compiledResultOfAnotherTape:
      let other = keep(Tape()).use { Value(2) }
      _ = try compile(at: [1]) { _ in other }
    case .compiledWidth: print(try f.values(at: Samples([[1, 2, 3]])))
    case .unequalSamples: print(Samples([[1, 2], [1]]))
    case .dividedSamples: print(Samples([1, 2, 3], width: 2))
    case .compiledMeanOfNothing: try f.backward(at: Samples([], width: 2))
    case .compiledResults: print(try compile(at: [1]) { x in [x[0], x[0]] }.values(at: Samples([[1]])))
    case .compiledWithoutThreads:
      f.threads = 0
      print(try f.values(at: Samples([[1, 2]])))
    default:
      let g = try compile(at: [0]) { x in pick([x[0], .constant(5), 2 * x[0]], at: x[0]) }
      print(try g.values(at: Samples([[0], [1], [2], [2.5], [7]])))
    }
  }

  private func keep(_ tape: Tape) -> Tape {
    _ = Unmanaged.passRetained(tape)
    return tape
  }

  private func onAnotherThread(_ body: @escaping @Sendable () -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      body()
      isDone.signal()
    }
    isDone.wait()
  }
}

/// Takes what is not Sendable to another thread: that is the contract which is broken here.
private struct Shared<Content>: @unchecked Sendable {
  let value: Content
  init(_ value: Content) { self.value = value }
}
