import CMicrogradBaselines
import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The README expression, compiled: value and gradient of one sample, interpreted and as native code.
package func singleReadmeCase(a: Double = -4, b: Double = 2) -> Case {
  Case(
    name: "single-readme", title: "README expression, one sample: value and gradient", group: "single-readme",
    iterations: nil,
    contestants: [
      .handWritten(numbers: 3) { mgb_hand_readme($0, a, b, $1) },
      Contestant(name: "recorded", role: .library) { runReadme($0, a, b) },
    ]
      + singleContestants(at: [a, b]) { readmeExpression($0[0], $0[1]) })
}

/// Rosenbrock's function of a few variables, compiled: value and gradient of one sample, interpreted and as native code.
package func singleRosenbrockCase(variables n: Int = 8) -> Case {
  let x = (0..<n).map { 0.3 + 0.4 * sin(Double($0)) }
  return Case(
    name: "single-rosenbrock", title: "Rosenbrock, \(n) variables, one sample: value and gradient",
    group: "single-rosenbrock", iterations: nil,
    contestants: [.handWritten(numbers: 1 + n) { mgb_hand_rosenbrock($0, x, Int64(n), $1) }]
      + singleContestants(at: x) { rosenbrock(at: $0) })
}

/// The README expression at many points: values and gradients, interpreted and as native code.
package func readmeSamplesCase(count: Int) -> Case {
  let points = (0..<count).map { k -> [Double] in
    let step = Double(k)
    return [-4 + 0.001 * step, 2 + 0.0007 * step]
  }
  let samples = Micrograd.Samples(points)
  let function = compiled(at: [-4, 2]) { readmeExpression($0[0], $0[1]) }
  let seen = stride(from: 0, to: count, by: max(1, count / 50)).map(\.self)
  func outcome(_ values: [Double], _ gradients: Micrograd.Samples) -> Contestant.Outcome {
    Contestant.Outcome(numbers: seen.flatMap { [values[$0]] + gradients[$0] }, nodes: 0)
  }
  var contestants = [
    Contestant(name: "interpreted", role: .library) { iterations in
      var found: (values: [Double], gradients: Micrograd.Samples)?
      for _ in 0..<iterations { found = try? function.valuesWithGradients(at: samples) }
      return found.map { outcome($0.values, $0.gradients) } ?? Contestant.Outcome(numbers: [], nodes: 0)
    }
  ]
  if let native = try? function.native() {
    contestants.append(
      Contestant(name: "native", role: .library) { iterations in
        var values = [Double](repeating: 0, count: count)
        var gradients = samples
        for _ in 0..<iterations {
          try? native.valuesWithGradients(at: samples, values: &values, gradients: &gradients)
        }
        return outcome(values, gradients)
      })
  }
  return Case(
    name: "readme-samples", title: "README expression, \(grouped(count)) samples: a sample", group: "readme-samples",
    iterations: nil, contestants: contestants, parts: count)
}

/// The compiled function, and its native code where there is a C compiler.
func singleContestants(at x: [Double], _ f: @escaping ([Value]) -> Value) -> [Contestant] {
  let function = compiled(at: x, of: f)
  var contestants = [
    Contestant(name: "interpreted", role: .library) { iterations in
      var (value, gradient) = (0.0, x)
      for _ in 0..<iterations { value = (try? function.valueWithGradient(at: x, into: &gradient)) ?? .nan }
      return Contestant.Outcome(numbers: [value] + gradient, nodes: 0)
    }
  ]
  if let native = try? function.native() {
    contestants.append(
      Contestant(name: "native", role: .library) { iterations in
        var (value, gradient) = (0.0, x)
        for _ in 0..<iterations { value = (try? native.valueWithGradient(at: x, into: &gradient)) ?? .nan }
        return Contestant.Outcome(numbers: [value] + gradient, nodes: 0)
      })
  }
  return contestants
}

/// The gradient by parameters of the moons' loss of one sample.
package func singleMoonsCase() -> Case {
  // A tape of its own, on which nobody else's parameters are.
  let tape = Tape()
  let moons = tape.use { MoonsTraining(evaluation: .scalar) }
  let loss = tape.use { moons.compiledLoss() }
  func contestant(_ name: String, _ body: @escaping (Int) -> Contestant.Outcome) -> Contestant {
    Contestant(name: name, role: .library) { iterations in tape.use { body(iterations) } }
  }
  return Case(
    name: "single-moons", title: "gradient of the moons' loss, one sample", group: "single-moons", iterations: nil,
    contestants: [
      contestant("Swift, recorded") { moons.gradientOfFirst(times: $0) },
      contestant("Swift, compiled, as samples") { moons.gradientOfFirst(by: loss, times: $0) },
      contestant("Swift, compiled") { moons.gradientOfFirst(byCalling: loss, times: $0) },
    ])
}
