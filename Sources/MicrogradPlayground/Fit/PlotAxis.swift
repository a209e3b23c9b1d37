import MicrogradVisual

/// An axis of a plot: what it covers, and its ticks. Positions are fractions of its length, 0 at its start.
struct PlotAxis: Encodable {
  struct Tick: Encodable {
    let at: Double
    let label: String
  }

  let name: String
  let ticks: [Tick]
  private let domain: ClosedRange<Double>

  /// Creates an axis that covers numbers, with some room at its ends. Numbers too large to draw are not covered.
  ///
  /// - Parameter always: A number that is covered too, such as 0 for residuals.
  init(_ name: String, covering numbers: [Double], count: Int, always: Double? = nil) {
    self.name = name
    let drawn = numbers.filter { $0.magnitude < 1e300 } + (always.map { [$0] } ?? [])
    let (least, most) = (drawn.min() ?? 0, drawn.max() ?? 1)
    let size = max(least.magnitude, most.magnitude)
    // Numbers that agree to nine digits are one place.
    let extent = most - least > 1e-9 * size ? most - least : size > 0 ? size / 5 : 2
    let room = most - least > 1e-9 * size ? 0.05 * extent : extent / 2
    let domain = (least - room)...(most + room)
    self.domain = domain
    let all = NiceTicks(covering: domain, count: count)
    ticks = zip(all.values, all.labels).compactMap { value, label in
      domain.contains(value) ? Tick(at: Self.position(value, domain), label: label) : nil
    }
  }

  enum CodingKeys: CodingKey { case name, ticks }

  /// The position of a number, cut off well beyond the ends of the axis; nil if the number is not finite.
  func position(_ number: Double) -> Double? {
    guard number.isFinite else { return nil }
    return min(max(Self.position(number, domain), -2), 3)
  }

  private static func position(_ number: Double, _ domain: ClosedRange<Double>) -> Double {
    // Halves, so that the widest domain does not overflow. Five digits are a hundredth of a pixel.
    let share = (number / 2 - domain.lowerBound / 2) / (domain.upperBound / 2 - domain.lowerBound / 2)
    let rounded = (share * 1e5).rounded() / 1e5
    return rounded == 0 ? 0 : rounded
  }
}
