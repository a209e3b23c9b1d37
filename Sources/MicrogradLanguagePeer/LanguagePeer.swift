/// Gradients by Swift's own differentiation, which the benchmarks compare with this library.
///
/// It is experimental: a toolchain may come without the module `_Differentiation`. ``shared`` is `nil` there.
package struct LanguagePeer: Sendable {
  /// The expression of micrograd's README: value and derivatives by both numbers.
  package let readmeExpression: @Sendable (_ a: Double, _ b: Double) -> (value: Double, gradient: [Double])
  /// Rosenbrock's function of any number of variables.
  package let rosenbrock: @Sendable (_ x: [Double]) -> (value: Double, gradient: [Double])
  /// The simulation of a heated floor, by its 19 parameters.
  package let building: @Sendable (_ parameters: [Double]) -> (value: Double, gradient: [Double])
}

#if !canImport(_Differentiation)
  extension LanguagePeer {
    package static let shared: LanguagePeer? = nil
  }
#endif
