/// The scores at which a decision boundary draws contours, and the colours between them.
struct ScoreLevels {
  /// Ascending and symmetric about zero, which is among them.
  let values: [Double]
  /// What stands beside them on the colour bar; empty where there would be too many.
  let labels: [String]
  /// From the band below the first level to the one above the last.
  let colors: [ColorScale.Color]

  /// Chooses round levels below the ninth decile of the scores' magnitudes.
  init(for scores: [Double]) {
    // 1e300 stands for infinity in a contour grid, and NaN is below nothing.
    let magnitudes = scores.map(\.magnitude).filter { $0 < 1e300 }.sorted()
    let decile = magnitudes.isEmpty ? 0 : magnitudes[(magnitudes.count - 1) * 9 / 10]
    let widest = decile > 0 ? decile : magnitudes.last ?? 0
    let limit = widest > 1e-280 ? widest : 1
    let ticks = NiceTicks(covering: 0...limit, count: 10)
    // The last tick may lie beyond the limit; what is above the one before shares the strongest colour.
    let steps = ticks.values.count - (ticks.values[ticks.values.count - 1] > limit ? 1 : 0)
    let upper = Array(ticks.values[1..<max(steps, 2)])
    // Of more than five levels a side every second is named, as in 0, 2, 4 or 0.0, 0.4, 0.8.
    let upperLabels = upper.indices.map { upper.count > 5 && $0 % 2 == 0 ? "" : ticks.labels[$0 + 1] }
    values = upper.reversed().map { -$0 } + [0] + upper
    labels = upperLabels.reversed().map { $0.isEmpty ? "" : "−" + $0 } + ["0"] + upperLabels
    let scale = ColorScale(limit: upper[upper.count - 1] + upper[0] / 2)
    let middles = zip(values, values.dropFirst()).map { $0 / 2 + $1 / 2 }
    colors = ([-scale.limit] + middles + [scale.limit]).map(scale.color(at:))
  }
}
