/// What was measured again and again, in the order of measuring.
package struct Samples: Sendable, Equatable {
  package let values: [Double]
  private let sorted: [Double]

  /// - Precondition: There is at least one.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "no samples, no median")
    self.values = values
    sorted = values.sorted()
  }

  /// The value that the fraction `p`, 0 to 1, of the samples does not exceed, in a straight line between neighbours.
  package func quantile(_ p: Double) -> Double {
    let position = p * Double(sorted.count - 1)
    let low = Int(position)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
  }

  package var median: Double { quantile(0.5) }

  /// Each divided by the one of `other` that was measured in the same turn.
  ///
  /// What slows the whole machine for a while slows both, and their ratio stays.
  package static func / (a: Samples, b: Samples) -> Samples {
    Samples(zip(a.values, b.values).map { $0 / $1 })
  }

  /// Each divided by the same number.
  package static func / (a: Samples, b: Double) -> Samples { Samples(a.values.map { $0 / b }) }
}
