import Micrograd

extension ContourGrid {
  /// A polyline in the plane, closed or open.
  public struct Path: Sendable {
    /// The vertices. A closed line does not repeat its first vertex.
    public let points: [Point]
    /// True if the last vertex is joined to the first.
    public let isClosed: Bool

    /// The area inside a closed path; negative if it runs clockwise, as around a hole. 0 for an open path.
    public var signedArea: Double {
      guard isClosed, let origin = points.first else { return 0 }
      var doubled = 0.0
      // Relative to one of the points, which avoids cancellation for a region far from the origin.
      for (a, b) in zip(points, points.dropFirst()) {
        doubled += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
      }
      return doubled / 2
    }
  }

  /// Returns the outlines of the region where the function is at least `level`, clipped to the grid.
  ///
  /// Outer outlines run counterclockwise and holes clockwise, so areas add up, and both fill rules of SVG fill the region.
  /// The level −∞ outlines the cells that are defined at all.
  public func region(above level: Double) -> [Path] {
    let band = Band(lower: level, upper: .infinity)
    return paths(through: outline(of: band), of: band)
  }

  /// Returns the outlines of n + 1 bands for ascending levels l₁ … lₙ: below l₁, from lₖ up to below lₖ₊₁, and from lₙ
  /// upwards.
  ///
  /// Outlines are oriented as in ``region(above:)``. The bands tile the defined part of the grid: the borders of neighbours
  /// are equal bit for bit.
  ///
  /// - Precondition: The levels ascend.
  public func bands(separatedBy levels: [Double]) -> [[Path]] {
    require(
      zip(levels, levels.dropFirst()).allSatisfy { $0 < $1 }, "the levels of contours have to ascend")
    return zip([-.infinity] + levels, levels + [.infinity]).map { lower, upper in
      let band = Band(lower: lower, upper: upper)
      return paths(through: outline(of: band), of: band)
    }
  }

  /// Returns the contour lines of a level: closed, or ending at the border of the grid, with higher values on the left.
  public func lines(at level: Double) -> [Path] {
    var segments: [Segment] = []
    forEachCell { cell in
      appendChords(in: cell, at: level, crossing: .lower) { segments.append(Segment(from: $0, to: $1)) }
    }
    return paths(through: segments, of: Band(lower: level, upper: .infinity))
  }
}

/// The region with lower ≤ f < upper.
private struct Band {
  var lower: Double
  var upper: Double
}

/// A vertex of an outline. Both cells at a grid line name it in the same way.
private struct Vertex: Hashable {
  enum Kind { case node, lower, upper }

  var node: Int
  /// The node itself, or the crossing of the band's lower or upper level with the grid line from the node to `neighbour`.
  var kind: Kind
  var neighbour: Int
}

private struct Segment {
  var from: Vertex
  var to: Vertex
}

/// A cell's corners and edges are numbered counterclockwise from the lower left. Edge k goes from corner k to k + 1.
private struct Cell {
  var column: Int
  var row: Int
  var corners: SIMD4<Int>
  var values: SIMD4<Double>

  /// Interpolates from the left or lower end of an edge to the other, so that both of its cells get the same point.
  func crossing(_ edge: Int, _ kind: Vertex.Kind) -> Vertex {
    let (a, b) = (corners[edge], corners[(edge + 1) & 3])
    return Vertex(node: min(a, b), kind: kind, neighbour: max(a, b))
  }
}

