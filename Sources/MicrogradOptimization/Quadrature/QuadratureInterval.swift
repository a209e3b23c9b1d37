/// A part of 0...1 with the integral over it.
///
/// A part that touches 0 or 1 is integrated in t with u = r t². That makes an integrand like 1/√u smooth, and log u nearly so.
/// It is split at a quarter, which is the middle in t. The first part is all of 0...1, without a substitution.
internal struct QuadratureInterval {
  /// Where a part lies, as distances from the end that is nearer.
  private enum Place {
    case all
    case fromZero(Double, Double)
    case fromOne(Double, Double)
  }

  private let place: Place
  private let range: IntegrationRange

  /// The integral by Kronrod's rule.
  private(set) var value = 0.0
  /// An estimate of its error.
  private(set) var error = 0.0
  /// The integral of the magnitude.
  private(set) var magnitude = 0.0

  /// All of a range.
  init(_ range: IntegrationRange, of integrand: Integrand) throws {
    try self.init(.all, range, integrand)
  }

  private init(_ place: Place, _ range: IntegrationRange, _ integrand: Integrand) throws {
    (self.place, self.range) = (place, range)
    let nodes = self.nodes
    let values = try integrand.values(at: nodes.map(\.x))
    for (node, found) in zip(nodes, values) where !found.isFinite {
      throw OptimizationError.integrandNotFinite(position: node.x, found: found)
    }
    estimate(zip(values, nodes).map { $0 * $1.slope })
  }

  /// A point with the derivative of x by the variable in which the rule is applied, and its weight in the integral.
  struct Node {
    let x, slope, weight: Double
  }

  /// The points of the rule.
  var nodes: [Node] {
    zip(GaussKronrod.points, GaussKronrod.weights).map { point, weight in
      // From 0 to 1, as the interval is in t.
      let t = (1 + point) / 2
      let u: Double, v: Double, step: Double
      switch place {
      case .all: (u, v, step) = (t, (1 - point) / 2, 1)
      case .fromZero(let low, let high):
        let (distance, slope) = Self.distance(t, low, high)
        (u, v, step) = (distance, 1 - distance, slope)
      case .fromOne(let low, let high):
        let (distance, slope) = Self.distance(t, low, high)
        (u, v, step) = (1 - distance, distance, slope)
      }
      let (x, slope) = range.point(u, v)
      return Node(x: x, slope: slope * step, weight: slope * step * weight / 2)
    }
  }

  private static func distance(_ t: Double, _ low: Double, _ high: Double) -> (Double, slope: Double) {
    low == 0 ? (high * t * t, 2 * high * t) : (low + (high - low) * t, high - low)
  }

  /// Sets the integral and its error, as QUADPACK's qk21 does.
  private mutating func estimate(_ values: [Double]) {
    var (gauss, sum, magnitude) = (0.0, 0.0, 0.0)
    for k in values.indices {
      sum += GaussKronrod.weights[k] / 2 * values[k]
      gauss += GaussKronrod.gaussWeights[k] / 2 * values[k]
      magnitude += GaussKronrod.weights[k] / 2 * abs(values[k])
    }
    let variation = values.indices.reduce(0) { $0 + GaussKronrod.weights[$1] / 2 * abs(values[$1] - sum) }
    var error = abs(sum - gauss)
    if variation != 0, error != 0 {
      let ratio = 200 * error / variation
      error = variation * min(1, ratio * ratio.squareRoot())
    }
    (value, self.magnitude, self.error) = (sum, magnitude, max(error, 50 * .ulpOfOne * magnitude))
  }

  /// Returns both halves; `nil` if the interval is too short to be split.
  func halves(of integrand: Integrand) throws -> [QuadratureInterval]? {
    func parts(_ low: Double, _ high: Double) -> (Double, Double, Double)? {
      let middle = low == 0 ? high / 4 : low + (high - low) / 2
      guard high - low > 1e-13 * high, high > 1e-300 else { return nil }
      return (low, middle, high)
    }
    switch place {
    case .all:
      return [
        try QuadratureInterval(.fromZero(0, 0.5), range, integrand),
        try QuadratureInterval(.fromOne(0, 0.5), range, integrand),
      ]
    case .fromZero(let low, let high):
      guard let (low, middle, high) = parts(low, high) else { return nil }
      return [
        try QuadratureInterval(.fromZero(low, middle), range, integrand),
        try QuadratureInterval(.fromZero(middle, high), range, integrand),
      ]
    case .fromOne(let low, let high):
      guard let (low, middle, high) = parts(low, high) else { return nil }
      return [
        try QuadratureInterval(.fromOne(middle, high), range, integrand),
        try QuadratureInterval(.fromOne(low, middle), range, integrand),
      ]
    }
  }

  /// The interval in x.
  var bounds: ClosedRange<Double> {
    let ends: (Double, Double) =
      switch place {
      case .all: (range.position(0, 1), range.position(1, 0))
      case .fromZero(let low, let high): (range.position(low, 1 - low), range.position(high, 1 - high))
      case .fromOne(let low, let high): (range.position(1 - high, high), range.position(1 - low, low))
      }
    return min(ends.0, ends.1)...max(ends.0, ends.1)
  }
}
