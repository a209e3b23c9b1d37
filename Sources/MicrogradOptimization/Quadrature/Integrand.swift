import Micrograd

/// The function under an integral, evaluated at many points as plain numbers.
internal final class Integrand {
  private let evaluateAll: ([Double]) throws -> [Double]
  /// The number of points so far.
  private(set) var count = 0

  /// A function of plain numbers.
  init(_ function: @escaping (Double) throws -> Double) {
    evaluateAll = { try $0.map(function) }
  }

  /// A function of Values. The Values that it captures count as constants.
  init(_ function: @escaping (Value) throws -> Value) {
    let points = RepeatedPoints(function)
    evaluateAll = points.values
  }

  /// Returns the values at points.
  func values(at points: [Double]) throws -> [Double] {
    count += points.count
    return try evaluateAll(points)
  }
}

/// A function of one Value that is evaluated at lists of points: as it is at first, compiled after some lists.
///
/// The compiled function is compared once with the function itself. A function that captures Values is not compiled.
private final class RepeatedPoints {
  private let function: (Value) throws -> Value
  private var lists = 0
  private var compiled: CompiledFunction?

  /// The list at which the function is compiled.
  private static let firstCompiled = 12

  init(_ function: @escaping (Value) throws -> Value) { self.function = function }

  func values(at points: [Double]) throws -> [Double] {
    lists += 1
    if let compiled {
      do throws(CompilationError) {
        return try compiled.values(at: Samples(points.map { [$0] }))
      } catch {
        // A point takes a path that cannot be compiled.
        self.compiled = nil
      }
    }
    let values = try withoutGradients { try points.map { try function(.constant($0)).data } }
    if lists == Self.firstCompiled, try !capturesValues(points[0]) { try compile(at: points, values) }
    return values
  }

  private func capturesValues(_ point: Double) throws -> Bool {
    try Tape.scope { try !function(.constant(point)).isConstant }
  }

  /// Compiles the function, unless it cannot be compiled or gives other numbers then. It is evaluated as it is then, which
  /// gives the same numbers.
  private func compile(at points: [Double], _ values: [Double]) throws {
    guard let compiled = try compileThrowing(at: [points[0]], of: { [function] in [try function($0[0])] }),
      let found = try? compiled.values(at: Samples(points.map { [$0] }))
    else { return }
    if found.agrees(with: values, scale: values.largestMagnitude) { self.compiled = compiled }
  }
}
