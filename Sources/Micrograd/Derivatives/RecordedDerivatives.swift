/// A function that was recorded at numbers of some type, and what can be asked of it.
///
/// ``RecordedFunction`` is one for plain numbers. The functions for numbers of any type, such as
/// `gradient(at:of:)`, ask these questions.
public protocol RecordedDerivatives<Number> {
  /// The type of the point, of the results and of the derivatives.
  associatedtype Number: DifferentiableNumber

  /// How many arguments the function has.
  var argumentCount: Int { get }

  /// The function's results.
  var values: [Number] { get }

  /// Σ weights[i] · ∇results[i]: a number for each argument.
  func vectorJacobianProduct(along weights: [Number]) -> [Number]

  /// The derivatives of all results along a direction: a number for each result.
  func jacobianVectorProduct(along direction: [Number]) -> [Number]

  /// The product of the Hessian of a function with one result and a direction: a number for each argument.
  func hessianVectorProduct(along direction: [Number]) -> [Number]

  /// The Hessian of a function with one result: a row for each argument.
  var hessian: [[Number]] { get }
}

extension RecordedDerivatives {
  /// How many results the function has.
  public var resultCount: Int { values.count }

  /// The gradient of a function with one result.
  public var gradient: [Number] { vectorJacobianProduct(along: [Number(constant: 1)]) }

  /// The Jacobian, a row for each result, by tangent sweeps where there are fewer arguments than results, else by reverse
  /// sweeps.
  public var jacobian: [[Number]] {
    let resultCount = resultCount
    if resultCount <= argumentCount {
      return (0..<resultCount).map { vectorJacobianProduct(along: unit($0, of: resultCount)) }
    }
    let columns = (0..<argumentCount).map { jacobianVectorProduct(along: unit($0, of: argumentCount)) }
    return (0..<resultCount).map { row in columns.map { $0[row] } }
  }

  /// The Hessian of a function with one result, by a product with it for each argument.
  public var hessian: [[Number]] {
    (0..<argumentCount).map { hessianVectorProduct(along: unit($0, of: argumentCount)) }
  }

  /// The second derivatives by each argument, the diagonal of the Hessian, by a product with it for each argument.
  public var hessianDiagonal: [Number] {
    (0..<argumentCount).map { hessianVectorProduct(along: unit($0, of: argumentCount))[$0] }
  }

  private func unit(_ k: Int, of count: Int) -> [Number] { (0..<count).map { Number(constant: $0 == k ? 1 : 0) } }

  internal func requireDirection(_ direction: [Number]) {
    require(
      direction.count == argumentCount,
      "a direction of \(direction.count) numbers for \(argumentCount) arguments: give one number for each argument")
  }

  internal func requireWeights(_ weights: [Number]) {
    require(
      weights.count == resultCount,
      "a vector of \(weights.count) numbers for \(resultCount) results: give one number for each result")
  }
}
