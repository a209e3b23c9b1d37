// Coordinates down the ranks after U. Brandes and B. Köpf, *Fast and Simple Horizontal Coordinate Assignment* (2001): items
// are aligned with a median neighbour into blocks, once for each of four directions; each block is placed as near to the
// border as its neighbours allow; of the four places the mean of the middle two is taken. Each of the four keeps the order
// and the gaps of every rank, so the result does too.

extension LayeredItems {
  /// The center of each item, downwards.
  func centers() -> [Double] {
    let conflicts = conflicts()
    var assignments: [[Double]] = []
    for fromTheRight in [false, true] {
      for fromBelow in [false, true] {
        let blocks = blocks(conflicts, fromTheRight: fromTheRight, fromBelow: fromBelow)
        assignments.append(compacted(blocks, fromBelow: fromBelow))
      }
    }
    align(&assignments)
    return rank.indices.map { item in
      let sorted = assignments.map { $0[item] }.sorted()
      return (sorted[1] + sorted[2]) / 2
    }
  }

  /// The distance of two neighbours in a rank.
  private func distance(_ a: Int, _ b: Int) -> Double {
    let gap = isNode(a) && isNode(b) ? 14.0 : isNode(a) || isNode(b) ? 9 : 6
    return (heights[a] + heights[b]) / 2 + gap
  }

  /// Edges, from the right item to the left one, that cross a long edge between two of its points: the long edge is to be
  /// straight. The keys are pairs of items.
  private func conflicts() -> Set<Int> {
    var conflicts: Set<Int> = []
    let place = places()
    for layer in layers.dropFirst() {
      let inner = layer.enumerated().compactMap { (k, item) -> (place: Int, left: Int)? in
        guard !isNode(item), let source = left[item].first, !isNode(source) else { return nil }
        return (k, place[source])
      }
      guard !inner.isEmpty else { continue }
      // Between two straight edges, only what lies between their other ends does not cross.
      var next = 0, lowest = -1
      for (k, item) in layer.enumerated() {
        while next < inner.count, inner[next].place < k {
          lowest = inner[next].left
          next += 1
        }
        let isInner = next < inner.count && inner[next].place == k
        let highest = next < inner.count ? inner[next].left : Int.max
        if isInner { continue }
        for source in left[item] where place[source] < lowest || place[source] > highest {
          conflicts.insert(pair(item, source))
        }
      }
    }
    return conflicts
  }

  private func pair(_ item: Int, _ source: Int) -> Int { item * rank.count + source }

  /// By item, the first item of its block.
  private func blocks(_ conflicts: Set<Int>, fromTheRight: Bool, fromBelow: Bool) -> [Int] {
    var root = Array(rank.indices), next = root
    let place = places()
    func order(_ items: [Int]) -> [Int] { fromBelow ? items.reversed() : items }
    for layer in fromTheRight ? layers.reversed() : layers {
      var limit = fromBelow ? Int.max : -1
      for item in order(layer) {
        let neighbours = (fromTheRight ? right : left)[item].sorted { place[$0] < place[$1] }
        guard !neighbours.isEmpty else { continue }
        let middle = (neighbours.count - 1) / 2
        for neighbour in order(Array(neighbours[middle...neighbours.count / 2])) where next[item] == item {
          let isBeyond = fromBelow ? place[neighbour] < limit : place[neighbour] > limit
          let pair = fromTheRight ? pair(neighbour, item) : pair(item, neighbour)
          guard isBeyond, !conflicts.contains(pair) else { continue }
          next[neighbour] = item
          root[item] = root[neighbour]
          next[item] = root[item]
          limit = place[neighbour]
        }
      }
    }
    return root
  }

  /// Places blocks as near to the first border as they can be, then those that have room as near as they can be to the
  /// blocks after them.
  private func compacted(_ root: [Int], fromBelow: Bool) -> [Double] {
    var after = [[(block: Int, distance: Double)]](repeating: [], count: rank.count), before = after
    var waiting = [Int](repeating: 0, count: rank.count)
    for layer in layers {
      let items = fromBelow ? layer.reversed() : layer
      for (a, b) in zip(items, items.dropFirst()) {
        let distance = distance(a, b)
        after[root[a]].append((root[b], distance))
        before[root[b]].append((root[a], distance))
        waiting[root[b]] += 1
      }
    }
    var ordered = rank.indices.filter { root[$0] == $0 && waiting[$0] == 0 }
    var y = [Double](repeating: 0, count: rank.count), k = 0
    while k < ordered.count {
      let block = ordered[k]
      for edge in before[block] { y[block] = max(y[block], y[edge.block] + edge.distance) }
      for edge in after[block] {
        waiting[edge.block] -= 1
        if waiting[edge.block] == 0 { ordered.append(edge.block) }
      }
      k += 1
    }
    for block in ordered.reversed() where !after[block].isEmpty {
      let room = after[block].reduce(Double.infinity) { min($0, y[$1.block] - $1.distance) }
      y[block] = max(y[block], room)
    }
    return rank.indices.map { fromBelow ? -y[root[$0]] : y[root[$0]] }
  }

  /// Moves the assignments beside the narrowest one: those from above at its upper border, the others at its lower one.
  private func align(_ assignments: inout [[Double]]) {
    func bounds(_ y: [Double]) -> (top: Double, bottom: Double) {
      y.indices.reduce(into: (Double.infinity, -Double.infinity)) { bounds, item in
        bounds.0 = min(bounds.0, y[item] - heights[item] / 2)
        bounds.1 = max(bounds.1, y[item] + heights[item] / 2)
      }
    }
    let all = assignments.map(bounds)
    guard let narrowest = all.min(by: { $0.bottom - $0.top < $1.bottom - $1.top }) else { return }
    for k in assignments.indices {
      let fromBelow = k % 2 == 1
      let move = fromBelow ? narrowest.bottom - all[k].bottom : narrowest.top - all[k].top
      for item in assignments[k].indices { assignments[k][item] += move }
    }
  }
}
