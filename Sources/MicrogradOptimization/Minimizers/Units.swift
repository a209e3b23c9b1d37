import Micrograd

/// The internal units of a minimiser, which make it independent of the units of the function.
///
/// The unit of the value is its size at a position, or, if that is larger, the contribution of a parameter by its slope. The
/// unit of a parameter is its size there. If that is 0 or nearly 0, it is the change that its slope turns into one unit of
/// the value, but at most the Newton step along it. Parameters of 0 then also use the curvature from slopes a little further
/// down, and the curvature at the start if the value is not lower there.
internal struct Units {
  private(set) var parameters: [Double]
  private(set) var value: Double

  init(at own: Point.Evaluation) {
    let (position, value, gradient) = (own.position, own.value, own.gradient)
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

  /// Measures the unit of the value at another position.
  mutating func measureValue(at own: Point.Evaluation) {
    let parts = zip(parameters, own.gradient).map { abs($0 * $1) }
    value = Self.usable(max(abs(own.value), parts.max() ?? 0))
  }

  /// Returns a step of steepest descent, in the units of the function.
  func step(down gradient: [Double]) -> [Double] {
    zip(gradient, parameters).map { $0 > 0 ? -0.1 * $1 : $0 < 0 ? 0.1 * $1 : 0 }
  }

  /// The relative step that shows the curvature along a parameter.
  static let trialStep = 1e-4

  /// Returns true if the unit of a parameter that is not 0 is far larger than its size.
  func isBySlope(_ k: Int, of position: [Double]) -> Bool {
    position[k] != 0 && parameters[k] > 1e3 * abs(position[k])
  }

  /// Limits a unit that is far larger than the parameter to the Newton step along the parameter, by its slopes at both ends
  /// of a trial step. A slope that is small by chance, or beside an enormous value, says nothing about the parameter's size; the
  /// step from a start that is nearly 0 does. Nothing is known if the function curves downwards.
  mutating func limit(_ k: Int, at position: Double, from slope: Double, to next: Double) {
    let curvature = (next - slope) / (Self.trialStep * position)
    let newton = abs(slope) / curvature
    if newton > 0, newton.isFinite { parameters[k] = max(abs(position), min(parameters[k], newton)) }
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
