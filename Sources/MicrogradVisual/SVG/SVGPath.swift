/// The `d` attribute of an SVG path.
struct SVGPath {
  private(set) var data = ""

  var isEmpty: Bool { data.isEmpty }

  /// Appends a line through `points`. A single point becomes a dot if the line's caps are round.
  mutating func add(_ points: [PixelPoint], closed: Bool = false) {
    guard let first = points.first else { return }
    data += "M" + Self.pair(first)
    for point in points.dropFirst() { data += "L" + Self.pair(point) }
    if points.count == 1 { data += "h0" }
    if closed { data += "Z" }
  }

  private static func pair(_ point: PixelPoint) -> String {
    "\(NumberText.compact(point.x)) \(NumberText.compact(point.y))"
  }
}

/// A point in a picture: x to the right and y downwards, in pixels.
struct PixelPoint: Equatable {
  var x: Double
  var y: Double
}

/// Simplifies a line: drops points within `tolerance` of the rest.
///
/// The algorithm of Ramer (1972), Douglas and Peucker (1973) keeps the point farthest from the chord, then treats both
/// halves the same way. The contours of a ReLU network are straight between its kinks, so most grid points are dropped.
/// O(n²) at worst, usually O(n log n).
func simplified(_ points: [PixelPoint], tolerance: Double) -> [PixelPoint] {
  guard points.count > 2 else { return points }
  var keep = [Bool](repeating: false, count: points.count)
  keep[0] = true
  keep[points.count - 1] = true
  var pending = [(first: 0, last: points.count - 1)]
  while let (first, last) = pending.popLast() {
    var farthest = first
    var distance = tolerance * tolerance
    for index in first + 1..<max(last, first + 1) {
      let candidate = squaredDistance(from: points[index], toSegment: points[first], points[last])
      if candidate > distance { (farthest, distance) = (index, candidate) }
    }
    guard farthest != first else { continue }
    keep[farthest] = true
    pending.append((first, farthest))
    pending.append((farthest, last))
  }
  return points.indices.filter { keep[$0] }.map { points[$0] }
}

private func squaredDistance(from point: PixelPoint, toSegment a: PixelPoint, _ b: PixelPoint) -> Double {
  let (dx, dy) = (b.x - a.x, b.y - a.y)
  let length = dx * dx + dy * dy
  let along = length > 0 ? ((point.x - a.x) * dx + (point.y - a.y) * dy) / length : 0
  let t = min(max(along, 0), 1)
  let (ex, ey) = (point.x - a.x - t * dx, point.y - a.y - t * dy)
  return ex * ex + ey * ey
}
