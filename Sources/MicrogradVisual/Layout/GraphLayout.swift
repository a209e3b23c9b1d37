import Micrograd

/// Where the boxes and edges of an expression graph are drawn, from the leaves on the left to the root on the right.
///
/// ```swift
/// let a = Value(2), b = Value(-3)
/// let layout = GraphLayout(of: Graph(of: a * b, labels: ["a": a, "b": b]))
/// print(layout.boxes.count, layout.edges.count)  // 3 2
/// ```
///
/// A node has a box for its numbers; if it was computed, the operation stands to the left of the box. Boxes do not overlap.
/// Edges begin at the right of an operand's box, end at the left of the operation, and pass through no other box. Coordinates
/// are pixels from the left upper corner, x to the right and y downwards.
///
/// The layout depends on the operands, operations and labels, not on data and gradients, and is the same every time. So
/// pictures of one graph with other numbers show everything in its place.
///
/// Graphs with more nodes than the limit are folded: the nodes nearest to the root are shown, and a box `… 3 more` stands for
/// the other operands of a node.
public struct GraphLayout: Sendable {
  /// A point, in pixels.
  public struct Point: Sendable, Hashable {
    /// The distance from the left border, and from the upper one.
    public var x, y: Double

    /// Creates a point.
    public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
  }

  /// A rectangle, in pixels.
  public struct Rectangle: Sendable, Hashable {
    /// The left upper corner.
    public var x, y: Double
    /// The extent.
    public var width, height: Double

    /// Creates a rectangle.
    public init(x: Double, y: Double, width: Double, height: Double) {
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }
  }

  /// A smooth line: cubic Bézier curves, one after the other.
  public struct Route: Sendable, Hashable {
    /// A curve from the end of the one before.
    public struct Curve: Sendable, Hashable {
      /// The control points and the end.
      public var control1, control2, end: Point
    }

    /// Where the line begins.
    public let start: Point
    /// The curves of the line.
    public private(set) var curves: [Curve] = []

    /// Where the line ends.
    public var end: Point { curves.last?.end ?? start }
  }

  /// A node, or what stands for operands that are left out.
  public struct Box: Sendable, Hashable {
    /// The position of the node among those of the graph; `nil` for a box that stands for operands that are left out.
    public let node: Int?
    /// The rectangle of the numbers.
    public let frame: Rectangle
    /// The rectangle of the operation, to the left of the frame; `nil` without one.
    public let operation: Rectangle?
    /// How many operands of a node the box stands for; 0 for a node.
    public let leftOut: Int

    /// The rectangle around both.
    public var bounds: Rectangle {
      let left = min(operation?.x ?? frame.x, frame.x), top = min(operation?.y ?? frame.y, frame.y)
      return Rectangle(x: left, y: top, width: frame.x + frame.width - left, height: frame.y + frame.height - top)
    }
  }

  /// An edge from an operand to the operation that uses it.
  public struct Edge: Sendable, Hashable {
    /// The position of the operand's box in ``GraphLayout/boxes``.
    public let from: Int
    /// The position of the result's box in ``GraphLayout/boxes``.
    public let to: Int
    /// Which operand of the operation it is, counted from 0; `x * x` has two edges from x. Of operands that are left out, 0.
    public let operand: Int
    /// The line.
    public let route: Route
  }

  /// The boxes, operands before their users.
  public let boxes: [Box]
  /// The edges.
  public let edges: [Edge]
  /// The extent of the drawing.
  public let width, height: Double
  /// How many pairs of edges cross between two columns.
  public let crossings: Int
  /// How many nodes of the graph are not shown, because there are more than the limit.
  public let nodesLeftOut: Int
  /// How many operands are not nodes that come before their user, and so have no edge. It is 0 for every graph of a Value.
  public let invalidOperands: Int

  /// The number of nodes up to which a graph is shown whole.
  public static let defaultLimit = 300

  /// Lays out a graph.
  ///
  /// - Parameters:
  ///   - graph: Any graph; an empty one has no boxes.
  ///   - limit: The largest number of nodes to show, at least 1.
  /// - Complexity: Nearly linear in the number of nodes and of ranks that edges cross. 300 nodes take milliseconds.
  public init(of graph: Graph, limit: Int = defaultLimit) { self.init(of: graph, limit: limit, direction: .across) }

  /// Where a graph goes from the leaves to the root.
  package enum Direction: Sendable {
    /// From left to right.
    case across
    /// From above to below: edges begin below an operand's box and end above the operation, which is above its box.
    case down
  }

