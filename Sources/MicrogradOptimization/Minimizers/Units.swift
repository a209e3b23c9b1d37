import Micrograd

/// The internal units of a minimiser, which make it independent of the units of the function.
///
/// The unit of the value is its size at the start, or, if that is larger, the contribution of a parameter by its slope. The
/// unit of a parameter is its size at the start. If that is 0 or nearly 0, it is the change that its slope turns into one
/// unit of the value; parameters of 0 then also use the curvature from slopes a little further down, and
/// the curvature at the start if the value is not lower there.
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
      // Setting the parameter to 0 would not change the value, so neither its size nor its slope need say much.
      if parts[k] < 1e-10 * unit { return Self.usable(unit / slope) }
      return Self.usable(parts[k] < 1e-6 * unit ? size.squareRoot() * (unit / slope).squareRoot() : size)
    }
  }

  /// Returns a step of steepest descent, in the units of the function.
  func step(down gradient: [Double]) -> [Double] {
    zip(gradient, parameters).map { $0 > 0 ? -0.1 * $1 : $0 < 0 ? 0.1 * $1 : 0 }
  }

  /// Uses the curvature between the slopes at both ends of a step as the unit of a parameter.
  mutating func learn(_ k: Int, from slope: Double, to next: Double, step: Double) {
    let change = abs(next - slope)
    guard change.isNormal else { return }
    parameters[k] = Self.usable(step == 0 ? value / change : (value / change * abs(step)).squareRoot())
  }

  /// Uses the curvature at a start of 0 as the unit of a parameter whose unit by its slopes is far larger.
  mutating func limit(_ k: Int, byCurvature curvature: Double) {
    let unit = (value / abs(curvature)).squareRoot()
    if unit.isNormal, unit < 1e-4 * parameters[k] { parameters[k] = unit }
  }

  /// Returns a size to divide by; 1 if the size is 0 or not finite.
  private static func usable(_ size: Double) -> Double { size.isNormal ? size : 1 }

  /// Converts parameters of the function to these units.
  func scaled(_ position: [Double]) -> [Double] { zip(position, parameters).map { $0 / $1 } }

  /// Converts parameters in these units to those of the function.
  func unscaled(_ position: [Double]) -> [Double] { zip(position, parameters).map { $0 * $1 } }

  /// Converts derivatives of the function to these units.
  func scaledGradient(_ gradient: [Double]) -> [Double] {
    zip(gradient, parameters).map { product($0, $1, over: value) }
  }
}
