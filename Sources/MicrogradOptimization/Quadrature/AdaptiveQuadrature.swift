import Micrograd

/// Adaptive integration: the interval with the largest error is split until the sum of errors is within the tolerance.
internal struct AdaptiveQuadrature {
  let relativeTolerance: Double
  let absoluteTolerance: Double
  let maximumIntervals: Int

  /// The intervals at the end, for an integral from a smaller to a larger limit.
  struct Partition {
    var intervals: [QuadratureInterval] = []
    var value: Double { intervals.reduce(0) { $0 + $1.value } }
    var error: Double { intervals.reduce(0) { $0 + $1.error } }
    var magnitude: Double { intervals.reduce(0) { $0 + $1.magnitude } }
  }

  /// - Throws: ``OptimizationError``; what the integrand throws.
  func partition(from lower: Double, to upper: Double, of integrand: Integrand) throws -> Partition {
    var partition = Partition()
    partition.intervals = try Self.ranges(lower, upper, integrand).map { try QuadratureInterval($0, of: integrand) }
    // Intervals that are too short to be split.
    var finished: [QuadratureInterval] = []
    var tolerance = absoluteTolerance
    while true {
      var whole = partition
      whole.intervals += finished
      // An integral without a limit overflows.
      guard whole.error.isFinite, whole.value.isFinite else { throw Self.failure(whole, tolerance) }
      tolerance = max(absoluteTolerance, relativeTolerance * abs(whole.value))
      if whole.error <= max(tolerance, 100 * .ulpOfOne * whole.magnitude) { return whole }
      let worst = partition.intervals.indices.max { partition.intervals[$0].error < partition.intervals[$1].error }
      guard let worst, whole.intervals.count < maximumIntervals else { throw Self.failure(whole, tolerance) }
      let interval = partition.intervals.remove(at: worst)
      if let halves = try interval.halves(of: integrand) {
        partition.intervals.insert(contentsOf: halves, at: worst)
      } else {
        finished.append(interval)
      }
    }
  }

  private static func failure(_ partition: Partition, _ tolerance: Double) -> OptimizationError {
    func size(_ error: Double) -> Double { error.isNaN ? .infinity : error }
    let worst = partition.intervals.max { size($0.error) < size($1.error) }
    return .integralNotConverged(
      errorEstimate: size(partition.error), tolerance: tolerance, worst: worst?.bounds ?? 0...0,
      worstError: size(worst?.error ?? 0), intervals: partition.intervals.count)
  }

  private static func ranges(_ lower: Double, _ upper: Double, _ integrand: Integrand) throws -> [IntegrationRange] {
    func upwards(_ end: Double) throws -> IntegrationRange {
      IntegrationRange(from: end, scale: try IntegrationRange.scale(from: end, direction: 1, of: integrand))
    }
    func downwards(_ end: Double) throws -> IntegrationRange {
      IntegrationRange(to: end, scale: try IntegrationRange.scale(from: end, direction: -1, of: integrand))
    }
    switch (lower == -.infinity, upper == .infinity) {
    case (false, false): return [IntegrationRange(lower, upper)]
    case (false, true): return [try upwards(lower)]
    case (true, false): return [try downwards(upper)]
    case (true, true): return [try downwards(0), try upwards(0)]
    }
  }

  /// Traps if an option is out of range.
  func check() {
    requireTolerance(relativeTolerance, "relativeTolerance")
    requireTolerance(absoluteTolerance, "absoluteTolerance")
    require(maximumIntervals >= 1, "maximumIntervals is \(maximumIntervals): give at least 1")
  }
}
