import Foundation
import Micrograd
import MicrogradOptimization

/// Problems 1–30 and 71 of W. Hock and K. Schittkowski, *Test examples for nonlinear programming codes* (1981), with their starts and
/// minima as published there.
///
/// Where the published number is rounded, as those of problems 2, 11, 19 and 71, the tolerance is that of its digits.
struct HockSchittkowski {
  var number: Int
  var start: [Double]
  var minimum: Double
  var bounds: [ClosedRange<Double>]?
  var constraints: [Constraint] = []
  var function: ([Value]) -> Value

  private init(
    _ number: Int, from start: [Double], minimum: Double, bounds: [ClosedRange<Double>]? = nil,
    _ constraints: [Constraint] = [], function: @escaping ([Value]) -> Value
  ) {
    (self.number, self.start, self.minimum, self.bounds) = (number, start, minimum, bounds)
    (self.constraints, self.function) = (constraints, function)
    // A start outside of its bounds is allowed for constraints only.
    if let bounds, zip(start, bounds).contains(where: { !$1.contains($0) }) {
      self.bounds = nil
      for (k, range) in bounds.enumerated() where range != Self.free {
        self.constraints.append(.within(range) { x in x[k] })
      }
    }
  }

  private static let free = -Double.infinity ... .infinity
  private static func from(_ lower: Double) -> ClosedRange<Double> { lower ... .infinity }
  private static func upTo(_ upper: Double) -> ClosedRange<Double> { -.infinity...upper }

  private static func valley(_ x: [Value]) -> Value { 100 * (x[1] - x[0].squared()).squared() + (1 - x[0]).squared() }

  /// A sum of 99 squares.
  private static func weibull(_ x: [Value]) -> Value {
    (1...99).map { (i: Int) -> Value in
      let level = 0.01 * Double(i)
      let u: Double = 25 + pow(-50 * log(level), 2.0 / 3)
      let power: Value = pow(u - x[1], x[2])
      return (exp(-power / x[0]) - level).squared()
    }.sum()
  }

  static var all: [HockSchittkowski] { first + second + third }

  private static var first: [HockSchittkowski] {
    [
      HockSchittkowski(1, from: [-2, 1], minimum: 0, bounds: [free, from(-1.5)], function: valley),
      HockSchittkowski(2, from: [-2, 1], minimum: 0.0504261879, bounds: [free, from(1.5)], function: valley),
      HockSchittkowski(3, from: [10, 1], minimum: 0, bounds: [free, from(0)]) { x in
        x[1] + 1e-5 * (x[1] - x[0]).squared()
      },
      HockSchittkowski(4, from: [1.125, 0.125], minimum: 8.0 / 3, bounds: [from(1), from(0)]) { x in
        (x[0] + 1) ** 3 / 3 + x[1]
      },
      HockSchittkowski(5, from: [0, 0], minimum: -3.0.squareRoot() / 2 - .pi / 3, bounds: [-1.5...4, -3...3]) { x in
        let bowl: Value = (x[0] - x[1]).squared() - 1.5 * x[0] + 2.5 * x[1]
        return sin(x[0] + x[1]) + bowl + 1
      },
      HockSchittkowski(
        6, from: [-1.2, 1], minimum: 0, [.equal(to: 0) { x in 10 * (x[1] - x[0].squared()) }]
      ) { x in (1 - x[0]).squared() },
      HockSchittkowski(
        7, from: [2, 2], minimum: -3.0.squareRoot(),
        [.equal(to: 4) { x in (1 + x[0].squared()).squared() + x[1].squared() }]
      ) { x in log(1 + x[0].squared()) - x[1] },
      HockSchittkowski(
        8, from: [2, 1], minimum: -1, [.equal(to: 25) { x in dot(x, x) }, .equal(to: 9) { x in x[0] * x[1] }]
      ) { x in 0 * x[0] - 1 },
      HockSchittkowski(9, from: [0, 0], minimum: -0.5, [.equal(to: 0) { x in 4 * x[0] - 3 * x[1] }]) { x in
        sin(.pi / 12 * x[0]) * cos(.pi / 16 * x[1])
      },
      HockSchittkowski(
        10, from: [-10, 10], minimum: -1,
        [.atLeast(-1) { x in 2 * x[0] * x[1] - 3 * x[0].squared() - x[1].squared() }]
      ) { x in x[0] - x[1] },
    ]
  }

