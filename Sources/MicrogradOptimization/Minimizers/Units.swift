import Micrograd

/// The units in which a minimiser computes, so that it does not depend on those of the function.
///
/// The value's unit is its size at the start, or what the slopes say that a parameter contributes to it. A parameter's unit
/// is its size at the start, or where that is nearly or wholly 0 what the slope says makes the value its own size; parameters
/// of 0 then take a curvature from the slopes a little further down.
internal struct Units {
  private(set) var parameters: [Double]
  let value: Double

  init(at position: [Double], value: Double, gradient: [Double]) {
    let parts = zip(position, gradient).map { abs($0 * $1) }
    let unit = Self.usable(max(abs(value), parts.max() ?? 0))
    self.value = unit
    parameters = position.indices.map { k in
      let (size, slope) = (abs(position[k]), abs(gradient[k]))
      guard slope != 0 else { return Self.usable(size) }
      // The value would not notice if the parameter were 0: its size may say nothing, but neither need the slope.
      if parts[k] < 1e-10 * unit { return Self.usable(unit / slope) }
      return Self.usable(parts[k] < 1e-6 * unit ? size.squareRoot() * (unit / slope).squareRoot() : size)
    }
  }

  /// A step down the slopes, in parameters of the function.
  func step(down gradient: [Double]) -> [Double] {
    zip(gradient, parameters).map { $0 > 0 ? -0.1 * $1 : $0 < 0 ? 0.1 * $1 : 0 }
  }

  /// Takes the curvature between slopes at two ends of a step as the unit of a parameter.
  mutating func learn(_ k: Int, from slope: Double, to next: Double, step: Double) {
    let change = abs(next - slope)
    guard change.isNormal else { return }
    parameters[k] = Self.usable(step == 0 ? value / change : (value / change * abs(step)).squareRoot())
  }

  /// A size that can be divided by; 1 in place of others.
  private static func usable(_ size: Double) -> Double { size.isNormal ? size : 1 }

  /// Parameters of the function, in these units.
  func scaled(_ position: [Double]) -> [Double] { zip(position, parameters).map { $0 / $1 } }

  /// Parameters in these units, as the function takes them.
  func unscaled(_ position: [Double]) -> [Double] { zip(position, parameters).map { $0 * $1 } }

  /// Derivatives of the function, in these units.
  func scaledGradient(_ gradient: [Double]) -> [Double] {
    zip(gradient, parameters).map { product($0, $1, over: value) }
  }
}
