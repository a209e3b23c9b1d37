import CMicrograd

/// An operation whose operands are close to a place where it is not smooth, so that its derivative may not tell what
/// a small change does.
public struct Kink: Sendable {
  /// What happens at the place.
  public enum Kind: String, Sendable {
    /// The slope changes at once, as that of `relu` at 0.
    case bend
    /// The slope is continuous, its own slope changes at once, as in `elu` at 0: for second derivatives.
    case curvature
    /// The value changes at once, as that of `floor`.
    case jump
    /// The domain ends, or the value or the slope grows beyond all bounds, as those of 1 / x and `sqrt` at 0.
    case edge
  }

  /// What was computed.
  public let operation: Operation
  /// The position of the node in the order of recording.
  public let index: Int
  /// The number that was computed.
  public let data: Double
  /// From which numbers; of many the first eight.
  public let operands: [Double]
  /// What happens at the place.
  public let kind: Kind
  /// How far the operands are from it: by how much one of them would have to change, for a neuron its weighted input.
  public let distance: Double
  /// Where it was recorded, in debug builds; see ``Value/origin``.
  public var origin: Origin? { stack.origin }

  fileprivate let stack: RecordedStack
}

extension Kink: CustomStringConvertible {
  /// A line, as `relu of 1e-09 is 1e-09: a bend at a distance of 1e-09`.
  public var description: String {
    let list = operands.map { "\($0)" }.joined(separator: ", ")
    let from = operands.count == 8 ? "\(list), …" : list
    let what = kind == .edge ? "an edge" : "a \(kind.rawValue)"
    let place = origin.map { ", recorded at \($0)" } ?? ""
    return "\(operation.name) of \(from) is \(data): \(what) at a distance of \(distance)\(place)"
  }
}

/// The operations under a result whose operands are close to a kink, a jump or the end of a domain, the closest first.
///
/// ```swift
/// let x = Value(1e-9)
/// kinks(of: x.relu() + exp(x), within: 1e-6)[0].operation.name  // "relu"
/// ```
///
/// There the gradient holds for steps only that are smaller than the distance. Where differences and the tape disagree,
/// or training jumps, this is a place to look. Operations that a block computed are among them, each element by itself;
/// functions of one's own, of which nothing is known, are not.
///
/// - Parameters:
///   - root: The result.
///   - distance: How close, in the operands' own units; 0 finds those at the very place.
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
