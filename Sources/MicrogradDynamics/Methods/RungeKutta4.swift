extension RungeKuttaTableau {
  /// The classical method of order 4, for steps of a fixed size.
  ///
  /// The fifth stage is the derivative at the end of the step, which the next step begins with. The continuous solution is
  /// the cubic polynomial with the states and the derivatives at both ends, of order 3.
  public static let rungeKutta4 = RungeKuttaTableau(
    name: "Runge–Kutta 4", order: 4, embeddedOrder: nil,
    nodes: [0, 1 / 2, 1 / 2, 1, 1],
    coefficients: [[], [1 / 2], [0, 1 / 2], [0, 0, 1], [1 / 6, 1 / 3, 1 / 3, 1 / 6]],
    weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6, 0],
    errorWeights: [],
    interpolant: [
      [1, -3 / 2, 2 / 3, 0], [0, 1, -2 / 3, 0], [0, 1, -2 / 3, 0], [0, 1 / 2, -1 / 3, 0], [0, -1, 1, 0],
    ])
}
