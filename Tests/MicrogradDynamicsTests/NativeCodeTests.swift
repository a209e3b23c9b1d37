import Foundation
import Micrograd
import MicrogradDynamics
import XCTest

final class NativeCodeTests: XCTestCase {
  private let native = SolverOptions(usesNativeCode: true)
  private let cache = FileManager.default.temporaryDirectory.appendingPathComponent("dynamics-\(UUID().uuidString)")
  private let cacheBefore = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"]

  override func setUp() { setenv("XDG_CACHE_HOME", cache.path, 1) }

  override func tearDown() {
    if let cacheBefore { setenv("XDG_CACHE_HOME", cacheBefore, 1) } else { unsetenv("XDG_CACHE_HOME") }
    try? FileManager.default.removeItem(at: cache)
  }

  func testNativeCodeTakesTheStepsOfTheCompiledFunction() throws {
    #if os(Linux) || os(macOS)
      for name in ["lotkaVolterra", "lorenz", "arenstorf"] {
        let problem = try TestProblem.named(name)
        let compiled = try problem.equation.solve(from: problem.start, over: 0...problem.time)
        let found = try problem.equation.solve(from: problem.start, over: 0...problem.time, options: native)
        XCTAssertEqual(found.states, compiled.states, name)
      }
    #endif
  }

  func testOtherPathsAreComputedToo() throws {
    #if os(Linux) || os(macOS)
      let equation = DifferentialEquation(states: 1) { t, y, p in y[0] < 0.5 ? [2 * y[0]] : [1 - y[0]] }
      let compiled = try equation.solve(from: [0.1], over: 0...5)
      XCTAssertEqual(try equation.solve(from: [0.1], over: 0...5, options: native).states, compiled.states)
    #endif
  }

  func testAMissingCompilerIsAnErrorThatSaysWhatToDo() throws {
    #if os(Linux) || os(macOS)
      let old = ProcessInfo.processInfo.environment["CC"]
      setenv("CC", "no-such-compiler", 1)
      defer { if let old { setenv("CC", old, 1) } else { unsetenv("CC") } }
      let equation = DifferentialEquation(states: 1) { t, y, p in [-0.123456789 * y[0]] }
      do throws(DynamicsError) {
        _ = try equation.solve(from: [1], over: 0...1, options: native)
        XCTFail("there is no such compiler")
      } catch {
        guard case .nativeCode = error.reason else { return XCTFail("\(error)") }
        XCTAssertTrue(error.description.contains("no-such-compiler"), error.description)
        XCTAssertTrue(error.description.contains("usesNativeCode"))
      }
    #endif
  }
}
