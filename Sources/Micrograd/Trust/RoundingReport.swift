import CMicrograd
import RealModule

/// An estimate of the rounding error of a result, with the operations that cause it.
///
/// ```swift
/// let x = Value(1e-6)
/// let report = roundingReport(of: (1 - cos(x)) / x.squared())
/// report.value  // 0.5000444502911705; it should be 0.49999999999995833
/// report.contributions[0].operation.name  // "cosine"
/// report.significantDigits  // 3.65
/// ```
///
/// Each operation rounds its result by at most half a unit in the last place, a function by one or two. Exact operations,
/// such as signs, maxima and doubling, lose nothing. The error changes the final result by that error times the derivative
/// of the final result: Σ |adjoint · value| · ε. This is a first-order estimate for the worst case, in which no two errors
/// cancel. Errors of plain numbers before they were recorded are not included.
public struct RoundingReport: Sendable {
  /// An operation and its rounding error.
  public struct Contribution: Sendable {
    /// The operation.
    public let operation: Operation
    /// The position of the node in the order of recording.
    public let index: Int
    /// The number that was computed.
    public let data: Double
    /// The operands; at most the first eight.
    public let operands: [Double]
    /// The derivative of the result with respect to this number.
    public let adjoint: Double
    /// The largest change of the result by the rounding of this operation.
    public let error: Double
    /// The line that recorded it, in debug builds; see ``Value/origin``.
    public var origin: Origin? { stack.origin }

    fileprivate let stack: RecordedStack
  }

  /// The result.
  public let value: Double
  /// The largest change of the result by the rounding of all operations.
  public let error: Double
  /// The additional change if the inputs, leaves and parameters, are themselves rounded by half a unit in the last place.
  public let inputError: Double
  /// The operations with the largest errors, largest first.
  public let contributions: [Contribution]

  /// The relative error; infinite if the result is 0 with an error.
  public var relativeError: Double { error == 0 ? 0 : error / abs(value) }

  /// The number of significant decimal digits, 0 to 16.
  public var significantDigits: Double {
    let relative = relativeError
    if relative.isNaN { return 0 }
    return max(0, -.log10(max(relative, .ulpOfOne / 2)))
  }
}

/// Estimates the rounding error of a result, and lists the operations that cause it; see ``RoundingReport``.
///
/// Gradients do not change. The report of a constant is empty.
///
/// - Parameters:
///   - root: The result.
///   - count: The largest number of operations to list.
/// - Complexity: O(n log n) for the n nodes before the root and the operands of those that it depends on.
public func roundingReport(of root: Value, listing count: Int = 16) -> RoundingReport {
  guard let tape = root.pointer else {
    return RoundingReport(value: root.unwatchedData, error: 0, inputError: 0, contributions: [])
  }
  let estimate = RoundingEstimate(of: root.node(on: tape), on: tape)
  let most = estimate.losses.sorted { ($0.error, $1.node) > ($1.error, $0.node) }.prefix(max(count, 0))
  return RoundingReport(
    value: root.unwatchedData, error: estimate.error, inputError: estimate.inputError,
    contributions: most.map { loss in
      let node = RecordedNode(tape: tape, node: loss.node)
      return .init(
        operation: node.operation, index: Int(loss.node), data: node.data,
        operands: node.firstOperands, adjoint: loss.adjoint, error: loss.error,
        stack: node.stack)
    })
}

/// What rounding may do to one node, as far as it depends on others.
internal struct RoundingEstimate {
  struct Loss {
    let node: mg_node
    let adjoint: Double
    let error: Double
  }

  /// Of every operation that loses something.
  private(set) var losses: [Loss] = []
  private(set) var error = 0.0
  private(set) var inputError = 0.0

  init(of root: mg_node, on tape: UnsafeMutablePointer<mg_tape>) {
    self.init(of: root, on: tape, Adjoints(of: root, on: tape))
  }

  init(of root: mg_node, on tape: UnsafeMutablePointer<mg_tape>, _ adjoints: Adjoints) {
    for node in -mg_node(tape.pointee.parameter_slots)..<max(root + 1, 0) {
      let adjoint = adjoints[node]
      if adjoint == 0 { continue }
      let recorded = RecordedNode(tape: tape, node: node)
      if recorded.isLeaf {
        if recorded.data != 0 { inputError += abs(adjoint) * recorded.data.ulp / 2 }
        continue
      }
      let lost = recorded.localRounding
      if lost == 0 { continue }
      let product = abs(adjoint) * lost, error = product.isNaN ? .infinity : product
      self.error += error
      losses.append(Loss(node: node, adjoint: adjoint, error: error))
    }
  }
}

extension RoundingReport.Contribution: CustomStringConvertible {
  /// A line such as `cosine of 1e-06 is 0.9999999999995, adjoint -1000000000000.0: ± 0.0001`.
  public var description: String {
    let list = operands.map { "\($0)" }.joined(separator: ", ")
    let from = operands.count == 8 ? "\(list), …" : list
    let place = origin.map { ", recorded at \($0)" } ?? ""
    return "\(operation.name) of \(from) is \(data), adjoint \(adjoint): ± \(brief(error))\(place)"
  }
}

extension RoundingReport: CustomStringConvertible {
  /// The result with its error in a line, then the operations with the largest errors.
  public var description: String {
    let digits = (significantDigits * 10).rounded() / 10
    let head = "\(value) ± \(brief(error)) by rounding: \(digits) digits are certain"
    return ([head] + contributions.map { "  \($0)" }).joined(separator: "\n")
  }
}
