import Foundation
import Micrograd

/// The same equation over Values, on a tape of its own, for derivatives.
///
/// A sweep that asks for derivatives holds its own tape, and sweeps of a compiled function may run on several threads.
internal final class EquationTwin {
  let equation: DifferentialEquation
  private let tape = Tape()
  private let lock = NSRecursiveLock()

  init(of equation: DifferentialEquation) {
    self.equation = DifferentialEquation(
      states: equation.stateCount, parameters: equation.parameterCount, values: equation.values, numbers: nil)
  }

  /// Runs `body` on the tape, one thread at a time.
  func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try tape.use(body)
  }
}
