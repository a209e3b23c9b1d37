import Micrograd

/// The sizes of what is drawn for a node: a name beside two numbers, and the operation before them.
///
/// The numbers have a fixed width, so that a box is as wide whatever they are.
struct NodeShape {
  static let textSize = 12.0
  static let numberSize = 11.5
  /// Of `grad` and `data`, and of eleven digits of a font whose letters are all as wide.
  static let captionWidth = 30.0
  static let numberWidth = 80.0
  static let padding = 10.0
  /// Between the operation and the box.
  static let operationGap = 18.0
  static let height = 42.0
  static let operationHeight = 26.0
  private static let largestName = 150.0
  private static let largestOperation = 130.0

  let name: String
  let operationText: String?
  private let boxWidth: Double
  private let operationWidth: Double
  private let isNode: Bool

  init(_ node: FoldedGraph.Node, in graph: Graph) {
    isNode = node.position != nil
    guard let position = node.position else {
      name = "… \(node.leftOut) more"
      operationText = nil
      boxWidth = (Theme.width(of: name, size: Self.textSize) + 2 * Self.padding).rounded(.up)
      operationWidth = 0
      return
    }
    name = Theme.fitted(graph.name(of: position), size: Self.textSize, room: Self.largestName)
    // In steps, so that boxes with names of about the same length are as wide.
    let nameWidth = max((Theme.width(of: name, size: Self.textSize) / 12).rounded(.up), 2) * 12
    boxWidth = (nameWidth + Self.captionWidth + Self.numberWidth + 4 * Self.padding).rounded(.up)
    operationText = graph.nodes[position].operation.map {
      Theme.fitted($0, size: Self.textSize, room: Self.largestOperation)
    }
    operationWidth = operationText.map { max(30, (Theme.width(of: $0, size: Self.textSize) + 18).rounded(.up)) } ?? 0
  }

  func size(_ direction: GraphLayout.Direction) -> LayeredLayout.Size {
    let own = isNode ? Self.height : Self.operationHeight, hasOperation = operationText != nil
    return switch direction {
    case .across:
      LayeredLayout.Size(width: boxWidth + (hasOperation ? operationWidth + Self.operationGap : 0), height: own)
    case .down:
      LayeredLayout.Size(
        width: max(boxWidth, operationWidth),
        height: own + (hasOperation ? Self.operationHeight + Self.operationGap : 0))
    }
  }

  func box(
    of node: FoldedGraph.Node, at bounds: GraphLayout.Rectangle, _ direction: GraphLayout.Direction
  ) -> GraphLayout.Box {
    let height = isNode ? Self.height : Self.operationHeight, isDown = direction == .down
    let frame = GraphLayout.Rectangle(
      x: bounds.x + (bounds.width - boxWidth) / (isDown ? 2 : 1), y: bounds.y + bounds.height - height,
      width: boxWidth, height: height)
    let operation = operationText.map { _ in
      GraphLayout.Rectangle(
        x: bounds.x + (isDown ? (bounds.width - operationWidth) / 2 : 0),
        y: isDown ? bounds.y : bounds.y + (bounds.height - Self.operationHeight) / 2, width: operationWidth,
        height: Self.operationHeight)
    }
    return GraphLayout.Box(node: node.position, frame: frame, operation: operation, leftOut: node.leftOut)
  }
}
