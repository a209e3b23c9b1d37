extension Formula {
  /// Returns the first part of the formula that is not a finite number although its operands are, and that number; nil if all
  /// parts are finite.
  ///
  /// ```swift
  /// try Formula("sqrt(log(x) - 1)").firstNotFinite(at: [2])  // (part: "sqrt(log(x) - 1)", number: nan)
  /// ```
  ///
  /// - Parameter inputs: A number for each of ``names``, in their order.
  public func firstNotFinite(at inputs: [Double]) -> (part: String, number: Double)? {
    let values = tree.values(inputs, constants: constants)
    guard let k = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return (tree.expression(k, names), values[k])
  }
}
