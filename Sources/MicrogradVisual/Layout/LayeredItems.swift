/// The nodes of a layered drawing and the points at which long edges pass ranks, in layers from left to right.
struct LayeredItems {
  let nodeCount: Int
  /// By item: nodes first, then points.
  private(set) var rank: [Int]
  private(set) var heights: [Double]
  /// The neighbours in the ranks beside, as often as there are edges.
  private(set) var left: [[Int]]
  private(set) var right: [[Int]]
  /// The items of each rank, from top to bottom.
  var layers: [[Int]]

  /// By node, the points that its edges pass, by rank from the next one on.
  private var trunks: [[Int]]

  func isNode(_ item: Int) -> Bool { item < nodeCount }

  init(sizes: [LayeredLayout.Size], edges: [LayeredLayout.Edge], ranks: [Int]) {
    nodeCount = sizes.count
    rank = ranks
    heights = sizes.map(\.height)
    trunks = Array(repeating: [], count: sizes.count)
    left = Array(repeating: [], count: sizes.count)
    right = left
    layers = Array(repeating: [], count: (ranks.max() ?? 0) + 1)
    for edge in edges {
      while rank[edge.from] + trunks[edge.from].count + 1 < rank[edge.to] { lengthenTrunk(of: edge.from) }
      connect(last(before: edge.to, from: edge.from), edge.to)
    }
    order(edges)
  }

  /// The place of each item in its rank.
  func places() -> [Int] {
    var place = [Int](repeating: 0, count: rank.count)
    for layer in layers {
      for (k, item) in layer.enumerated() { place[item] = k }
    }
    return place
  }

  /// The points that an edge passes.
  func path(from: Int, to: Int) -> ArraySlice<Int> { trunks[from].prefix(rank[to] - rank[from] - 1) }

  private func last(before to: Int, from: Int) -> Int { path(from: from, to: to).last ?? from }

  private mutating func lengthenTrunk(of node: Int) {
    let point = rank.count, before = trunks[node].last ?? node
    rank.append(rank[before] + 1)
    heights.append(6)
    left.append([])
    right.append([])
    trunks[node].append(point)
    connect(before, point)
  }

  private mutating func connect(_ a: Int, _ b: Int) {
    right[a].append(b)
    left[b].append(a)
  }

  /// The first order: operands one below the other as they are met on a walk from the last nodes.
  private mutating func order(_ edges: [LayeredLayout.Edge]) {
    var isPlaced = [Bool](repeating: false, count: rank.count)
    for root in (0..<nodeCount).reversed() where right[root].isEmpty {
      var pending = [root]
      while let item = pending.popLast() {
        guard !isPlaced[item] else { continue }
        isPlaced[item] = true
        layers[rank[item]].append(item)
        pending += left[item].reversed()
      }
    }
  }
}
