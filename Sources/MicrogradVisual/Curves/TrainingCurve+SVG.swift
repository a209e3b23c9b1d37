extension TrainingCurve {
  /// Returns the picture as an SVG document of 720 by 480 pixels with a light background.
  public func svg() -> String {
    let size = Self.size
    return SVGWriter.card(width: size.width, height: size.height, title: title) { svg in
      let (top, bottom, gap) = (66.0, size.height - 58, 26.0)
      let split = accuracy.isEmpty ? bottom : top + (bottom - top - gap) * 0.6
      let upper = Frame(left: 78, top: top, right: size.width - 78, bottom: split)
      let lower = Frame(left: upper.left, top: split + gap, right: upper.right, bottom: bottom)
      drawSteps(across: accuracy.isEmpty ? [upper] : [upper, lower], to: &svg)
      draw(.loss(loss), in: upper, to: &svg)
      if !accuracy.isEmpty { draw(.accuracy(accuracy), in: lower, to: &svg) }
    }
  }

  private func stepAxis(_ frame: Frame) -> AxisScale {
    let last = Double(firstStep) + Double(max(loss.count, accuracy.count, 2) - 1)
    return AxisScale(domain: Double(firstStep)...last, start: frame.left, end: frame.right)
  }

  /// Draws the horizontal axis that the panels share, with its labels below the last one.
  private func drawSteps(across frames: [Frame], to svg: inout SVGWriter) {
    guard let bottom = frames.last else { return }
    let axis = stepAxis(bottom)
    let ticks = NiceTicks(covering: axis.domain, count: 10, wholeNumbers: true)
    for (value, label) in zip(ticks.values, ticks.labels) where axis.domain.contains(value) {
      let place = axis.position(value)
      for frame in frames {
        svg.line(from: .init(x: place, y: frame.top), to: .init(x: place, y: frame.bottom), color: Theme.grid)
      }
      svg.line(
        from: .init(x: place, y: bottom.bottom), to: .init(x: place, y: bottom.bottom + 5), color: Theme.axis)
      svg.text(label, x: place, y: bottom.bottom + 20, anchor: "middle")
    }
    svg.text(
      stepName, x: (bottom.left + bottom.right) / 2, y: bottom.bottom + 41, size: 13, color: Theme.ink,
      anchor: "middle")
  }

  private func draw(_ panel: CurvePanel, in frame: Frame, to svg: inout SVGWriter) {
    let axis = panel.axis(in: frame)
    for (value, label) in zip(panel.ticks.values, panel.ticks.labels) {
      let place = axis.position(value)
      svg.line(from: .init(x: frame.left, y: place), to: .init(x: frame.right, y: place), color: Theme.grid)
      svg.text(label, x: frame.left - 10, y: place + 4, anchor: "end")
    }
    svg.line(
      from: .init(x: frame.left, y: frame.bottom), to: .init(x: frame.right, y: frame.bottom),
      color: Theme.axis)
    svg.text(
      panel.name, x: 28, y: (frame.top + frame.bottom) / 2, size: 13, color: panel.color, anchor: "middle",
      weight: "600", turned: true)

    drawLine(of: panel, in: frame, axis: axis, to: &svg)
    drawNotes(on: panel, in: frame, to: &svg)
  }

  private func drawLine(of panel: CurvePanel, in frame: Frame, axis: AxisScale, to svg: inout SVGWriter) {
    let steps = stepAxis(frame)
    let runs = visibleRuns(of: panel.values, columns: Int(frame.width)).map { run in
      run.map {
        PixelPoint(x: steps.position(Double(firstStep) + Double($0.index)), y: axis.position($0.value))
      }
    }
    var line = SVGPath()
    var area = SVGPath()
    for run in runs {
      line.add(run)
      guard let first = run.first, let last = run.last, run.count > 1 else { continue }
      area.add(
        run + [PixelPoint(x: last.x, y: frame.bottom), PixelPoint(x: first.x, y: frame.bottom)], closed: true)
    }
    guard let last = runs.last?.last, let value = panel.values.last(where: \.isFinite) else { return }
    // A logarithmic axis has no zero as the base of the area.
    if !panel.isLogarithmic && !area.isEmpty {
      svg.element("path", ["d": area.data, "fill": panel.color, "fill-opacity": 0.08])
    }
    svg.element(
      "path",
      [
        "class": "curve", "d": line.data, "fill": "none", "stroke": panel.color,
        "stroke-width": panel.values.count > 2000 ? 1.1 : 2.0, "stroke-linejoin": "round",
        "stroke-linecap": "round",
      ])
    svg.element(
      "circle",
      ["cx": last.x, "cy": last.y, "r": 4.5, "fill": panel.color, "stroke": "#ffffff", "stroke-width": 1.5])
    svg.text(
      panel.lastLabel(value), x: last.x + 11, y: last.y + 4.5, size: 13, color: panel.color, weight: "600")
  }

  private func drawNotes(on panel: CurvePanel, in frame: Frame, to svg: inout SVGWriter) {
    let missing = panel.values.count { !$0.isFinite }
    if missing == panel.values.count {
      svg.text(
        panel.values.isEmpty ? "no values" : "no finite values", x: (frame.left + frame.right) / 2,
        y: (frame.top + frame.bottom) / 2, size: 13, anchor: "middle")
    } else if missing > 0 {
      svg.text(
        missing == 1 ? "1 value is not finite" : "\(missing) values are not finite", x: frame.right,
        y: frame.top - 6,
        size: 11, anchor: "end")
    }
  }
}
