/// Ranks of the nodes of a graph, so that edges lead to higher ranks and are short.
///
/// The start is as far to the right as the users of each node allow. Then nodes move as long as that shortens the edges: to the
/// left until they are next to an operand, or to the right until they are next to a user, together with those to which they
/// are next already. The sum of lengths is near to the smallest, which the network simplex method finds at more cost.
struct LayeredRanks {
  /// As far to the right as users allow, from 0.
  let latest: [Int]
  /// With short edges, from 0.
  var shortest: [Int] {
    let first = ranks.min() ?? 0
    return ranks.map { $0 - first }
  }

  private var ranks: [Int]
  private let operands: [[Int]]
  private let users: [[Int]]

  private static let passes = 10
  /// The most nodes that move together.
  private static let largestGroup = 64

  init(count: Int, edges: [LayeredLayout.Edge]) {
    var operands = [[Int]](repeating: [], count: count), users = operands
    for edge in edges where operands[edge.to].last != edge.from && !operands[edge.to].contains(edge.from) {
      operands[edge.to].append(edge.from)
      users[edge.from].append(edge.to)
    }
    (self.operands, self.users) = (operands, users)
    var late = [Int](repeating: 0, count: count)
    for node in (0..<count).reversed() { late[node] = users[node].map { late[$0] - 1 }.min() ?? 0 }
    let first = late.min() ?? 0
    late = late.map { $0 - first }
    (latest, ranks) = (late, late)
    for _ in 0..<Self.passes {
      let toTheLeft = shorten(near: operands, far: users, by: -1)
      let toTheRight = shorten(near: users, far: operands, by: 1)
      if !toTheLeft && !toTheRight { break }
    }
  }

  /// Moves groups of nodes towards the neighbours `near`. Returns true if any was moved.
  private mutating func shorten(near: [[Int]], far: [[Int]], by step: Int) -> Bool {
    var hasChanged = false
    var groupOf = [Int](repeating: -1, count: ranks.count)
    for node in ranks.indices where !near[node].isEmpty {
      guard let group = group(of: node, near, &groupOf) else { continue }
      var gain = 0, room = Int.max
      for member in group {
        for other in near[member] where groupOf[other] != node {
          gain += 1
          room = min(room, abs(ranks[member] - ranks[other]) - 1)
        }
        for other in far[member] where groupOf[other] != node { gain -= 1 }
      }
      guard gain > 0 else { continue }
      for member in group { ranks[member] += step * room }
      hasChanged = true
    }
    return hasChanged
  }

  /// The node and those that it would push; `nil` if there are too many.
  private func group(of node: Int, _ near: [[Int]], _ groupOf: inout [Int]) -> [Int]? {
    var group = [node], next = 0
    groupOf[node] = node
    while next < group.count {
      let member = group[next]
      for other in near[member] where groupOf[other] != node && abs(ranks[member] - ranks[other]) == 1 {
        groupOf[other] = node
        group.append(other)
        if group.count > Self.largestGroup { return nil }
      }
      next += 1
    }
    return group
  }
}
