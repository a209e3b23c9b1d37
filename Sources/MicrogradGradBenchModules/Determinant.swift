import Micrograd

/// The determinant of a row-major matrix by expansion by minors along the first row.
package func determinant<T: DifferentiableNumber>(_ a: [T], size: Int) -> T {
  minor(a, size, row: 0, columns: (1 << size) - 1)
}

/// The determinant of the rows from `row` on and of the columns whose bits are set, as many.
package func minor<T: DifferentiableNumber>(_ a: [T], _ size: Int, row: Int, columns: Int) -> T {
  let first = columns & -columns
  var rest = columns ^ first
  let head = a[row * size + first.trailingZeroBitCount]
  if rest == 0 { return head }
  var sum = head * minor(a, size, row: row + 1, columns: rest)
  var isOdd = true
  while rest != 0 {
    let column = rest & -rest
    rest ^= column
    let term = a[row * size + column.trailingZeroBitCount] * minor(a, size, row: row + 1, columns: columns ^ column)
    if isOdd { sum -= term } else { sum += term }
    isOdd.toggle()
  }
  return sum
}

extension Module {
  static let det = Module(
    name: "det",
    functions: [
      "primal": Function { (input: DeterminantInput) in determinant(input.A, size: input.ell) },
      "gradient": Function { (input: DeterminantInput) in
        try expect(
          input.ell <= DeterminantInput.largestRecorded,
          "ell is \(input.ell): a tape has no room for the minors of more than \(DeterminantInput.largestRecorded)")
        return gradient(at: input.A) { determinant($0, size: input.ell) }
      },
    ])
}

/// A square matrix, row by row.
package struct DeterminantInput: Input {
  let A: [Double]
  let ell: Int

  /// A matrix of n rows takes 2.7 n! nodes, of which a tape has 2²⁸.
  static let largestRecorded = 11

  package func check() throws(InputError) {
    try expect(ell > 0 && ell < 63, "ell is \(ell): a matrix has 1 to 62 rows")
    try expect(A.count == ell * ell, "A has \(A.count) elements, not \(ell) × \(ell)")
  }
}
