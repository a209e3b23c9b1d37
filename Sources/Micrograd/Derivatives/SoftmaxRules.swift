import CMicrograd

// Softmax and its logarithm: derivatives of whole rows at once. What cancels is written as a sum over differences: where one
// share p is nearly 1, neither p - 1 nor d - Σ p d is computed as such.

extension RuledNode {
  /// True if the node is in a row whose derivatives are computed together.
  internal var isShare: Bool { op == .softmax || op == .log_softmax }

  /// What the adjoints of a row's elements contribute to its operands.
  internal func sharePullback(_ adjoints: [Carried?], _ rows: RowCache) -> [Carried?] {
    if adjoints.allSatisfy({ $0 == nil }) { return adjoints }
    let d = adjoints.map { $0?.value }, mask = RuledNode.union(adjoints)
    let results: [Value?]
    if op == .softmax {
      let p = rowElements
      results = timesShares(p, centered(d, p))
    } else {
      results = lessShares(d, rows.shares(of: self, columns))
    }
    return results.map { $0.map { Carried(value: $0, mask: mask) } }
  }

  /// The tangents of a row's elements, for those of its operands.
  internal func shareTangents(_ tangents: [Carried?], _ rows: RowCache) -> [Carried?] {
    if tangents.allSatisfy({ $0 == nil }) { return tangents }
    let mask = RuledNode.union(tangents), p = op == .softmax ? rowElements : rows.shares(of: self, columns)
    let differences = centered(tangents.map { $0?.value }, p)
    let results = op == .softmax ? timesShares(p, differences) : differences
    return results.map { $0.map { Carried(value: $0, mask: mask) } }
  }

  /// All elements of this element's row.
  private var rowElements: [Value] {
    let first = node - Int32(column)
    return (0..<Int32(columns)).map { Value(live: first + $0, on: tape) }
  }

  private static func union(_ row: [Carried?]) -> Value? {
    let present = row.compactMap { $0 }
    return present.dropFirst().reduce(present.first?.mask) { Carried.union($0, $1.mask) }
  }

  /// The length up to which a row forms all pairs while a function is compiled, when its largest share is not known.
  private static let mostInPairs = 64

  /// s[k] - Σ p s for each k: Σ p[j] (s[k] - s[j]).
  private func centered(_ s: [Value?], _ p: [Value]) -> [Value?] {
    if isWatched && s.count <= RuledNode.mostInPairs {
      return s.indices.map { k in sumOfProducts(s.indices.map { j in (p[j], j == k ? nil : difference(s[k], s[j])) }) }
    }
    if isWatched {
      let mean = sumOfProducts(s.indices.map { (p[$0], s[$0]) })
      return s.map { difference($0, mean) }
    }
    // From the number that has the largest share: Σ p[j] (s[j] - s[top]) is small where that is nearly 1.
    let top = largest(p), fromTop = s.indices.map { $0 == top ? nil : difference(s[$0], s[top]) }
    let shift = sumOfProducts(s.indices.map { (p[$0], fromTop[$0]) })
    return s.indices.map { k in
      let centered = difference(fromTop[k], shift)
      guard let number = centered?.unwatchedData, number.isNaN else { return centered }
      return difference(s[k], sumOfProducts(s.indices.map { (p[$0], s[$0]) }))
    }
  }

  /// d[k] - p[k] Σ d for each k: d[k] Σ p[j] - p[k] Σ d[j], both of all others.
  private func lessShares(_ d: [Value?], _ p: [Value]) -> [Value?] {
    let present = d.indices.filter { d[$0] != nil }
    if present.count > 1 && d.count > RuledNode.mostInPairs && isWatched {
      let total = sum(d.compactMap { $0 })
      return d.indices.map { difference(d[$0], total * p[$0]) }
    }
    let total = sum(d.compactMap { $0 }), top = largest(p)
    return d.indices.map { k in
      if present.count > 1 && !isWatched && k != top { return difference(d[k], product(p[k], total)) }
      let rest = present.filter { $0 != k }.compactMap { d[$0] }
      return difference(
        product(missing(p, k), d[k]), rest.isEmpty ? nil : product(p[k], rest.count == 1 ? rest[0] : sum(rest)))
    }
  }

  /// 1 - p[k]: for the larger half the sum of the others, without the rounding of a difference.
  ///
  /// Its derivatives are those of -p[k], as those of the others may cancel. While a function is compiled, in which sums are added
  /// up in any order, they are those of the others; as for the share of an infinite logit, which is NaN.
  internal func missing(_ p: [Value], _ k: Int) -> Value {
    if !isWatched, p[k].unwatchedData < 0.5 { return 1 - p[k] }
    let others = p.indices.filter { $0 != k }.map { p[$0] }
    if isWatched || !p[k].unwatchedData.isFinite { return sum(others) }
    return others.reduce(0) { $0 + $1.unwatchedData } - (p[k] - p[k].unwatchedData)
  }

  private func largest(_ p: [Value]) -> Int {
    p.indices.dropFirst().reduce(0) { p[$1].unwatchedData > p[$0].unwatchedData ? $1 : $0 }
  }

  private func timesShares(_ p: [Value], _ s: [Value?]) -> [Value?] { zip(p, s).map(product) }

  private func difference(_ a: Value?, _ b: Value?) -> Value? {
    guard let b else { return a }
    return a.map { $0 - b } ?? -b
  }

  /// The product, `nil` where it is zero because a factor is.
  private func product(_ slope: Value, _ d: Value?) -> Value? {
    d.flatMap { Partial.value(slope).times(Carried(value: $0, mask: nil))?.value }
  }

  private func sumOfProducts(_ terms: [(slope: Value, d: Value?)]) -> Value? {
    let products = terms.compactMap { product($0.slope, $0.d) }
    return products.count < 2 ? products.first : sum(products)
  }
}
