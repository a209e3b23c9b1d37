extension LayeredItems {
  /// Orders the items of each rank so that few edges cross, and returns how many do.
  mutating func reduceCrossings() -> Int {
    var reduction = CrossingReduction(self)
    let crossings = reduction.run()
    layers = reduction.layers
    return crossings
  }
}

/// Orders the items of each rank by the method of E. R. Gansner, E. Koutsofios, S. C. North and K.-P. Vo, *A Technique for
/// Drawing Directed Graphs* (1993): sweeps to the right and to the left sort each rank by the median place of the neighbours in
/// the rank before, and after each, items change places with their neighbours as long as that helps. The best order is kept.
///
/// Larger graphs have fewer sweeps, so that the time stays nearly linear.
private struct CrossingReduction {
  private(set) var layers: [[Int]]
  private var place: [Int]
  /// The neighbours of all items in the rank before and in the one after.
  private var before: Neighbours
  private var after: Neighbours

  init(_ items: LayeredItems) {
    layers = items.layers
    place = items.places()
    before = Neighbours(items.left)
    after = Neighbours(items.right)
  }

  mutating func run() -> Int {
    var best = layers, fewest = crossings()
    let first = layers
    let sweeps = max(4, min(24, 100_000 / (place.count + 1)))
    // From the first order once to the right and once to the left.
    for start in 0..<(place.count > 8000 ? 1 : 2) where fewest > 0 {
      layers = first
      for layer in layers.indices { renumber(layer) }
      var sinceBest = 0
      for sweep in 0..<sweeps where fewest > 0 && sinceBest < 8 {
        let isToTheRight = (sweep + start) % 2 == 0
        for k in layers.indices.dropFirst() {
          let layer = isToTheRight ? k : layers.count - 1 - k
          sort(layer, by: isToTheRight ? before : after, lastFirst: sweep % 4 >= 2)
        }
        exchangeNeighbours(takingEqual: sweep % 4 >= 2)
        if sweep % 4 >= 2 { exchangeNeighbours(takingEqual: false) }
        let count = crossings()
        sinceBest += 1
        if count < fewest { (best, fewest, sinceBest) = (layers, count, 0) }
      }
    }
    layers = best
    return fewest
  }

  private mutating func renumber(_ layer: Int) {
    for (k, item) in layers[layer].enumerated() { place[item] = k }
  }

  // MARK: - Medians

  /// Sorts a rank by medians. Items without neighbours stay where they are; of equal medians the first, or the last, is above.
  private mutating func sort(_ layer: Int, by neighbours: Neighbours, lastFirst: Bool) {
    var medians: [(median: Double, place: Int, item: Int)] = []
    var slots: [Int] = []
    for (k, item) in layers[layer].enumerated() where !neighbours.range(of: item).isEmpty {
      medians.append((median(neighbours.list[neighbours.range(of: item)].map { place[$0] }), lastFirst ? -k : k, item))
      slots.append(k)
    }
    medians.sort { ($0.median, $0.place) < ($1.median, $1.place) }
    for (slot, entry) in zip(slots, medians) { layers[layer][slot] = entry.item }
    renumber(layer)
  }

  /// The median of places; of an even number of them, between the middle two, nearer to where the others are closer together.
  private func median(_ unsorted: [Int]) -> Double {
    let places = unsorted.count > 1 ? unsorted.sorted() : unsorted
    let middle = places.count / 2
    if places.count % 2 == 1 { return Double(places[middle]) }
    if places.count == 2 { return Double(places[0] + places[1]) / 2 }
    let above = Double(places[middle - 1] - places[0]), below = Double(places[places.count - 1] - places[middle])
    guard above + below > 0 else { return Double(places[middle]) }
    return (Double(places[middle - 1]) * below + Double(places[middle]) * above) / (above + below)
  }

  // MARK: - Exchanges

  /// Changes the places of neighbours in a rank as long as that removes crossings. A rank is looked at again if its order, or
  /// that of a rank beside it, has changed.
  private mutating func exchangeNeighbours(takingEqual: Bool) {
    var isCandidate = [Bool](repeating: true, count: layers.count)
    for _ in 0..<(takingEqual ? 2 : 10) {
      var hasChanged = false
      for layer in layers.indices where isCandidate[layer] {
        isCandidate[layer] = false
        guard exchange(layer, takingEqual: takingEqual) else { continue }
        hasChanged = true
        for near in max(0, layer - 1)...min(layers.count - 1, layer + 1) { isCandidate[near] = true }
      }
      if !hasChanged { return }
    }
  }

  private mutating func exchange(_ layer: Int, takingEqual: Bool) -> Bool {
    for item in layers[layer] {
      before.sortPlaces(of: item, place)
      after.sortPlaces(of: item, place)
    }
    var hasChanged = false
    for k in layers[layer].indices.dropLast() {
      let (a, b) = (layers[layer][k], layers[layer][k + 1])
      let now = before.crossings(a, above: b) + after.crossings(a, above: b)
      guard now > 0 else { continue }
      let then = before.crossings(b, above: a) + after.crossings(b, above: a)
      guard then < now || (takingEqual && then == now) else { continue }
      layers[layer].swapAt(k, k + 1)
      (place[a], place[b]) = (k + 1, k)
      hasChanged = true
    }
    return hasChanged
  }

  // MARK: - Counting

  /// The crossings between all neighbouring ranks: inversions, counted with a tree of partial sums (W. Barth, M. Jünger and
  /// P. Mutzel, *Simple and Efficient Bilayer Cross Counting*, 2002).
  private func crossings() -> Int {
    var total = 0
    var sums: [Int] = []
    for (layer, next) in zip(layers, layers.dropFirst()) {
      sums = Array(repeating: 0, count: next.count + 1)
      var edgesBefore = 0
      for item in layer {
        let range = after.range(of: item)
        for edge in range {
          var notBelow = 0, k = place[after.list[edge]] + 1
          while k > 0 {
            notBelow += sums[k]
            k -= k & -k
          }
          total += edgesBefore - notBelow
        }
        for edge in range {
          var k = place[after.list[edge]] + 1
          while k < sums.count {
            sums[k] += 1
            k += k & -k
          }
        }
        edgesBefore += range.count
      }
    }
    return total
  }
}

/// The neighbours of all items in one direction, in one list.
private struct Neighbours {
  private var starts: [Int]
  let list: [Int]
  /// Their places, sorted for each item.
  private var places: [Int]

  init(_ neighbours: [[Int]]) {
    starts = [0]
    for list in neighbours { starts.append(starts[starts.count - 1] + list.count) }
    list = neighbours.flatMap { $0 }
    places = Array(repeating: 0, count: list.count)
  }

  func range(of item: Int) -> Range<Int> { starts[item]..<starts[item + 1] }

  mutating func sortPlaces(of item: Int, _ place: [Int]) {
    let range = range(of: item)
    for edge in range {
      let new = place[list[edge]]
      var k = edge
      while k > range.lowerBound, places[k - 1] > new {
        places[k] = places[k - 1]
        k -= 1
      }
      places[k] = new
    }
  }

  /// The crossings between the edges of two items if the first is above the second.
  func crossings(_ a: Int, above b: Int) -> Int {
    var count = 0, j = starts[b]
    for edge in range(of: a) {
      while j < starts[b + 1], places[j] < places[edge] { j += 1 }
      count += j - starts[b]
    }
    return count
  }
}
