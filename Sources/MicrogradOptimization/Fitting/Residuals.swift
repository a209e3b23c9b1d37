import Micrograd

/// The residuals that are fitted, which count how often they are asked.
internal final class Residuals {
  private let function: ([Value]) -> [Value]
  private(set) var counts = EvaluationCounts()

  init(_ function: @escaping ([Value]) -> [Value]) { self.function = function }

  func values(at parameters: [Double]) -> [Double] {
    counts.values += 1
    return withoutGradients { Tape.scope { function(parameters.map(Value.constant)).map(\.data) } }
  }

  func jacobian(at parameters: [Double]) -> Columns {
    counts.derivatives += 1
    return Tape.scope {
      let leaves = parameters.map { Value($0) }
      let residuals = function(leaves)
      var matrix = Columns(rows: residuals.count, columns: parameters.count)
      for (row, residual) in residuals.enumerated() where !residual.isConstant {
        for leaf in leaves { leaf.grad = 0 }
        residual.backward()
        for (k, leaf) in leaves.enumerated() { matrix[row, k] = leaf.grad }
      }
      return matrix
    }
  }
}
