import Foundation

/// A scale that maps the numbers of an axis to pixels.
struct AxisScale {
  /// The range of numbers, from the start of the axis to its end.
  var domain: ClosedRange<Double>
  /// The pixels of the domain's lower and upper bounds.
  var start: Double
  var end: Double
  var isLogarithmic = false

  func position(_ value: Double) -> Double {
    let fraction =
      isLogarithmic
      ? log(value / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
      // Uses halves, so that the width of the widest domain of doubles is finite.
      : (value / 2 - domain.lowerBound / 2) / (domain.upperBound / 2 - domain.lowerBound / 2)
    return start + fraction * (end - start)
  }
}

/// A rectangle of a picture, in pixels.
struct Frame {
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var width: Double { right - left }
  var height: Double { bottom - top }
}

/// The parts that all charts share.
extension SVGWriter {
  /// Returns a picture of `width` by `height` pixels on a card with rounded corners, with the title in the upper left, or
  /// only in the document's own title.
  static func card(
    width: Double, height: Double, title: String, showsTitle: Bool = true, content: (inout SVGWriter) -> Void
  ) -> String {
    var svg = SVGWriter()
    svg.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height,
        "viewBox": "0 0 \(NumberText.compact(width)) \(NumberText.compact(height))",
        "font-family": Theme.font, "role": "img",
      ]
    ) { svg in
      svg.element("title", [:], content: title)
      svg.element(
        "rect",
        [
          "x": 0.5, "y": 0.5, "width": width - 1, "height": height - 1, "rx": 12.0, "fill": Theme.card,
          "stroke": Theme.cardBorder,
        ])
      if showsTitle {
        svg.text(
          Theme.fitted(title, size: 18, room: width - 56), x: 28, y: 38, size: 18, color: Theme.ink,
          weight: "600")
      }
      content(&svg)
    }
    return svg.text
  }

  /// Writes one line of text with the baseline `y`. With `turned`, it reads upwards.
  mutating func text(
    _ content: String, x: Double, y: Double, size: Double = 12, color: String = Theme.muted,
    anchor: String = "start", weight: String = "400", turned: Bool = false
  ) {
    guard !content.isEmpty else { return }
    let place =
      "translate(\(NumberText.compact(x)) \(NumberText.compact(y)))" + (turned ? " rotate(-90)" : "")
    element(
      "text",
      [
        "transform": place, "font-size": size, "fill": color, "text-anchor": anchor, "font-weight": weight,
      ], content: content)
  }

  mutating func line(from a: PixelPoint, to b: PixelPoint, color: String, width: Double = 1) {
    element(
      "line", ["x1": a.x, "y1": a.y, "x2": b.x, "y2": b.y, "stroke": color, "stroke-width": width])
  }
}