extension ContourGrid {
  private func forEachCell(_ body: (Cell) -> Void) {
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 where cellIsDefined[row * columns + column] {
        let node = row * columns + column
        let corners = SIMD4(node, node + 1, node + columns + 1, node + columns)
        let values = SIMD4(values[corners[0]], values[corners[1]], values[corners[2]], values[corners[3]])
        body(Cell(column: column, row: row, corners: corners, values: values))
      }
    }
  }

  /// Returns the outline of a band in pieces, cell by cell, with the band on the left of each.
  ///
  /// The pieces of two cells along the grid line between them are opposite and cancel. So only the ends of that line
  /// matter, where the chords of the cells meet. Bands are nested, because interpolation is monotone in the level.
  private func outline(of band: Band) -> [Segment] {
    var segments: [Segment] = []
    forEachCell { cell in
      appendChords(in: cell, at: band.lower, crossing: .lower) { segments.append(Segment(from: $0, to: $1)) }
      appendChords(in: cell, at: band.upper, crossing: .upper) { segments.append(Segment(from: $1, to: $0)) }
      let neighbours = [(0, -1), (1, 0), (0, 1), (-1, 0)]
      for (edge, (right, up)) in neighbours.enumerated() where !isDefined(cell.column + right, cell.row + up) {
        appendBorder(edge, of: cell, in: band, to: &segments)
      }
    }
    return segments
  }

  private func isDefined(_ column: Int, _ row: Int) -> Bool {
    column >= 0 && row >= 0 && column < columns - 1 && row < rows - 1 && cellIsDefined[row * columns + column]
  }

  /// Returns the part of a cell's edge that is in the band.
  private func appendBorder(_ edge: Int, of cell: Cell, in band: Band, to segments: inout [Segment]) {
    func end(_ corner: Int) -> Vertex {
      if cell.values[corner] < band.lower { return cell.crossing(edge, .lower) }
      if cell.values[corner] >= band.upper { return cell.crossing(edge, .upper) }
      return Vertex(node: cell.corners[corner], kind: .node, neighbour: cell.corners[corner])
    }
    let (from, to) = (end(edge), end((edge + 1) & 3))
    // Both ends are beyond the same level: no part of the edge is in the band.
    if from != to { segments.append(Segment(from: from, to: to)) }
  }

  /// Returns the lines through a cell that separate the corners at or above a level, on their left, from those below.
  private func appendChords(
    in cell: Cell, at level: Double, crossing kind: Vertex.Kind, _ append: (Vertex, Vertex) -> Void
  ) {
    let isAbove = cell.values .>= level
    if all(isAbove) || !any(isAbove) { return }
    let isSaddle = isAbove[0] == isAbove[2] && isAbove[1] == isAbove[3]
    let isJoined = isSaddle && (0.25 * cell.values).sum() >= level
    // Counterclockwise along the cell's border, the outline of the region leaves the border where it goes below the level,
    // and returns where it comes up again: at the next such edge, or, around a lone corner of a saddle, at the last.
    for edge in 0..<4 where isAbove[edge] && !isAbove[(edge + 1) & 3] {
      var back = (edge + (isSaddle && !isJoined ? 3 : 1)) & 3
      while isAbove[back] || !isAbove[(back + 1) & 3] { back = (back + 1) & 3 }
      append(cell.crossing(edge, kind), cell.crossing(back, kind))
    }
  }

  /// Joins segments end to start in O(n). The order of paths is the same in every run.
  private func paths(through segments: [Segment], of band: Band) -> [Path] {
    var unused = [Vertex: [Int]](minimumCapacity: segments.count)
    for index in segments.indices.reversed() { unused[segments[index].from, default: []].append(index) }
    let ends = Set(segments.map(\.to))
    var isUsed = [Bool](repeating: false, count: segments.count)
    var paths: [Path] = []

    func follow(from start: Int) {
      var points: [Point] = []
      var next: Int? = start
      var end = segments[start].from
      while let index = next {
        // If two holes touch at a node, two segments start there. Either order closes both outlines.
        unused[segments[index].from]?.removeAll { $0 == index }
        isUsed[index] = true
        append(position(of: segments[index].from, in: band), to: &points)
        end = segments[index].to
        next = unused[end]?.last
      }
      let isClosed = end == segments[start].from
      if !isClosed { append(position(of: end, in: band), to: &points) }
      // A contour through a node may have length zero.
      if isClosed, points.count > 1, points.first == points.last { points.removeLast() }
      if points.count > (isClosed ? 2 : 1) { paths.append(Path(points: points, isClosed: isClosed)) }
    }
    // Open lines first, each from its start. A closed line can start anywhere.
    for index in segments.indices where !ends.contains(segments[index].from) { follow(from: index) }
    for index in segments.indices where !isUsed[index] { follow(from: index) }
    return paths
  }

  private func append(_ point: Point, to points: inout [Point]) {
    if points.last != point { points.append(point) }
  }

  private func position(of vertex: Vertex, in band: Band) -> Point {
    let a = position(ofNode: vertex.node)
    if vertex.kind == .node { return a }
    let b = position(ofNode: vertex.neighbour)
    let level = vertex.kind == .lower ? band.lower : band.upper
    let t = (level - values[vertex.node]) / (values[vertex.neighbour] - values[vertex.node])
    return Point(x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y))
  }
}
