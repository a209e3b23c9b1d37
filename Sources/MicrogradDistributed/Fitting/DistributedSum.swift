import Micrograd
import MicrogradOptimization

/// A sum of a function over rows that are dealt to ranks, and its gradient by the parameters.
///
/// The results are the same on each rank, and the same bits for any number of ranks. The function is compiled once.
///
/// ```swift
/// let data = RankedData([[1, 2, 4]])
/// let sum = try DistributedSum(over: SingleCommunicator(), data, at: [3]) { p, row in (p[0] - row[0]).squared() }
/// let (value, gradient) = try sum.valueWithGradient(at: [3])
/// value     // 6.0
/// gradient  // [4.0]
/// ```
public final class DistributedSum {
  private let blocks: RankedRows
  private let rows: CompiledRows?
  private let parameterCount: Int

  /// Compiles the function.
  ///
  /// - Parameters:
  ///   - communicator: The ranks. All must create the sum, and call its methods, in the same order with the same arguments.
  ///   - data: The rows.
  ///   - parameters: Parameters at which the function is recorded.
  ///   - function: The function of the parameters and of a row. It must not compare Values.
  /// - Throws: `CompilationError` if the function cannot be compiled; ``CommunicationError`` if the ranks differ in the number of rows
  ///   or of parameters; errors of `data`.
  public init(
    over communicator: any Communicator, _ data: RankedData, at parameters: [Double],
    of function: ([Value], [Value]) -> Value
  ) throws {
    try communicator.requireSame([
      ("the number of rows", "\(data.count)"), ("the number of parameters", "\(parameters.count)"),
    ])
    blocks = RankedRows(data.count, communicator)
    parameterCount = parameters.count
    let columns = try blocks.ownRows.isEmpty ? [] : data.columns(blocks.ownRows)
    rows = try compiledRows(columns, at: parameters, function)
  }

  /// Returns the sum.
  ///
  /// Throws ``CommunicationError`` if another rank has failed.
  public func value(at parameters: [Double]) throws -> Double {
    try total(at: parameters, wantsGradient: false)[0]
  }

  /// Returns the sum and its gradient.
  ///
  /// Throws ``CommunicationError`` if another rank has failed.
  public func valueWithGradient(at parameters: [Double]) throws -> (value: Double, gradient: [Double]) {
    let total = try total(at: parameters, wantsGradient: true)
    return (total[0], Array(total.dropFirst()))
  }

  private func total(at parameters: [Double], wantsGradient: Bool) throws -> [Double] {
    require(
      parameters.count == parameterCount,
      "\(parameters.count) parameters for a sum of \(parameterCount): give as many as it was created with")
    return try blocks.checked {
      blocks.total(width: wantsGradient ? 1 + parameterCount : 1) { block, range in
        guard let rows else { return [] }
        var sums = [rows.values(at: parameters, block: block).sum]
        if wantsGradient {
          let derivatives = rows.jacobian(at: parameters, block: block)
          for k in 0..<parameterCount { sums.append(Array(derivatives[k * range.count..<(k + 1) * range.count]).sum) }
        }
        return sums
      } combine: {
        $0.add($1)
      }
    }
  }
}

extension [Double] {
  /// The sum, in order.
  fileprivate var sum: Double {
    var sum = 0.0
    for number in self { sum += number }
    return sum
  }
}
