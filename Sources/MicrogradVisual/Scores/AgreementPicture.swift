/// A picture of predictions against what they should be: points, and the diagonal on which a perfect prediction lies.
///
/// Use it for predicted against true numbers, and for the calibration of probabilities.
///
/// ```swift
/// let picture = AgreementPicture(x: [1, 2, 3], y: [1.1, 1.9, 3.2], title: "Prices")
/// try picture.svg().write(toFile: "predicted.svg", atomically: true, encoding: .utf8)
/// ```
public struct AgreementPicture: Sendable {
  /// The positions of the points from left to right.
  public let x: [Double]
  /// The positions of the points from bottom to top.
  public let y: [Double]
  /// The weights of the points, above 0, which their areas show; empty for points of one size.
  public let weights: [Double]
  /// The title.
  public var title: String
  /// The name of the horizontal axis.
  public var xName = "true"
  /// The name of the vertical axis.
  public var yName = "predicted"
  /// A line of text below the title.
  public var note = ""
  /// The range of both axes; nil for that of the points.
  public var range: ClosedRange<Double>?
  /// True to connect the points by a line.
  public var isConnected = false

  /// The largest number of points that are drawn; of more, every second, third and so on.
  public static let greatestPointCount = 5000

  /// Creates a picture.
  ///
  /// - Parameters:
  ///   - x: The positions of the points from left to right.
  ///   - y: Their positions from bottom to top, as many. Points that are not finite are left out.
  ///   - weights: Their weights, as many, or none.
  ///   - title: The title.
  public init(x: [Double], y: [Double], weights: [Double] = [], title: String = "Predicted and true") {
    precondition(x.count == y.count && (weights.isEmpty || weights.count == x.count), "Give as many x as y.")
    self.x = x
    self.y = y
    self.weights = weights
    self.title = title
  }

  private static let plot = Frame(left: 92, top: 84, right: 512, bottom: 504)

  /// Returns the picture as an SVG document of 560 by 580 pixels with a light background. Points are in a group of class
  /// `points`, the diagonal is a line of class `diagonal`.
  public func svg() -> String {
    let drawn = x.indices.filter { x[$0].magnitude < 1e300 && y[$0].magnitude < 1e300 }
    let numbers = drawn.flatMap { [x[$0], y[$0]] }
    let ticks = NiceTicks(covering: range ?? (numbers.min() ?? 0)...(numbers.max() ?? 1), count: 6)
    let domain = (ticks.values.first ?? 0)...(ticks.values.last ?? 1)
    let plot = Self.plot
    let across = AxisScale(domain: domain, start: plot.left, end: plot.right)
    let up = AxisScale(domain: domain, start: plot.bottom, end: plot.top)
    return SVGWriter.card(width: 560, height: 580, title: title) { svg in
      svg.text(Theme.fitted(note, size: 12, room: 500), x: 28, y: 60)
      for (value, label) in zip(ticks.values, ticks.labels) {
        let (column, row) = (across.position(value), up.position(value))
        svg.line(from: .init(x: column, y: plot.top), to: .init(x: column, y: plot.bottom), color: Theme.grid)
        svg.line(from: .init(x: plot.left, y: row), to: .init(x: plot.right, y: row), color: Theme.grid)
        svg.text(label, x: column, y: plot.bottom + 20, anchor: "middle")
        svg.text(label, x: plot.left - 10, y: row + 4, anchor: "end")
      }
      svg.text(
        xName, x: (plot.left + plot.right) / 2, y: plot.bottom + 48, size: 13, color: Theme.ink, anchor: "middle")
      svg.text(
        yName, x: 30, y: (plot.top + plot.bottom) / 2, size: 13, color: Theme.ink, anchor: "middle", turned: true)
      svg.element(
        "line",
        [
          "class": "diagonal", "x1": plot.left, "y1": plot.bottom, "x2": plot.right, "y2": plot.top,
          "stroke": Theme.muted, "stroke-width": 1.4, "stroke-dasharray": "6 5",
        ])
      drawPoints(drawn, across, up, to: &svg)
    }
  }

  private func drawPoints(_ drawn: [Int], _ across: AxisScale, _ up: AxisScale, to svg: inout SVGWriter) {
    let places = drawn.map { PixelPoint(x: across.position(x[$0]), y: up.position(y[$0])) }
    if isConnected {
      var path = SVGPath()
      path.add(places)
      svg.element("path", ["d": path.data, "fill": "none", "stroke": Theme.blue, "stroke-width": 1.6])
    }
    let step = (places.count + Self.greatestPointCount - 1) / Self.greatestPointCount
    let heaviest = weights.max() ?? 1
    let radius = places.count > 400 ? 2.4 : 3.6
    let opacity = weights.isEmpty ? 0.55 : 0.8
    svg.element("g", ["class": "points", "fill": Theme.blue, "fill-opacity": opacity]) { svg in
      for index in stride(from: 0, to: places.count, by: max(step, 1)) {
        let size = weights.isEmpty ? radius : 3 + 11 * (weights[drawn[index]] / heaviest).squareRoot()
        svg.element("circle", ["cx": places[index].x, "cy": places[index].y, "r": size])
      }
    }
  }
}
