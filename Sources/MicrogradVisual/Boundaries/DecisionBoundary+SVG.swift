extension DecisionBoundary {
  /// Returns the picture as an SVG document of 720 by 560 pixels with a light background.
  ///
  /// The markers of the classes are circles in the groups of class `class-0` and `class-1`.
  public func svg() -> String {
    let levels = ScoreLevels(for: score.values)
    let size = Self.size
    return SVGWriter.card(width: size.width, height: size.height, title: title) { svg in
      svg.element("clipPath", ["id": "plot"]) { $0.element("rect", frameAttributes) }
      svg.element("g", ["clip-path": "url(#plot)"]) { svg in
        drawScore(levels, to: &svg)
        drawPoints(to: &svg)
      }
      drawAxes(to: &svg)
      drawLegend(to: &svg)
      drawColorBar(levels, to: &svg)
    }
  }

  private var x: AxisScale { AxisScale(domain: score.xRange, start: Self.plot.left, end: Self.plot.right) }
  private var y: AxisScale { AxisScale(domain: score.yRange, start: Self.plot.bottom, end: Self.plot.top) }

  private var frameAttributes: SVGWriter.Attributes {
    let plot = Self.plot
    return ["x": plot.left, "y": plot.top, "width": plot.width, "height": plot.height, "rx": 6.0]
  }

  private func pathData(_ paths: [ContourGrid.Path]) -> SVGPath {
    var data = SVGPath()
    for path in paths {
      let pixels = path.points.map { PixelPoint(x: x.position($0.x), y: y.position($0.y)) }
      data.add(simplified(pixels, tolerance: 0.1), closed: path.isClosed)
    }
    return data
  }

  /// Paints {f ≥ l} for ascending levels, each over the one before. Neighbours overlap, so that antialiased edges leave no
  /// seam in which the background shows.
  private func drawScore(_ levels: ScoreLevels, to svg: inout SVGWriter) {
    let plot = Self.plot
    svg.element(
      "rect",
      [
        "x": plot.left, "y": plot.top, "width": plot.width, "height": plot.height,
        "fill": ColorScale(limit: 1).color(at: .nan).hex,
      ])
    svg.element("g", ["class": "score", "stroke": "#ffffff", "stroke-opacity": 0.55, "stroke-width": 0.8]) {
      svg in
      for (level, color) in zip([-.infinity] + levels.values, levels.colors) {
        let region = pathData(score.region(above: level))
        if !region.isEmpty { svg.element("path", ["d": region.data, "fill": color.hex]) }
      }
    }
    let boundary = pathData(score.lines(at: 0))
    guard !boundary.isEmpty else { return }
    for (color, width) in [("#ffffff", 5.0), (Theme.ink, 2.2)] {
      svg.element(
        "path",
        [
          "d": boundary.data, "fill": "none", "stroke": color, "stroke-width": width,
          "stroke-linejoin": "round",
          "stroke-opacity": color == Theme.ink ? 1.0 : 0.6,
        ])
    }
  }

  private func drawPoints(to svg: inout SVGWriter) {
    let radius = points.count > 2000 ? 2.2 : points.count > 400 ? 3.2 : 4.6
    for (label, color) in [Theme.blue, Theme.orange].enumerated() {
      svg.element("g", ["class": "class-\(label)", "fill": color, "stroke": "#ffffff", "stroke-width": 1.3]) {
        svg in
        for (point, _) in zip(points, labels).filter({ $0.1 == label }) {
          svg.element("circle", ["cx": x.position(point.x), "cy": y.position(point.y), "r": radius])
        }
      }
    }
  }

  private func drawAxes(to svg: inout SVGWriter) {
    let plot = Self.plot
    for (value, label) in Self.ticks(in: score.xRange, count: 10) {
      let place = x.position(value)
      svg.line(
        from: .init(x: place, y: plot.bottom), to: .init(x: place, y: plot.bottom + 5), color: Theme.axis)
      svg.text(label, x: place, y: plot.bottom + 19, anchor: "middle")
    }
    for (value, label) in Self.ticks(in: score.yRange, count: 6) {
      let place = y.position(value)
      svg.line(from: .init(x: plot.left - 5, y: place), to: .init(x: plot.left, y: place), color: Theme.axis)
      svg.text(label, x: plot.left - 9, y: place + 4, anchor: "end")
    }
    svg.text(
      Theme.fitted(xName, size: 13, room: plot.width), x: (plot.left + plot.right) / 2, y: plot.bottom + 39, size: 13,
      color: Theme.ink, anchor: "middle")
    svg.text(
      Theme.fitted(yName, size: 13, room: plot.height), x: 26, y: (plot.top + plot.bottom) / 2, size: 13,
      color: Theme.ink, anchor: "middle", turned: true)
  }

  private static func ticks(in range: ClosedRange<Double>, count: Int) -> [(Double, String)] {
    let ticks = NiceTicks(covering: range, count: count)
    return zip(ticks.values, ticks.labels).filter { range.contains($0.0) }
  }

  private func drawLegend(to svg: inout SVGWriter) {
    var left = 28.0
    let baseline = 64.0
    for (name, color) in zip(classNames, [Theme.blue, Theme.orange]) {
      let name = Theme.fitted(name, size: 13, room: 150)
      svg.element("circle", ["cx": left + 5, "cy": baseline - 4.5, "r": 5.0, "fill": color])
      svg.text(name, x: left + 16, y: baseline, size: 13)
      left += 16 + Theme.width(of: name, size: 13) + 22
    }
    let middle = baseline - 4.5
    svg.line(
      from: .init(x: left, y: middle), to: .init(x: left + 20, y: middle), color: Theme.ink, width: 2.2)
    svg.text("score = 0", x: left + 27, y: baseline, size: 13)
    left += 27 + Theme.width(of: "score = 0", size: 13) + 22
    guard score.values.contains(where: \.isNaN) else { return }
    let grey = ColorScale(limit: 1).color(at: .nan).hex
    svg.element("rect", ["x": left, "y": middle - 5, "width": 14.0, "height": 10.0, "rx": 2.0, "fill": grey])
    svg.text("score is NaN", x: left + 21, y: baseline, size: 13)
  }

  /// Draws the bands of the plot. The open bands at the ends are drawn with a point.
  private func drawColorBar(_ levels: ScoreLevels, to svg: inout SVGWriter) {
    let left = 638.0, right = 652.0, tip = 14.0
    let scale = AxisScale(
      domain: 0...Double(levels.values.count - 1), start: Self.plot.bottom - tip - 2,
      end: Self.plot.top + tip + 2)
    for band in levels.colors.indices {
      let bottom = scale.position(Double(max(band - 1, 0)))
      let top = scale.position(Double(min(band, levels.values.count - 1)))
      var corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
      if band == 0 { corners = [(left, bottom), (right, bottom), ((left + right) / 2, bottom + tip)] }
      if band == levels.values.count {
        corners = [(left, top), (right, top), ((left + right) / 2, top - tip)]
      }
      var path = SVGPath()
      path.add(corners.map { PixelPoint(x: $0.0, y: $0.1) }, closed: true)
      svg.element("path", ["d": path.data, "fill": levels.colors[band].hex])
    }
    for (index, label) in levels.labels.enumerated() {
      let place = scale.position(Double(index))
      let isZero = levels.values[index] == 0
      svg.line(
        from: .init(x: left, y: place), to: .init(x: right + (isZero ? 3 : 0), y: place),
        color: isZero ? Theme.ink : "#ffffff", width: isZero ? 2.2 : 0.8)
      svg.text(label, x: right + 8, y: place + 4, size: 11.5, color: isZero ? Theme.ink : Theme.muted)
    }
    svg.text(
      "score", x: (left + right) / 2, y: Self.plot.top - 9, size: 13, color: Theme.ink, anchor: "middle")
  }
}
