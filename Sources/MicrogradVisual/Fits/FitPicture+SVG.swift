extension FitPicture {
  /// Returns the picture as an SVG document of 720 by 480 pixels with a light background.
  ///
  /// Data are in a group of class `data`, curves in paths of class `curve`, bands in paths of class `confidence` and `prediction`.
  public func svg() -> String {
    let size = Self.size
    return SVGWriter.card(width: size.width, height: size.height, title: title) { svg in
      let plot = Self.plot
      let ticks = (x: NiceTicks(covering: xRange, count: 8), y: NiceTicks(covering: yRange, count: 6))
      let place = Place(
        x: AxisScale(domain: xRange, start: plot.left + 12, end: plot.right - 12),
        y: AxisScale(domain: yRange, start: plot.bottom - 12, end: plot.top + 12))
      drawGrid(ticks.x, ticks.y, place, to: &svg)
      svg.element("clipPath", ["id": "plot"]) {
        $0.element("rect", ["x": plot.left, "y": plot.top, "width": plot.width, "height": plot.height])
      }
      svg.element("g", ["clip-path": "url(#plot)"]) { svg in
        for (k, curve) in curves.enumerated() {
          drawBand(curve, curve.prediction, "prediction", Self.color(k), place, to: &svg)
        }
        for (k, curve) in curves.enumerated() {
          drawBand(curve, curve.confidence, "confidence", Self.color(k), place, to: &svg)
        }
        drawData(place, to: &svg)
        for (k, curve) in curves.enumerated() { drawCurve(curve, Self.color(k), place, to: &svg) }
      }
      drawLegend(to: &svg)
      drawNotes(to: &svg)
    }
  }

  private struct Place {
    let x, y: AxisScale

    func callAsFunction(_ a: Double, _ b: Double) -> PixelPoint { PixelPoint(x: x.position(a), y: y.position(b)) }
  }

  private static func color(_ k: Int) -> String { [Theme.orange, Theme.blue, "#2e7d32", "#7b3fa0"][k % 4] }

  // MARK: - Ranges

  private var xRange: ClosedRange<Double> { Self.range(x + curves.flatMap(\.x)) }

  /// The range of the data, the curve and the confidence band, widened by the prediction band to at most twice that.
  private var yRange: ClosedRange<Double> {
    var ends = y
    for (k, deviation) in deviations.enumerated() { ends += [y[k] - deviation, y[k] + deviation] }
    let own = ends.filter(\.isFinite)
    for curve in curves { ends += Self.edges(curve, curve.confidence) }
    var range = Self.range(own.isEmpty ? ends : own)
    // Beyond the data, a curve or a band may grow without end.
    let extent = range.upperBound - range.lowerBound
    for (part, share) in [(ends, 1.0), (curves.flatMap { Self.edges($0, $0.prediction) }, 0.5)] {
      let near = part.filter { $0 >= range.lowerBound - share * extent && $0 <= range.upperBound + share * extent }
      range = Self.range(near + [range.lowerBound, range.upperBound])
    }
    return range
  }

  private static func edges(_ curve: Curve, _ widths: [Double]) -> [Double] {
    widths.isEmpty ? curve.mean : zip(curve.mean, widths).flatMap { [$0 - $1, $0 + $1] }
  }

  private static func range(_ numbers: [Double]) -> ClosedRange<Double> {
    let drawn = numbers.filter { $0.magnitude < 1e300 }
    guard let lower = drawn.min(), let upper = drawn.max() else { return 0...1 }
    // Numbers that agree to nine digits are one place.
    let size = max(lower.magnitude, upper.magnitude)
    if upper - lower > 1e-9 * size { return lower...upper }
    return size > 0 ? (lower - size / 10)...(upper + size / 10) : -1...1
  }

  // MARK: - Parts

  private func drawGrid(_ xTicks: NiceTicks, _ yTicks: NiceTicks, _ place: Place, to svg: inout SVGWriter) {
    let plot = Self.plot
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let column = place.x.position(value)
      guard column >= plot.left - 0.5, column <= plot.right + 0.5 else { continue }
      svg.line(from: .init(x: column, y: plot.top), to: .init(x: column, y: plot.bottom), color: Theme.grid)
      svg.line(from: .init(x: column, y: plot.bottom), to: .init(x: column, y: plot.bottom + 5), color: Theme.axis)
      svg.text(label, x: column, y: plot.bottom + 20, anchor: "middle")
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let row = place.y.position(value)
      guard row >= plot.top - 0.5, row <= plot.bottom + 0.5 else { continue }
      svg.line(from: .init(x: plot.left, y: row), to: .init(x: plot.right, y: row), color: Theme.grid)
      svg.text(label, x: plot.left - 10, y: row + 4, anchor: "end")
    }
    svg.line(
      from: .init(x: plot.left, y: plot.bottom), to: .init(x: plot.right, y: plot.bottom), color: Theme.axis)
    let middle = (x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2)
    svg.text(xName, x: middle.x, y: plot.bottom + 42, size: 13, color: Theme.ink, anchor: "middle")
    svg.text(yName, x: 26, y: middle.y, size: 13, color: Theme.ink, anchor: "middle", turned: true)
  }

  /// The runs of points of a curve that can be drawn.
  private func runs(_ curve: Curve, _ offset: (Int) -> Double) -> [[(index: Int, y: Double)]] {
    var runs: [[(index: Int, y: Double)]] = [[]]
    for k in curve.x.indices {
      let y = curve.mean[k] + offset(k)
      if curve.x[k].magnitude < 1e300, y.magnitude < 1e300 {
        runs[runs.count - 1].append((k, y))
      } else if !runs[runs.count - 1].isEmpty {
        runs.append([])
      }
    }
    return runs.filter { !$0.isEmpty }
  }

  private func drawBand(
    _ curve: Curve, _ widths: [Double], _ name: String, _ color: String, _ place: Place, to svg: inout SVGWriter
  ) {
    guard !widths.isEmpty else { return }
    var path = SVGPath()
    for run in runs(curve, { widths[$0] }) where run.count > 1 {
      let upper = run.map { place(curve.x[$0.index], $0.y) }
      let lower = run.reversed().map { place(curve.x[$0.index], curve.mean[$0.index] - widths[$0.index]) }
      path.add(upper + lower, closed: true)
    }
    guard !path.isEmpty else { return }
    svg.element(
      "path",
      [
        "class": name, "d": path.data, "fill": color, "fill-opacity": Self.opacity(name),
        "stroke": color, "stroke-opacity": name == "prediction" ? 0.3 : 0, "stroke-dasharray": "4 4",
      ])
  }

  private static func opacity(_ name: String) -> Double { name == "prediction" ? 0.07 : 0.22 }

  private func drawCurve(_ curve: Curve, _ color: String, _ place: Place, to svg: inout SVGWriter) {
    var path = SVGPath()
    for run in runs(curve, { _ in 0 }) {
      path.add(simplified(run.map { place(curve.x[$0.index], $0.y) }, tolerance: 0.05))
    }
    guard !path.isEmpty else { return }
    svg.element(
      "path",
      [
        "class": "curve", "d": path.data, "fill": "none", "stroke": color, "stroke-width": 2.2,
        "stroke-linejoin": "round", "stroke-linecap": "round",
      ])
  }

  private var drawnPoints: [Int] { x.indices.filter { x[$0].magnitude < 1e300 && y[$0].magnitude < 1e300 } }

  private func drawData(_ place: Place, to svg: inout SVGWriter) {
    let radius = x.count > 2000 ? 1.6 : x.count > 400 ? 2.4 : 3.8
    svg.element("g", ["class": "data", "fill": Theme.ink, "stroke": "#ffffff", "stroke-width": 1.0]) { svg in
      for k in drawnPoints {
        let point = place(x[k], y[k])
        if !deviations.isEmpty, deviations[k].isFinite {
          drawBar(point.x, place(x[k], y[k] - deviations[k]).y, place(x[k], y[k] + deviations[k]).y, to: &svg)
        }
        svg.element("circle", ["cx": point.x, "cy": point.y, "r": radius])
      }
    }
  }

  private func drawBar(_ column: Double, _ bottom: Double, _ top: Double, to svg: inout SVGWriter) {
    svg.line(from: .init(x: column, y: bottom), to: .init(x: column, y: top), color: Theme.ink, width: 1.2)
    for end in [bottom, top] {
      svg.line(from: .init(x: column - 3, y: end), to: .init(x: column + 3, y: end), color: Theme.ink, width: 1.2)
    }
  }

  private func drawLegend(to svg: inout SVGWriter) {
    let baseline = 66.0, middle = 61.5, size = 13.0
    var left = Self.plot.left
    func name(_ text: String, after width: Double) {
      svg.text(text, x: left + width + 7, y: baseline, size: size)
      left += width + 7 + Theme.width(of: text, size: size) + 20
    }
    if !x.isEmpty {
      svg.element("circle", ["cx": left + 4, "cy": middle, "r": 3.8, "fill": Theme.ink])
      name("data", after: 8)
    }
    for (k, text) in curveNames.enumerated() {
      svg.line(from: .init(x: left, y: middle), to: .init(x: left + 20, y: middle), color: Self.color(k), width: 2.2)
      name(Theme.fitted(text, size: size, room: 120), after: 20)
    }
    let percent = NumberText.compact(100 * level, decimals: 3) + " %"
    for (text, widths) in [("confidence", curves.map(\.confidence)), ("prediction", curves.map(\.prediction))] {
      guard let k = widths.firstIndex(where: { !$0.isEmpty }) else { continue }
      // Where several curves have bands, their colours tell them apart.
      let color = curves.count == 1 ? Self.color(k) : Theme.muted
      svg.element(
        "rect",
        [
          "x": left, "y": middle - 6, "width": 20.0, "height": 12.0, "fill": color,
          "fill-opacity": Self.opacity(text), "stroke": color, "stroke-opacity": text == "prediction" ? 0.5 : 0,
          "stroke-dasharray": "4 4",
        ])
      name("\(percent) \(text)", after: 20)
    }
  }

  private func drawNotes(to svg: inout SVGWriter) {
    let missing = x.count - drawnPoints.count
    guard missing > 0 else { return }
    svg.text(
      missing == 1 ? "1 point is not finite" : "\(missing) points are not finite", x: Self.plot.right,
      y: Self.plot.bottom + 42, size: 11, anchor: "end")
  }
}
