import CMicrograd

/// An operation whose operands are close to a point where it is not smooth. Its derivative may not describe a small change.
public struct Kink: Sendable {
  /// The kind of kink.
  public enum Kind: String, Sendable {
    /// The slope jumps, as for `relu` at 0.
    case bend
    /// The second derivative jumps, as for `elu` at 0.
    case curvature
    /// The value jumps, as for `floor`.
    case jump
    /// The domain ends, or the value or the slope is unbounded, as for 1 / x and `sqrt` at 0.
    case edge
  }

  /// The operation.
  public let operation: Operation
  /// The position of the node in the order of recording.
  public let index: Int
  /// The number that was computed.
  public let data: Double
  /// The operands; at most the first eight.
  public let operands: [Double]
  /// The kind of kink.
  public let kind: Kind
  /// The distance: the smallest change of one operand that reaches the kink; for a neuron, of its weighted input.
  public let distance: Double
  /// The line that recorded it, in debug builds; see ``Value/origin``.
  public var origin: Origin? { stack.origin }

  fileprivate let stack: RecordedStack
}

extension Kink: CustomStringConvertible {
  /// A line such as `relu of 1e-09 is 1e-09: a bend at a distance of 1e-09`.
  public var description: String {
    let list = operands.map { "\($0)" }.joined(separator: ", ")
    let from = operands.count == 8 ? "\(list), …" : list
    let what = kind == .edge ? "an edge" : "a \(kind.rawValue)"
    let place = origin.map { ", recorded at \($0)" } ?? ""
    return "\(operation.name) of \(from) is \(data): \(what) at a distance of \(distance)\(place)"
  }
}

/// Returns the operations below a result whose operands are close to a kink, a jump or the end of a domain, closest first.
///
/// ```swift
/// let x = Value(1e-9)
/// kinks(of: x.relu() + exp(x), within: 1e-6)[0].operation.name  // "relu"
/// ```
///
/// The gradient is valid only for steps smaller than the distance. Use this if finite differences disagree with the
/// gradient, or if training jumps. Elements of blocks are included; custom operations are not, because nothing is known
/// about them.
///
/// - Parameters:
///   - root: The result.
///   - distance: The largest distance, in the units of the operands; 0 finds exact kinks only.
/// - Complexity: O(n log n) for the n nodes before the root and the operands of those that it depends on.
public func kinks(of root: Value, within distance: Double) -> [Kink] {
  guard let tape = root.pointer else { return [] }
  require(distance >= 0, "a distance of \(distance): give 0 or more")
  let last = Int(root.node(on: tape))
  guard last >= 0 else { return [] }
  var isUnderRoot = [Bool](repeating: false, count: last + 1)
  isUnderRoot[last] = true
  var found: [(node: RecordedNode, nearest: NearestKink)] = []
  for index in stride(from: last, through: 0, by: -1) where isUnderRoot[index] {
    let node = RecordedNode(tape: tape, node: mg_node(index))
    if node.isLeaf { continue }
    for k in 0..<node.operandCount {
      let operand = Int(node.operandNode(k))
      if operand >= 0 { isUnderRoot[operand] = true }
    }
    if let nearest = node.nearestKink, nearest.distance <= distance { found.append((node, nearest)) }
  }
  found.sort { ($0.nearest.distance, $0.node.node) < ($1.nearest.distance, $1.node.node) }
  return found.map { node, nearest in
    Kink(
      operation: node.operation, index: Int(node.node), data: node.data, operands: node.firstOperands,
      kind: nearest.kind, distance: nearest.distance, stack: node.stack)
  }
}