  private static var second: [HockSchittkowski] {
    [
      HockSchittkowski(
        11, from: [4.9, 0.1], minimum: -8.498464223, [.atLeast(0) { x in x[1] - x[0].squared() }]
      ) { x in (x[0] - 5).squared() + x[1].squared() - 25 },
      HockSchittkowski(
        12, from: [0, 0], minimum: -30, [.atMost(25) { x in 4 * x[0].squared() + x[1].squared() }]
      ) { x in
        let bowl: Value = 0.5 * x[0].squared() + x[1].squared() - x[0] * x[1]
        return bowl - 7 * x[0] - 7 * x[1]
      },
      HockSchittkowski(
        13, from: [-2, -2], minimum: 1, bounds: [from(0), from(0)], [.atLeast(0) { x in (1 - x[0]) ** 3 - x[1] }]
      ) { x in (x[0] - 2).squared() + x[1].squared() },
      HockSchittkowski(
        14, from: [2, 2], minimum: 9 - 2.875 * 7.0.squareRoot(),
        [
          .atMost(1) { x in 0.25 * x[0].squared() + x[1].squared() },
          .equal(to: -1) { x in x[0] - 2 * x[1] },
        ]
      ) { x in (x[0] - 2).squared() + (x[1] - 1).squared() },
      HockSchittkowski(
        15, from: [-2, 1], minimum: 306.5, bounds: [upTo(0.5), free],
        [.atLeast(1) { x in x[0] * x[1] }, .atLeast(0) { x in x[0] + x[1].squared() }], function: valley),
      HockSchittkowski(
        16, from: [-2, 1], minimum: 0.25, bounds: [-0.5...0.5, upTo(1)],
        [.atLeast(0) { x in x[0] + x[1].squared() }, .atLeast(0) { x in x[0].squared() + x[1] }], function: valley),
      HockSchittkowski(
        17, from: [-2, 1], minimum: 1, bounds: [-0.5...0.5, upTo(1)],
        [.atLeast(0) { x in x[1].squared() - x[0] }, .atLeast(0) { x in x[0].squared() - x[1] }], function: valley),
      HockSchittkowski(
        18, from: [2, 2], minimum: 5, bounds: [2...50, 0...50],
        [.atLeast(25) { x in x[0] * x[1] }, .atLeast(25) { x in dot(x, x) }]
      ) { x in 0.01 * x[0].squared() + x[1].squared() },
      HockSchittkowski(
        19, from: [20.1, 5.84], minimum: -6961.81381, bounds: [13...100, 0...100],
        [
          .atLeast(100) { x in (x[0] - 5).squared() + (x[1] - 5).squared() },
          .atMost(82.81) { x in (x[0] - 6).squared() + (x[1] - 5).squared() },
        ]
      ) { x in (x[0] - 10) ** 3 + (x[1] - 20) ** 3 },
      HockSchittkowski(
        20, from: [-2, 1], minimum: 81.5 - 25 * 3.0.squareRoot(), bounds: [-0.5...0.5, free],
        [
          .atLeast(0) { x in x[0] + x[1].squared() }, .atLeast(0) { x in x[0].squared() + x[1] },
          .atLeast(1) { x in dot(x, x) },
        ], function: valley),
    ]
  }

