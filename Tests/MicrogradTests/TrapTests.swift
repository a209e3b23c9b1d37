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

  func testBackwardOfAConstantSaysThatNothingWasRecorded() throws {
    try assertTraps(.backwardOfConstant, saying: "backward()", "constant")
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

  func testDotProductsHaveOneLength() throws {
    try assertTraps(.dotOfTwoLengths, saying: "dot product", "length")
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
  case backwardOfConstant, settingConstant, settingGradOfConstant, resetInScope, dotOfTwoLengths

  static let variable = "MICROGRAD_BROKEN_CONTRACT"

  func `break`() {
    switch self {
    case .nothing: break
    case .endedScope: print(Tape.scope { Value(1) }.data)
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
    case .dotOfTwoLengths: print(dot([Value(1)], [Value(1), Value(2)]))
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
