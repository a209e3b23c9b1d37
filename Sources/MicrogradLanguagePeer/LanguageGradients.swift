#if canImport(_Differentiation)
  import _Differentiation

  extension LanguagePeer {
    package static let shared: LanguagePeer? = LanguagePeer(
      readmeExpression: { a, b in
        let (value, gradient) = valueWithGradient(at: a, b, of: readme)
        return (value, [gradient.0, gradient.1])
      },
      rosenbrock: { x in
        let (value, gradient) = valueWithGradient(at: x, of: sumOfRosenbrock)
        return (value, gradient.base)
      },
      building: { parameters in
        let (value, gradient) = valueWithGradient(at: Building(parameters), of: temperatureError)
        return (value, list(gradient))
      })
  }

  @differentiable(reverse)
  private func relu(_ x: Double) -> Double { x > 0 ? x : 0 }

  @differentiable(reverse)
  private func readme(_ a: Double, _ b: Double) -> Double {
    var c = a + b
    var d = a * b + b * b * b
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + relu(b + a)
    d += 3 * d + relu(b - a)
    let e = c - d
    let f = e * e
    var g = f / 2.0
    g += 10.0 / f
    return g
  }

  @differentiable(reverse)
  private func sumOfRosenbrock(_ x: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<withoutDerivative(at: x.count - 1) {
      let (slope, rest) = (x[i + 1] - x[i] * x[i], 1 - x[i])
      sum += 100 * slope * slope + rest * rest
    }
    return sum
  }
#endif
