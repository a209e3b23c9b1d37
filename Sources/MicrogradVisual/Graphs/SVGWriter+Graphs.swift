/// What pictures of graphs draw.
extension SVGWriter {
  mutating func rectangle(
    _ place: GraphLayout.Rectangle, radius: Double, fill: String, stroke: String, width: Double, dashes: String = "none"
  ) {
    element(
      "rect",
      [
        "x": place.x, "y": place.y, "width": place.width, "height": place.height, "rx": radius, "fill": fill,
        "stroke": stroke, "stroke-width": width, "stroke-dasharray": dashes,
      ])
  }

  /// An arrow's head that points to the right and ends at a point.
  mutating func arrow(at end: GraphLayout.Point, color: String) {
    let (x, y) = (NumberText.compact(end.x), NumberText.compact(end.y))
    element("path", ["class": "arrow", "d": "M\(x) \(y)l-6 -3v6Z", "fill": color])
  }

  /// A number in digits of one width, which ends at `x`.
  mutating func number(_ text: String, x: Double, y: Double, size: Double, color: String, weight: String) {
    element(
      "text",
      [
        "x": x, "y": y, "font-family": Theme.numberFont, "font-size": size, "fill": color, "text-anchor": "end",
        "font-weight": weight,
      ], content: text)
  }

  /// A line of text in columns: spaces are kept.
  mutating func caption(_ text: String, x: Double, y: Double) {
    element(
      "text",
      [
        "x": x, "y": y, "font-family": Theme.numberFont, "font-size": 12, "fill": Theme.ink, "xml:space": "preserve",
      ], content: text)
  }

  /// A short text on the lines of a graph, with a rim in the colour of the card.
  mutating func label(_ text: String, x: Double, y: Double) {
    element(
      "text",
      [
        "class": "label", "x": x, "y": y, "font-family": Theme.numberFont, "font-size": 11, "font-weight": "700",
        "fill": Theme.attention, "stroke": Theme.card, "stroke-width": 3.5, "stroke-linejoin": "round",
        "paint-order": "stroke",
      ], content: text)
  }
}

extension GraphLayout.Route {
  /// The attribute `d` of the line. Straight pieces are lines.
  var data: String {
    func pair(_ point: GraphLayout.Point) -> String { "\(NumberText.compact(point.x)) \(NumberText.compact(point.y))" }
    var data = "M\(pair(start))", from = start
    for curve in curves {
      data +=
        from.y == curve.end.y
        ? "L\(pair(curve.end))" : "C\(pair(curve.control1)) \(pair(curve.control2)) \(pair(curve.end))"
      from = curve.end
    }
    return data
  }

  /// The attribute `d` of the line, in which straight pieces one after the other are one, with one decimal.
  package var shortData: String {
    func pair(_ point: GraphLayout.Point) -> String {
      "\(NumberText.compact(point.x, decimals: 1)) \(NumberText.compact(point.y, decimals: 1))"
    }
    var data = "M\(pair(start))", from = start, straight: (end: GraphLayout.Point, isLevel: Bool)?
    func endStraight() {
      if let straight { data += "L\(pair(straight.end))" }
      straight = nil
    }
    for curve in curves {
      let isLevel = from.y == curve.end.y
      if isLevel || from.x == curve.end.x {
        if straight?.isLevel != isLevel { endStraight() }
        straight = (curve.end, isLevel)
      } else {
        endStraight()
        data += "C\(pair(curve.control1)) \(pair(curve.control2)) \(pair(curve.end))"
      }
      from = curve.end
    }
    endStraight()
    return data
  }

  /// Where the last piece that is not straight begins, or the line if it is straight.
  package var lastBend: GraphLayout.Point {
    let isBent = { (curve: Curve) in curve.end.y != curve.control1.y && curve.end.x != curve.control1.x }
    guard let last = curves.lastIndex(where: isBent) else { return start }
    return last == 0 ? start : curves[last - 1].end
  }
}
