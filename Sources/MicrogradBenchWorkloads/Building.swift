import Micrograd
import MicrogradLanguagePeer

// The benchmark BuildingSimulation of PassiveLogic's differentiable-swift-examples, written anew from its formulas and in
// double precision: water from a tank heats a floor through a tube, in 20 steps of 0.1 s. The result is how far the floor's
// temperature is from 27.344767 °C at the end.

/// The numbers of a building, in a list.
package enum Building {
  /// The tube: spacing, diameter and thickness in metres, resistivity in K m / W. The floor: temperature in °C, area in m²,
  /// heat capacity, density in kg / m³, thickness in metres. The water: power in watts, temperature, flow in m³ / s, density,
  /// heat capacity in J / (kg K). The tank: temperature, volume in m³, heat capacity, density, mass.
  package static let parameters: [Double] = [
    0.50292, 0.019, 0.001588, 2.43, 33.3, 100, 0.2, 2242.58, 0.101, 0, 60, 0.0006309, 1000, 4180, 70, 0.0757082, 4180,
    1000, 75.708,
  ]

  private static let step = 0.1

  /// The temperatures of slab, water and tank after a step. What stays the same is computed in each step, as in the original.
  package static func step<T: DifferentiableNumber>(_ x: [T], _ before: (slab: T, water: T, tank: T)) -> [T] {
    var (slab, water, tank) = before
    /// The water's temperature after a step in which it takes up a power.
    func heated(by power: T) -> T { water + power * step / x[13] / (x[11] * step * x[12]) }
    let source = (tank - water) * (x[11] * x[12]) * x[13]
    tank += source * step / x[16] / (x[15] * x[17])
    water = heated(by: source)
    let resistance = x[3] * x[2] / (x[5] / x[0] * Double.pi * x[1]) * 10
    let loss = (slab - water) * (1 / resistance)
    water = heated(by: loss)
    slab += -loss * step / x[6] / (x[5] * x[8] * x[7])
    return [slab, water, tank]
  }

  /// The distance of the floor's temperature from the one that is wanted.
  package static func temperatureError<T: DifferentiableNumber>(_ x: [T]) -> T {
    var (slab, water, tank) = (x[4], x[10], x[14])
    for _ in 0..<20 {
      let next = step(x, (slab, water, tank))
      (slab, water, tank) = (next[0], next[1], next[2])
    }
    return .abs(slab - 27.344767)
  }
}

/// The gradient of the simulation by all of its parameters: by Swift's own differentiation, recorded, compiled and native.
package func buildingCase() -> Case {
  let x = Building.parameters
  let tape = Tape()
  var contestants = [
    Contestant(name: "recorded", role: .library) { iterations in
      tape.use {
        var (value, gradient, nodes) = (0.0, [Double](), 0)
        for k in 0..<iterations {
          (value, gradient) = valueWithGradient(at: x) { x in
            let error = Building.temperatureError(x)
            if k == 0 { nodes = Tape.current.nodeCount }
            return error
          }
        }
        return Contestant.Outcome(numbers: [value] + gradient, nodes: nodes)
      }
    }
  ]
  contestants += singleContestants(at: x) { Building.temperatureError($0) }
  if let peer = LanguagePeer.shared { contestants.append(.language { peer.building(x) }) }
  return Case(
    name: "building", title: "heated floor, 20 steps, 19 parameters: value and gradient", group: "building",
    iterations: nil, contestants: contestants)
}

extension Contestant {
  /// Swift's own differentiation.
  static func language(_ body: @escaping () -> (value: Double, gradient: [Double])) -> Contestant {
    Contestant(name: "Swift's _Differentiation", role: .language) { iterations in
      var last = body()
      for _ in 1..<max(iterations, 1) { last = body() }
      return Outcome(numbers: [last.value] + last.gradient, nodes: 0)
    }
  }
}
