/// A function that was recorded at dual numbers: a recording of its values and of its tangents, as functions of the values of
/// the arguments.
internal struct DualDerivatives<Number: DifferentiableNumber>: RecordedDerivatives {
  /// Of the values of the results, and after them of their tangents.
  private let both: any RecordedDerivatives<Number>
  /// The product of the Hessian of the result's value, or of its tangent, and a direction.
  private let hessianProduct: (_ ofTangent: Bool, [Number]) -> [Number]

  internal static func record<Result, Failure: Error>(
    at x: [Dual<Number>], of f: ([Dual<Number.Recorded>]) throws(Failure) -> [Dual<Number.Recorded>],
    do body: (any RecordedDerivatives<Dual<Number>>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let point = x.map { $0.value }, tangents = x.map { $0.tangent.lifted }
    func arguments(_ values: [Number.Recorded]) -> [Dual<Number.Recorded>] {
      zip(values, tangents).map { Dual(value: $0, tangent: $1) }
    }
    // A Hessian belongs to one function, so the value's and the tangent's are recorded each for itself, once they are asked for.
    func hessianProduct(_ ofTangent: Bool, _ direction: [Number]) -> [Number] {
      do {
        return try Number.withRecording(
          at: point,
          of: { values in
            let results = try f(arguments(values))
            require(
              results.count == 1,
              "the function has \(results.count) results: a Hessian belongs to a function with one")
            return [ofTangent ? results[0].tangent : results[0].value]
          }, do: { $0.hessianVectorProduct(along: direction) })
      } catch {
        trap(
          "the function threw \(error) when it was recorded again for its Hessian, and not before: let it do the same")
      }
    }
    return try withoutActuallyEscaping(hessianProduct) { (hessianProduct) throws(Failure) -> Result in
      try Number.withRecording(
        at: point,
        of: { (values: [Number.Recorded]) throws(Failure) -> [Number.Recorded] in
          let results = try f(arguments(values))
          return results.map { $0.value } + results.map { $0.tangent }
        },
        do: { (both: any RecordedDerivatives<Number>) throws(Failure) -> Result in
          try body(DualDerivatives(both: both, hessianProduct: hessianProduct))
        })
    }
  }

  internal var argumentCount: Int { both.argumentCount }
  internal var values: [Dual<Number>] { pairs(both.values) }

  internal func vectorJacobianProduct(along weights: [Dual<Number>]) -> [Dual<Number>] {
    requireWeights(weights)
    let zeros = weights.map { _ in Number.zero }
    let value = both.vectorJacobianProduct(along: weights.map { $0.value } + zeros)
    let tangent = both.vectorJacobianProduct(along: weights.map { $0.tangent } + weights.map { $0.value })
    return zip(value, tangent).map { Dual(value: $0, tangent: $1) }
  }

  internal func jacobianVectorProduct(along direction: [Dual<Number>]) -> [Dual<Number>] {
    requireDirection(direction)
    let along = both.jacobianVectorProduct(along: direction.map { $0.value })
    let change = both.jacobianVectorProduct(along: direction.map { $0.tangent })
    return zip(pairs(along), change).map {
      Dual(value: $0.value, tangent: Number.tangentSum($0.tangent, $1))
    }
  }

  internal func hessianVectorProduct(along direction: [Dual<Number>]) -> [Dual<Number>] {
    requireDirection(direction)
    let value = hessianProduct(false, direction.map { $0.value })
    let ofTangent = hessianProduct(true, direction.map { $0.value })
    let change = hessianProduct(false, direction.map { $0.tangent })
    return value.indices.map { Dual(value: value[$0], tangent: Number.tangentSum(ofTangent[$0], change[$0])) }
  }

  /// Values, of which the second half are the tangents of the first.
  private func pairs(_ numbers: [Number]) -> [Dual<Number>] {
    let count = numbers.count / 2
    return (0..<count).map { Dual(value: numbers[$0], tangent: numbers[count + $0]) }
  }
}
