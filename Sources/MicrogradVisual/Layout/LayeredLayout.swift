/// A drawing of an acyclic graph in layers from left to right, by the method of K. Sugiyama, S. Tagawa and M. Toda, *Methods
/// for Visual Understanding of Hierarchical System Structures* (1981): ranks, an order in each rank with few crossings,
/// coordinates.
///
/// Items are the nodes of the graph and points at which long edges pass a rank between two nodes. All edges that leave one
/// node share such points until they part. The same graph always has the same drawing.
struct LayeredLayout {
  struct Size {
    var width: Double
    var height: Double
  }

  struct Edge {
    /// Positions among the nodes; `from` is the lower.
    var from: Int
    var to: Int
  }

  /// The frame of each node, from the left upper corner of the drawing.
  private(set) var frames: [GraphLayout.Rectangle] = []
  /// The route of each edge.
  private(set) var routes: [GraphLayout.Route] = []
  private(set) var size = Size(width: 0, height: 0)
  /// How many pairs of edges cross between neighbouring ranks.
  private(set) var crossings = 0

  /// - Parameters:
  ///   - sizes: The sizes of the nodes.
  ///   - edges: Edges from nodes to later nodes; more than one between two nodes are drawn side by side.
  init(sizes: [Size], edges: [Edge]) {
    guard !sizes.isEmpty else { return }
    let ranks = LayeredRanks(count: sizes.count, edges: edges)
    var items = LayeredItems(sizes: sizes, edges: edges, ranks: ranks.shortest)
    crossings = items.reduceCrossings()
    if crossings > 0 && items.rank.count < 8000 {
      var others = LayeredItems(sizes: sizes, edges: edges, ranks: ranks.latest)
      let otherCrossings = others.reduceCrossings()
      if otherCrossings < crossings { (items, crossings) = (others, otherCrossings) }
    }
    let centers = items.centers()
    place(items, centers, sizes)
    route(edges, items, centers)
  }

  // MARK: - Across the ranks

  private var rankBounds: [(left: Double, right: Double)] = []

  /// Gaps are as wide as the steepest edge in them needs. Nodes are at the right of their rank. Widths are whole numbers, so
  /// that borders meet exactly.
  private mutating func place(_ items: LayeredItems, _ centers: [Double], _ sizes: [Size]) {
    var x = 0.0
    for (rank, layer) in items.layers.enumerated() {
      let width = layer.reduce(0) { max($0, items.isNode($1) ? sizes[$1].width : 0) }
      rankBounds.append((x, x + width))
      var steepest = 0.0
      for item in layer {
        for next in items.right[item] { steepest = max(steepest, abs(centers[next] - centers[item])) }
      }
      x += width + (rank + 1 < items.layers.count ? min(max(48, 20 + 0.2 * steepest), 110).rounded() : 0)
    }
    let top = items.layers.joined().reduce(Double.infinity) { min($0, centers[$1] - items.heights[$1] / 2) }
    shift = -top
    frames = sizes.indices.map { node in
      GraphLayout.Rectangle(
        x: rankBounds[items.rank[node]].right - sizes[node].width, y: centers[node] + shift - sizes[node].height / 2,
        width: sizes[node].width, height: sizes[node].height)
    }
    let bottom = items.layers.joined().reduce(0) { max($0, centers[$1] + shift + items.heights[$1] / 2) }
    size = Size(width: x, height: bottom)
  }

  private var shift = 0.0

  // MARK: - Routes

  private mutating func route(_ edges: [Edge], _ items: LayeredItems, _ centers: [Double]) {
    let ports = ports(of: edges, items, centers)
    routes = edges.indices.map { k in
      let (from, to) = (frames[edges[k].from], frames[edges[k].to])
      let start = GraphLayout.Point(x: from.x + from.width, y: from.y + from.height / 2 + ports[k].start)
      var route = GraphLayout.Route(start: start)
      for item in items.path(from: edges[k].from, to: edges[k].to) {
        let bounds = rankBounds[items.rank[item]], y = centers[item] + shift
        route.bend(leaving: rankBounds[items.rank[item] - 1].right, to: GraphLayout.Point(x: bounds.left, y: y))
        route.line(to: GraphLayout.Point(x: bounds.right, y: y))
      }
      let rank = items.rank[edges[k].to]
      let end = GraphLayout.Point(x: to.x, y: to.y + to.height / 2 + ports[k].end)
      route.bend(leaving: rankBounds[rank - 1].right, to: GraphLayout.Point(x: rankBounds[rank].left, y: end.y))
      route.line(to: end)
      return route
    }
  }

  /// Where edges begin and end, from the middle of their nodes: side by side at the end, in the order in which they come;
  /// the same for edges between the same nodes at the start.
  private func ports(of edges: [Edge], _ items: LayeredItems, _ centers: [Double]) -> [(start: Double, end: Double)] {
    var ports = [(start: Double, end: Double)](repeating: (0, 0), count: edges.count)
    let byTarget = Dictionary(grouping: edges.indices, by: { edges[$0].to })
    for (target, ends) in byTarget {
      let previous = ends.map { items.path(from: edges[$0].from, to: target).last ?? edges[$0].from }
      let ordered = ends.indices.sorted { (centers[previous[$0]], ends[$0]) < (centers[previous[$1]], ends[$1]) }
      let step = min(9, 14 / Double(max(ends.count - 1, 1)))
      for (place, k) in ordered.enumerated() {
        ports[ends[k]].end = (Double(place) - Double(ends.count - 1) / 2) * step
      }
      for same in Dictionary(grouping: ordered, by: { edges[ends[$0]].from }).values where same.count > 1 {
        let step = min(5, 16 / Double(same.count - 1))
        for (place, k) in same.enumerated() {
          ports[ends[k]].start = (Double(place) - Double(same.count - 1) / 2) * step
        }
      }
    }
    return ports
  }
}
