/// An operation from matrices to matrices that is recorded as one block, with a reverse and a forward rule on matrices.
///
/// The rules serve plain numbers, as constant matrices, and derivatives of derivatives, as recorded ones.
internal struct MatrixOperation {
  typealias Shape = (rows: Int, columns: Int)
  /// What a rule gets: the inputs, the outputs, and what is to be taken through the derivative.
  typealias Rule = (_ inputs: [Matrix], _ outputs: [Matrix], _ passing: [Matrix]) -> [Matrix]

  let name: String
  let outputs: [Shape]
  /// The outputs for plain numbers, one after the other. NaN where there are none, as for a singular matrix that only a
  /// compiled function meets.
  let value: ([[Double]]) -> [Double]
  /// From weights of the outputs to adjoints of the inputs.
  let reverse: Rule
  /// From a direction of the inputs to tangents of the outputs.
  let forward: Rule
  /// The outputs for the present inputs, if they were computed to check them.
  var known: [Double]?

  func callAsFunction(_ x: Matrix...) -> [Matrix] {
    let inputs = x.map { Shape($0.rows, $0.columns) }
    let (inputCount, outputCount) = (Self.count(inputs), Self.count(outputs))
    if x.allSatisfy(\.isConstant) { return Self.cut(known ?? value(x.map(\.unwatchedData)), outputs) }
    let (outputs, value, reverse, forward) = (outputs, value, reverse, forward)
    var known = known
    let operation = CustomOperation(
      name, inputCount: inputCount, outputCount: outputCount,
      value: { numbers in
        // The first call is for what is recorded now.
        defer { known = nil }
        return known ?? value(Self.cut(numbers, inputs) { numbers, _ in Array(numbers) })
      },
      vectorJacobianProduct: { x, v, weights in
        reverse(Self.cut(x, inputs), Self.cut(v, outputs), Self.cut(weights, outputs)).flatMap(\.unwatchedData)
      },
      jacobianVectorProduct: { x, v, direction in
        forward(Self.cut(x, inputs), Self.cut(v, outputs), Self.cut(direction, inputs)).flatMap(\.unwatchedData)
      },
      recordedVectorJacobianProduct: { x, v, weights in
        reverse(Self.cut(x, inputs), Self.cut(v, outputs), Self.cut(weights, outputs)).flatMap(\.values)
      })
    return Self.cut(operation(x.flatMap(\.values)), outputs)
  }

  private static func count(_ shapes: [Shape]) -> Int { shapes.reduce(0) { $0 + $1.rows * $1.columns } }

  private static func cut(_ numbers: [Double], _ shapes: [Shape]) -> [Matrix] {
    cut(numbers, shapes) { .constant(rows: $1.rows, columns: $1.columns, Array($0)) }
  }

  private static func cut(_ values: [Value], _ shapes: [Shape]) -> [Matrix] {
    cut(values, shapes) { Matrix(rows: $1.rows, columns: $1.columns, values: Array($0)) }
  }

  private static func cut<Element, Part>(
    _ elements: [Element], _ shapes: [Shape], _ part: (ArraySlice<Element>, Shape) -> Part
  ) -> [Part] {
    var start = 0
    return shapes.map { shape in
      defer { start += shape.rows * shape.columns }
      return part(elements[start..<start + shape.rows * shape.columns], shape)
    }
  }
}

extension Matrix {
  /// The part at and below the diagonal, or strictly below it; zeros elsewhere.
  internal func lowerPart(diagonal: Double = 1) -> Matrix {
    scaled(by: (0..<count).map { $0 / columns > $0 % columns ? 1 : $0 / columns == $0 % columns ? diagonal : 0 })
  }

  /// The part at and above the diagonal; zeros elsewhere.
  internal var upperPart: Matrix { scaled(by: (0..<count).map { $0 / columns <= $0 % columns ? 1 : 0 }) }

  /// Half of the sum with the transpose.
  internal var symmetricPart: Matrix { (self + transposed) * 0.5 }

  internal func requireSquare(_ what: String) throws(LinearAlgebraError) {
    if rows != columns { throw .shape("\(what) of \(rows) × \(columns): give a square matrix") }
  }

  internal func requireFinite() throws(LinearAlgebraError) {
    if let place = unwatchedData.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: place / columns, column: place % columns)
    }
  }

  /// Throws unless elements that mirror each other are equal to rounding, 1e-10 of the largest.
  internal func requireSymmetric(_ what: String) throws(LinearAlgebraError) {
    try requireSquare(what)
    try requireFinite()
    let numbers = unwatchedData, limit = 1e-10 * numbers.largestMagnitude
    for row in 0..<rows {
      for column in 0..<row where abs(numbers[row * columns + column] - numbers[column * columns + row]) > limit {
        throw .notSymmetric(row: row, column: column)
      }
    }
  }
}
