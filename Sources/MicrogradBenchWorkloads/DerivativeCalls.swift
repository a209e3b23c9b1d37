import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Derivatives of one sample, again and again: recorded each time, and compiled.

/// The Hessian of Rosenbrock's function of few variables, dense and by colours, and its product with a direction.
package func rosenbrockHessianCases(variables n: Int = 8) -> [Case] {
  let x = rosenbrockPoints(count: 1, variables: n)[0], v = x.indices.map { cos(Double($0)) }
  let f = compiled(at: x) { rosenbrock(at: $0) }, pattern = SparsityPattern.banded(n, bandwidth: 1)
  var (dense, product) = ([Double](), [Double]())
  var sparse = resultOrStop { try f.sparseHessian(at: x, pattern: pattern) }
  return [
    callsCase(
      "rosenbrock-hessian", "Hessian of Rosenbrock, \(n) variables",
      recorded: { hessian(at: x) { rosenbrock(at: $0) }.flatMap(\.self) },
      compiled: {
        try f.hessian(at: x, into: &dense)
        return dense
      }),
    callsCase(
      "rosenbrock-sparse-hessian", "the same by colours",
      recorded: { sparseHessian(at: x, pattern: pattern) { rosenbrock(at: $0) }.entries.flatMap(\.self) },
      compiled: {
        try f.sparseHessian(at: x, into: &sparse)
        return sparse.entries[0] + sparse.entries.dropFirst().joined()
      }),
    callsCase(
      "rosenbrock-product", "Hessian of Rosenbrock, \(n) variables, times a direction",
      recorded: { hessianVectorProduct(at: x, along: v) { rosenbrock(at: $0) } },
      compiled: {
        try f.hessianVectorProduct(at: x, along: v, into: &product)
        return product
      }),
  ]
}

/// The Jacobian of 20 sigmoid curves of 6 numbers, as a fit asks for it, and products with it.
package func curvesJacobianCases() -> [Case] {
  let x = [1.2, -0.4, 0.7, 0.3, 1.5, 0.2], v = [1, 0.5, -1, 2, 0.25, 1], w = (0..<20).map { sin(Double($0)) }
  let curves = { (x: [Value]) in
    (0..<20).map { k in
      let t = 0.1 * Double(k)
      return x[0] * tanh(x[1] + x[2] * t) + x[3] * exp(-(x[4] * t - x[5]).squared())
    }
  }
  let f = resultOrStop { try compile(at: x, of: curves) }
  var (dense, along, sum) = ([Double](), [Double](), [Double]())
  return [
    callsCase(
      "curves-jacobian", "Jacobian of 20 curves, 6 numbers", recorded: { jacobian(at: x, of: curves).flatMap(\.self) },
      compiled: {
        try f.jacobian(at: x, into: &dense)
        return dense
      }),
    callsCase(
      "curves-along", "the same times a direction",
      recorded: { jacobianVectorProduct(at: x, along: v, of: curves) },
      compiled: {
        try f.jacobianVectorProduct(at: x, along: v, into: &along)
        return along
      }),
    callsCase(
      "curves-weighted", "weights times the same",
      recorded: { vectorJacobianProduct(at: x, along: w, of: curves) },
      compiled: {
        try f.vectorJacobianProduct(at: x, along: w, into: &sum)
        return sum
      }),
  ]
}

func callsCase(
  _ name: String, _ title: String, recorded: @escaping () throws -> [Double], compiled: @escaping () throws -> [Double]
) -> Case {
  func contestant(_ name: String, _ call: @escaping () throws -> [Double]) -> Contestant {
    .computing(name) { resultOrStop(call) }
  }
  return Case(
    name: name, title: title, group: name, iterations: nil,
    contestants: [contestant("Swift, recorded", recorded), contestant("Swift, compiled", compiled)])
}

/// What a body gives that throws only if the workload is wrong.
func resultOrStop<Result>(_ body: () throws -> Result) -> Result {
  do {
    return try body()
  } catch {
    fatalError("\(error)")
  }
}

/// Planck's law, and all of its derivatives up to an order by one pass, beside the sixth alone by nested sweeps.
package func taylorCase(order: Int) -> Case {
  func planck<T: DifferentiableNumber>(_ x: T) -> T { x.cubed() / .expMinusOne(x) }
  return Case(
    name: "taylor", title: "derivatives of Planck's law", group: "taylor", iterations: nil,
    contestants: [
      .computing("the function, recorded") { [derivative(at: 2.8, order: 0) { planck($0) }] },
      .computing("Taylor series to order \(order)") {
        Array(taylor(at: 2.8, order: order) { planck($0) }.coefficients)
      },
      .computing("the 6th derivative, nested sweeps") {
        [derivative(at: 2.8, order: 6) { planck($0) }]
      },
    ])
}
