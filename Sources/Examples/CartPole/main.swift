// Swing-up of a pole on a cart with the least force: trajectory optimisation by direct collocation.
//
// A cart of mass m₁ rolls on a rail, and a massless rod of length l with a mass m₂ at its end hangs from it. A force u
// pushes the cart. In two seconds, the cart moves one metre and the pole ends upright, both at rest. The model, its numbers
// and the trapezoidal rule are those of M. Kelly, "An introduction to trajectory optimization: how to do your own direct
// collocation" (SIAM Review, 2017).
//
// The unknowns are four numbers of the state and the force, at each of 21 knots. Between two knots, the state changes by the
// mean of its rates at both, times the time between them: 80 equality constraints. The force and the rail are bounds.
import Foundation
import Micrograd
import MicrogradOptimization

let (cartMass, poleMass, length, gravity) = (1.0, 0.3, 0.5, 9.81)
let (largestForce, rail, distance, duration) = (20.0, 2.0, 1.0, 2.0)
let knots = 21
let interval = duration / Double(knots - 1)

/// The unknowns at one knot: position and angle, their rates, and the force. The angle is 0 where the pole hangs down.
struct Knot {
  static let size = 5
  let state: [Value]
  let force: Value

  init(_ k: Int, of x: [Value]) {
    let first = Knot.size * k
    (state, force) = (Array(x[first..<first + 4]), x[first + 4])
  }

  /// The rates of the state: equations 6.1 and 6.2 of Kelly.
  var rates: [Value] {
    let (sine, cosine) = (sin(state[1]), cos(state[1]))
    let swing = length * poleMass * sine * state[3].squared()
    let inertia = cartMass + poleMass * sine.squared()
    return [
      state[2], state[3],
      (swing + force + poleMass * gravity * cosine * sine) / inertia,
      -(cosine * (swing + force) + (cartMass + poleMass) * gravity * sine) / (length * inertia),
    ]
  }
}

/// By how much the state misses the trapezoidal rule in each interval.
func defects(_ x: [Value]) -> [Value] {
  let knots = (0..<knots).map { Knot($0, of: x) }
  let rates = knots.map(\.rates)
  return zip(1..., knots.dropFirst()).flatMap { k, knot -> [Value] in
    (0..<4).map { i -> Value in
      let change = 0.5 * interval * (rates[k - 1][i] + rates[k][i])
      return knot.state[i] - knots[k - 1].state[i] - change
    }
  }
}

/// The integral of the squared force by the trapezoidal rule.
func effort(_ x: [Value]) -> Value {
  let squares = (0..<knots).map { Knot($0, of: x).force.squared() }
  return interval * (squares.sum() - 0.5 * (squares[0] + squares[knots - 1]))
}

// The first and the last state are fixed: their bounds are equal. The start is a straight line between them, without force.
let free = -Double.infinity ... .infinity
var (start, bounds) = ([Double](), [ClosedRange<Double>]())
for k in 0..<knots {
  let part = Double(k) / Double(knots - 1)
  let state = [part * distance, part * .pi, 0, 0]
  let isEnd = k == 0 || k == knots - 1
  start += state + [0]
  bounds += isEnd ? state.map { $0...$0 } : [-rail...rail, free, free, free]
  bounds.append(-largestForce...largestForce)
}
let swingUp = try minimize(effort, from: start, subjectTo: [.eachEqual(to: 0, defects)], bounds: bounds)

func text(_ x: Double, digits: Int = 3) -> String { String(format: "%.\(digits)f", x) }
let x = swingUp.position
let forces = (0..<knots).map { x[Knot.size * $0 + 4] }
let positions = (0..<knots).map { x[Knot.size * $0] }

// SciPy's minimize finds the same by SLSQP, from the same start.
print("converged:", swingUp.isConverged)  // prints: converged: true
print("effort:", text(swingUp.value), "N² s")  // prints: effort: 60.682 N² s
print("largest force:", text(forces.map(abs).max() ?? .nan), "N")  // prints: largest force: 13.031 N
print("farthest from the start:", text(positions.map(abs).max() ?? .nan), "m")
// prints: farthest from the start: 1.183 m
print("largest violation:", swingUp.constraints[0].violation < 1e-9 ? "below 1e-9" : "1e-9 or more")
// prints: largest violation: below 1e-9
