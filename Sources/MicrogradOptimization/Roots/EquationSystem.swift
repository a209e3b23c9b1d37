import Micrograd

/// A system of equations f(x) = 0, as many as unknowns, which a solver evaluates as plain numbers.
///
/// The captured Values of f count as constants in it, and nothing remains on the tape. A function that captures no Values
/// is compiled when it has been evaluated a few times, and compared once with a recording.
internal final class EquationSystem {
  /// The equations at a position.
  struct Evaluation {
    let position: [Double]
    let values: [Double]
    let jacobian: [[Double]]

    /// True if the values and the Jacobian are finite.
    var isFinite: Bool { values.isFinite && jacobian.allSatisfy(\.isFinite) }
    /// True if all equations hold exactly.
    var isSolved: Bool { values.allSatisfy { $0 == 0 } }
  }

  /// The equations.
  let function: ([Value]) throws -> [Value]
  /// True if the function captures Values that can be differentiated by.
  let capturesValues: Bool
  private var evaluations = 0
  private var compiled: CompiledFunction?

  /// The evaluation at which the function is compiled: most roots are found before.
  static let firstCompiled = 12

  /// - Throws: ``OptimizationError`` if the start is empty or not finite, or the numbers of equations and unknowns differ;
  ///   what the function throws.
  init(_ function: @escaping ([Value]) throws -> [Value], from start: [Double]) throws {
    guard !start.isEmpty else { throw OptimizationError.noParameters }
    for (k, x) in start.enumerated() where !x.isFinite {
      throw OptimizationError.startNotFinite(parameter: k, found: x)
    }
    self.function = function
    let (count, capturesValues) = try Tape.scope {
      let results = try function(start.map { .constant($0) })
      return (results.count, results.contains { !$0.isConstant })
    }
    guard count == start.count else {
      throw OptimizationError.equationCount(equations: count, unknowns: start.count)
    }
    self.capturesValues = capturesValues
  }

  /// Returns the values and the Jacobian at a position.
  func evaluate(at position: [Double]) throws -> Evaluation {
    evaluations += 1
    if let compiled {
      do throws(CompilationError) {
        let (values, jacobian) = try compiled.valueWithJacobian(at: position)
        return Evaluation(position: position, values: values, jacobian: jacobian)
      } catch {
        // The position takes a path that cannot be compiled.
        self.compiled = nil
      }
    }
    let (values, jacobian) = try withoutGradients { try valueWithJacobian(at: position, of: function) }
    guard values.count == position.count else {
      throw OptimizationError.equationCount(equations: values.count, unknowns: position.count)
    }
    let recorded = Evaluation(position: position, values: values, jacobian: jacobian)
    if evaluations == Self.firstCompiled, !capturesValues { try compile(recorded) }
    return recorded
  }

  /// Returns how much the rounding errors of the equations, and of the position itself, may change their values.
  func rounding(at position: [Double]) throws -> [Double] {
    var errors: [Double] = []
    _ = try withoutGradients {
      try valueWithJacobian(at: position) { unknowns in
        let values = try function(unknowns)
        errors = values.map { value in
          let report = roundingReport(of: value, listing: 0)
          return report.error + report.inputError
        }
        return values
      }
    }
    return errors
  }

  /// Compiles the function, unless it cannot be compiled or gives other numbers then. It stays recorded then, which gives the
  /// same numbers.
  private func compile(_ recorded: Evaluation) throws {
    guard let compiled = try compileThrowing(at: recorded.position, of: function),
      let found = try? compiled.valueWithJacobian(at: recorded.position)
    else { return }
    let isSame = zip(found.jacobian, recorded.jacobian).allSatisfy { row, expected in
      row.agrees(with: expected, scale: expected.largestMagnitude)
    }
    let change = zip(recorded.jacobian, recorded.values).map { row, value in
      zip(row, recorded.position).reduce(abs(value)) { max($0, abs($1.0 * $1.1)) }
    }
    if isSame, found.value.agrees(with: recorded.values, scale: change.largestMagnitude) { self.compiled = compiled }
  }
}