  private static var third: [HockSchittkowski] {
    [
      HockSchittkowski(
        21, from: [-1, -1], minimum: -99.96, bounds: [2...50, -50...50], [.atLeast(10) { x in 10 * x[0] - x[1] }]
      ) { x in 0.01 * x[0].squared() + x[1].squared() - 100 },
      HockSchittkowski(
        22, from: [2, 2], minimum: 1,
        [.atMost(2) { x in x[0] + x[1] }, .atLeast(0) { x in x[1] - x[0].squared() }]
      ) { x in (x[0] - 2).squared() + (x[1] - 1).squared() },
      HockSchittkowski(
        23, from: [3, 1], minimum: 2, bounds: [-50...50, -50...50],
        [
          .atLeast(1) { x in x[0] + x[1] }, .atLeast(1) { x in dot(x, x) },
          .atLeast(9) { x in 9 * x[0].squared() + x[1].squared() },
          .eachAtLeast(0) { x in [x[0].squared() - x[1], x[1].squared() - x[0]] },
        ]
      ) { x in dot(x, x) },
      HockSchittkowski(
        24, from: [1, 0.5], minimum: -1, bounds: [from(0), from(0)],
        [
          .atLeast(0) { x in x[0] / 3.0.squareRoot() - x[1] },
          .within(0...6) { x in x[0] + 3.0.squareRoot() * x[1] },
        ]
      ) { x in ((x[0] - 3).squared() - 9) * x[1] ** 3 / (27 * 3.0.squareRoot()) },
      HockSchittkowski(
        25, from: [100, 12.5, 3], minimum: 0, bounds: [0.1...100, 0...25.6, 0...5], function: weibull),
      HockSchittkowski(
        26, from: [-2.6, 2, 2], minimum: 0, [.equal(to: 3) { x in (1 + x[1].squared()) * x[0] + x[2] ** 4 }]
      ) { x in (x[0] - x[1]).squared() + (x[1] - x[2]) ** 4 },
      HockSchittkowski(27, from: [2, 2, 2], minimum: 0.04, [.equal(to: -1) { x in x[0] + x[2].squared() }]) { x in
        0.01 * (x[0] - 1).squared() + (x[1] - x[0].squared()).squared()
      },
      HockSchittkowski(28, from: [-4, 1, 1], minimum: 0, [.equal(to: 1) { x in x[0] + 2 * x[1] + 3 * x[2] }]) { x in
        (x[0] + x[1]).squared() + (x[1] + x[2]).squared()
      },
      HockSchittkowski(
        29, from: [1, 1, 1], minimum: -16 * 2.0.squareRoot(),
        [.atMost(48) { x in x[0].squared() + 2 * x[1].squared() + 4 * x[2].squared() }]
      ) { x in -x[0] * x[1] * x[2] },
      HockSchittkowski(
        30, from: [1, 1, 1], minimum: 1, bounds: [1...10, -10...10, -10...10],
        [.atLeast(1) { x in x[0].squared() + x[1].squared() }]
      ) { x in dot(x, x) },
      HockSchittkowski(
        71, from: [1, 5, 5, 1], minimum: 17.0140173, bounds: [1...5, 1...5, 1...5, 1...5],
        [.atLeast(25) { x in x[0] * x[1] * x[2] * x[3] }, .equal(to: 40) { x in dot(x, x) }]
      ) { x in x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2] },
    ]
  }

  /// Returns the same problem with other units of the parameters, the function and the constraints.
  func scaled(parameters: Double, function unit: Double, constraints row: Double) -> HockSchittkowski {
    var other = self
    other.start = start.map { $0 * parameters }
    other.minimum = minimum * unit
    other.bounds = bounds?.map { $0.lowerBound * parameters...$0.upperBound * parameters }
    other.function = { [function] x in unit * function(x.map { $0 / parameters }) }
    other.constraints = constraints.map { constraint in
      let functions = constraint.functions
      return .eachWithin(constraint.lower * row...constraint.upper * row) { x in
        functions(x.map { $0 / parameters }).map { row * $0 }
      }
    }
    return other
  }
}
