import Micrograd

/// An order of the states in which the entries of a Jacobian lie near the diagonal.
///
/// E. Cuthill and J. McKee, Reducing the bandwidth of sparse symmetric matrices, ACM 1969, in reverse. The order is kept as it
/// was given if that has no more diagonals.
internal struct BandOrder: Equatable {
  /// The place of each state.
  let places: [Int]
  /// The number of diagonals below the main one.
  let lower: Int
  /// The number of diagonals above the main one.
  let upper: Int

  /// A dense matrix.
  init(dense count: Int) { (places, lower, upper) = (Array(0..<count), count - 1, count - 1) }

  /// - Parameter columnsByRow: The columns of the entries of each row of a square matrix.
  init(columnsByRow: [[Int]]) {
    let given = Self.order(columnsByRow, Array(columnsByRow.indices))
    let found = Self.order(columnsByRow, Self.cuthillMcKee(columnsByRow))
    self = found.lower + found.upper < given.lower + given.upper ? found : given
  }

  private init(places: [Int], lower: Int, upper: Int) {
    (self.places, self.lower, self.upper) = (places, lower, upper)
  }

  private static func order(_ columnsByRow: [[Int]], _ places: [Int]) -> BandOrder {
    var (lower, upper) = (0, 0)
    for (row, columns) in columnsByRow.enumerated() {
      for column in columns {
        lower = max(lower, places[row] - places[column])
        upper = max(upper, places[column] - places[row])
      }
    }
    return BandOrder(places: places, lower: lower, upper: upper)
  }

  private static func cuthillMcKee(_ columnsByRow: [[Int]]) -> [Int] {
    let count = columnsByRow.count
    var neighbours = [Set<Int>](repeating: [], count: count)
    for (row, columns) in columnsByRow.enumerated() {
      for column in columns where column != row {
        neighbours[row].insert(column)
        neighbours[column].insert(row)
      }
    }
    func degree(_ k: Int) -> Int { neighbours[k].count }
    func byDegree(_ a: Int, _ b: Int) -> Bool { (degree(a), a) < (degree(b), b) }
    var (visited, seen) = ([Int](), [Bool](repeating: false, count: count))
    for start in (0..<count).sorted(by: byDegree) where !seen[start] {
      var next = visited.count
      seen[start] = true
      visited.append(start)
      while next < visited.count {
        for k in neighbours[visited[next]].sorted(by: byDegree) where !seen[k] {
          seen[k] = true
          visited.append(k)
        }
        next += 1
      }
    }
    var places = [Int](repeating: 0, count: count)
    for (k, state) in visited.reversed().enumerated() { places[state] = k }
    return places
  }
}
