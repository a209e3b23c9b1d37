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

  /// Compiled functions for the derivatives of stiff steps.
  struct StiffFunctions {
    /// The right-hand side f, of the time, the states and the parameters.
    let slopes: CompiledFunction
    /// Σ wᵢ fᵢ, of these and the weights.
    let weighted: CompiledFunction
    /// The Jacobian of f times a vector, of the arguments of f and the vector.
    let products: CompiledFunction
  }

  /// The functions; `nil` before the first solution, or if the right-hand side or its derivatives cannot be compiled.
  private(set) lazy var stiffFunctions: StiffFunctions? = {
    let function = equation.rightHandSide
    guard let slopes = function.compiled, let flat = function.flat else { return nil }
    let (n, results) = (function.sample.count, function.resultCount)
    let weighted = try? compile(at: function.sample + [Double](repeating: 1, count: results)) { x in
      dot(flat(Array(x[..<n])), Array(x[n...]))
    }
    let products = try? compile(at: function.sample + [Double](repeating: 1, count: n)) { x in
      jacobianVectorProduct(at: Array(x[..<n]), along: Array(x[n...]), of: flat)
    }
    guard let weighted, let products else { return nil }
    return StiffFunctions(slopes: slopes, weighted: weighted, products: products)
  }()

  private var knownSum: (columnsByRow: [[Int]], sum: JacobianSum?)?

  /// Returns the weighted sum of a Jacobian with some entries; `nil` if it cannot be compiled, or takes too long.
  func jacobianSum(columnsByRow: [[Int]]) -> JacobianSum? {
    if let knownSum, knownSum.columnsByRow == columnsByRow { return knownSum.sum }
    let made = JacobianSum(of: equation.rightHandSide, columnsByRow: columnsByRow)
    knownSum = (columnsByRow, made)
    return made
  }
}
