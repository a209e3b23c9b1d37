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

  /// Column by column in forward mode, as there are no more parameters than residuals.
  func jacobian(at parameters: [Double]) -> Columns {
    counts.derivatives += 1
    return withDerivatives(at: parameters, of: function) { recorded in
      var matrix = Columns(rows: recorded.resultCount, columns: parameters.count)
      matrix.numbers = parameters.indices.flatMap { k in
        recorded.jacobianVectorProduct(along: vector(parameters.count) { $0 == k ? 1 : 0 })
      }
      return matrix
    }
  }
}
