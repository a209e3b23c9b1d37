import Micrograd
import MicrogradNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Compiled functions in 64 and in 32 bits, on the same samples.
package func floatCases(count: Int, documents: Int) -> [Case] {
  [
    floatCase("readme", "README expression, gradients", count, ofInputs: true, at: [-4, 2]) {
      readmeExpression($0[0], $0[1])
    },
    floatMoonsCase(count: count),
    floatErrorCase(count: count),
    floatCase("functions", "exp, log, tanh and sin, gradients", count, ofInputs: true, at: [1, 2]) { x in
      exp(-x[0]) * sin(x[1]) + log(1 + x[0] * x[0]) * tanh(x[1])
    },
    floatGPTCase(documents: documents, batchSize: 16),
    floatGPTCase(documents: documents, batchSize: 32),
  ]
}

private func floatMoonsCase(count: Int) -> Case {
  let moons = MoonsTraining(evaluation: .scalar, count: count)
  func contestant(_ precision: CompiledFunction.Precision) -> Contestant {
    let function = moons.compiledLoss(precision: precision)
    return Contestant(name: precision.rawValue, role: .library) {
      moons.gradient(of: function, threads: 1, times: 50 * $0)
    }
  }
  return Case(
    name: "float-moons", title: "the moons' loss, gradient by parameters, \(grouped(count)) samples: a sample",
    group: "float-moons", iterations: nil, contestants: [contestant(.double), contestant(.float)], parts: 50 * count)
}

/// The mean squared error of a linear model of eight features.
private func floatErrorCase(count: Int) -> Case {
  let w = Parameters((0..<9).map { 0.1 * Double($0) - 0.3 })
  return floatCase(
    "error", "squared error of 8 features, gradient by parameters", count, ofInputs: false,
    at: [Double](repeating: 1, count: 9)
  ) { x in
    let model = (0..<8).map { w[$0] * x[$0] }.reduce(w[8], +)
    return (model - x[8]).squared()
  }
}

/// A function at samples between -2 and 4: its gradients by inputs, or the gradient of their mean by parameters.
private func floatCase(
  _ name: String, _ title: String, _ count: Int, ofInputs: Bool, at sample: [Double], _ f: @escaping ([Value]) -> Value
) -> Case {
  let width = sample.count
  let numbers = (0..<count * width).map { 1 + 3 * sin(Double($0)) }
  let samples = Micrograd.Samples(numbers, width: width)
  func contestant(_ precision: CompiledFunction.Precision) -> Contestant {
    let function = compiled(at: sample, precision: precision, of: f)
    return Contestant(name: precision.rawValue, role: .library) { iterations in
      var (mean, gradients) = (0.0, samples)
      for _ in 0..<iterations {
        if ofInputs {
          try? function.gradients(at: samples, into: &gradients)
        } else {
          mean = (try? function.backward(at: samples)) ?? .nan
        }
      }
      return Contestant.Outcome(numbers: [mean] + gradients[0] + gradients[count - 1], nodes: 0)
    }
  }
  return Case(
    name: "float-\(name)", title: "\(title), \(grouped(count)) samples: a sample", group: "float-\(name)",
    iterations: nil, contestants: [contestant(.double), contestant(.float)], parts: count)
}
