import Foundation
import Micrograd

/// Pictures of the steps of a reverse sweep, one a step, in which everything keeps its place.
///
/// ```swift
/// let a = Value(2), b = Value(-3)
/// let picture = BackwardStepsPicture(BackwardSteps(of: a * b, labels: ["a": a, "b": b]))
/// picture.svg(at: 0)                   // <svg …> … d(a * b)/da = b … </svg>
/// try picture.write(to: "out/steps")   // ["out/steps/step-1.svg"]
/// ```
///
/// The node whose turn it is has a thick border. The edges to its operands carry the local derivatives, the gradients are
/// those after the step, and the rules stand below in words and in numbers.
public struct BackwardStepsPicture: Sendable {
  /// The steps.
  public let steps: BackwardSteps
  /// Where the boxes and edges are, in all pictures.
  public let layout: GraphLayout

  /// Lays out the graph of steps.
  ///
  /// - Parameters:
  ///   - steps: The steps.
  ///   - limit: The largest number of nodes to show.
  public init(_ steps: BackwardSteps, limit: Int = GraphLayout.defaultLimit) {
    self.steps = steps
    layout = GraphLayout(of: steps.graph, limit: limit)
  }

  /// The number of operands whose rules stand below a picture.
  private static var shownOperands: Int { 8 }

  /// Returns the picture of a step, by its position, as an SVG document.
  ///
  /// - Complexity: O(n) for n nodes and steps.
  public func svg(at position: Int) -> String {
    let step = steps[position]
    var caption = step.description.split(separator: "\n").map(String.init)
    let more = caption.count - 1 - Self.shownOperands
    if more > 0 { caption = caption.prefix(1 + Self.shownOperands) + ["  … \(more) more operands"] }
    caption[0] = "Step \(position + 1) of \(steps.count). \(caption[0])"
    return GraphDrawing(
      graph: steps.graph, layout: layout, gradients: steps.gradients(after: position + 1), step: step, caption: caption
    ).svg()
  }

  /// Writes all pictures to a folder, which is created if missing: `step-01.svg` and so on, with as many digits as the last
  /// one needs.
  ///
  /// - Returns: The paths of the files, in order.
  /// - Throws: An error of the file system.
  @discardableResult
  public func write(to folder: String) throws -> [String] {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let digits = String(steps.count).count
    return try steps.indices.map { position in
      let number = String(position + 1)
      let path = "\(folder)/step-\(String(repeating: "0", count: digits - number.count))\(number).svg"
      try Data(svg(at: position).utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      return path
    }
  }
}

extension BackwardSteps {
  /// Returns the picture of a step as an SVG document. ``BackwardStepsPicture`` draws several at less cost.
  public func svg(at position: Int) -> String { BackwardStepsPicture(self).svg(at: position) }
}
