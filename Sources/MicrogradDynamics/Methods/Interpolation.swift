import Micrograd

/// Returns the polynomial Σₘ coefficients[m] θᵐ⁺¹ of a continuous solution, which is 0 at the start of a step.
internal func interpolation<T: DifferentiableNumber>(
  _ coefficients: some BidirectionalCollection<Double>, at fraction: T
) -> T {
  coefficients.reversed().reduce(T.zero) { ($0 + $1) * fraction }
}

/// Returns the derivative of ``interpolation(_:at:)`` by the fraction.
internal func interpolationSlope(_ coefficients: [Double], at fraction: Double) -> Double {
  coefficients.indices.reversed().reduce(0) { $0 * fraction + Double($1 + 1) * coefficients[$1] }
}
