/// The contour levels of a decision boundary and the colours between them.
struct ScoreLevels {
  /// The levels: ascending, symmetric around zero, and including zero.
  let values: [Double]
  /// The labels on the colour bar; an empty text for a level without label.
  let labels: [String]
  /// The colours, from the band below the first level to the band above the last.
  let colors: [ColorScale.Color]

  /// Chooses round levels up to the ninth decile of the magnitudes of scores.
  init(for scores: [Double]) {
    // 1e300 is infinity in a contour grid. No comparison with NaN is true.
    let magnitudes = scores.map(\.magnitude).filter { $0 < 1e300 }.sorted()
    let decile = magnitudes.isEmpty ? 0 : magnitudes[(magnitudes.count - 1) * 9 / 10]
    let widest = decile > 0 ? decile : magnitudes.last ?? 0
    let limit = widest > 1e-280 ? widest : 1
    let ticks = NiceTicks(covering: 0...limit, count: 10)
    // The last tick may be beyond the limit. Scores above the tick before it have the strongest colour.
    let steps = ticks.values.count - (ticks.values[ticks.values.count - 1] > limit ? 1 : 0)
    let upper = Array(ticks.values[1..<max(steps, 2)])
    // With more than five levels on a side, every second one has a label, as in 0, 2, 4 or 0.0, 0.4, 0.8.
    let upperLabels = upper.indices.map { upper.count > 5 && $0 % 2 == 0 ? "" : ticks.labels[$0 + 1] }
    values = upper.reversed().map { -$0 } + [0] + upper
    labels = upperLabels.reversed().map { $0.isEmpty ? "" : "−" + $0 } + ["0"] + upperLabels
    let scale = ColorScale(limit: upper[upper.count - 1] + upper[0] / 2)
    let middles = zip(values, values.dropFirst()).map { $0 / 2 + $1 / 2 }
    colors = ([-scale.limit] + middles + [scale.limit]).map(scale.color(at:))
  }
}