  /// Lays out a graph in a direction.
  package init(of graph: Graph, limit: Int = defaultLimit, direction: Direction) {
    require(limit > 0, "the limit of a layout is \(limit): show at least one node")
    let folded = FoldedGraph(graph, limit: limit)
    let shapes = folded.nodes.map { NodeShape($0, in: graph) }
    let isDown = direction == .down, sizes = shapes.map { $0.size(direction) }
    let layout = LayeredLayout(
      sizes: isDown ? sizes.map(\.turned) : sizes,
      edges: folded.edges.map { LayeredLayout.Edge(from: $0.from, to: $0.to) })
    let size = isDown ? layout.size.turned : layout.size
    let margin = Self.margin
    boxes = zip(folded.nodes, zip(shapes, layout.frames)).map { node, drawn in
      drawn.0.box(of: node, at: (isDown ? drawn.1.turned : drawn.1).moved(by: margin), direction)
    }
    edges = zip(folded.edges, layout.routes).map { edge, route in
      let route = (isDown ? route.turned : route).moved(by: margin)
      return Edge(from: edge.from, to: edge.to, operand: edge.operand, route: route)
    }
    width = size.width + 2 * margin
    height = size.height + 2 * margin
    crossings = layout.crossings
    nodesLeftOut = graph.nodes.count - folded.nodes.count { $0.position != nil }
    invalidOperands = folded.invalidOperands
  }

  static let margin = 24.0

  /// Returns the texts of a box, as long as it has room for them: its name, and its operation.
  package func texts(of box: Box, in graph: Graph) -> (name: String, operation: String?) {
    let shape = NodeShape(FoldedGraph.Node(position: box.node, leftOut: box.leftOut), in: graph)
    return (shape.name, shape.operationText)
  }
}

extension GraphLayout.Route {
  init(start: GraphLayout.Point) { self.start = start }

  /// Goes straight on to a point.
  mutating func line(to point: GraphLayout.Point) {
    let from = end
    guard point != from else { return }
    let third = GraphLayout.Point(x: (2 * from.x + point.x) / 3, y: (2 * from.y + point.y) / 3)
    let twoThirds = GraphLayout.Point(x: (from.x + 2 * point.x) / 3, y: (from.y + 2 * point.y) / 3)
    curves.append(Curve(control1: third, control2: twoThirds, end: point))
  }

  /// Goes straight on to `x`, then in an S to a point, which it reaches horizontally.
  mutating func bend(leaving x: Double, to point: GraphLayout.Point) {
    line(to: GraphLayout.Point(x: x, y: end.y))
    guard point.y != end.y else { return line(to: point) }
    let middle = (x + point.x) / 2
    curves.append(
      Curve(
        control1: GraphLayout.Point(x: middle, y: end.y), control2: GraphLayout.Point(x: middle, y: point.y), end: point
      ))
  }

  func moved(by distance: Double) -> GraphLayout.Route {
    var route = GraphLayout.Route(start: start.moved(by: distance))
    route.curves = curves.map {
      Curve(
        control1: $0.control1.moved(by: distance), control2: $0.control2.moved(by: distance),
        end: $0.end.moved(by: distance))
    }
    return route
  }
}

// A layout from above to below is one from left to right with its axes exchanged.

extension LayeredLayout.Size {
  var turned: LayeredLayout.Size { LayeredLayout.Size(width: height, height: width) }
}

extension GraphLayout.Rectangle {
  var turned: GraphLayout.Rectangle { GraphLayout.Rectangle(x: y, y: x, width: height, height: width) }
}

extension GraphLayout.Route {
  var turned: GraphLayout.Route {
    var route = GraphLayout.Route(start: start.turned)
    route.curves = curves.map {
      Curve(control1: $0.control1.turned, control2: $0.control2.turned, end: $0.end.turned)
    }
    return route
  }
}

extension GraphLayout.Point {
  var turned: GraphLayout.Point { GraphLayout.Point(x: y, y: x) }
}

extension GraphLayout.Point {
  func moved(by distance: Double) -> GraphLayout.Point { GraphLayout.Point(x: x + distance, y: y + distance) }
}

extension GraphLayout.Rectangle {
  func moved(by distance: Double) -> GraphLayout.Rectangle {
    GraphLayout.Rectangle(x: x + distance, y: y + distance, width: width, height: height)
  }
}
