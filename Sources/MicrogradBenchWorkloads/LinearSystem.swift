import Micrograd

/// A system of linear equations: its solution with the gradient of a sum of the unknowns, beside two solutions alone.
package func linearSystemCase(size: Int) -> Case {
  /// Large on the diagonal, so that any order of elimination is stable.
  func element(_ k: Int) -> Double {
    if k % (size + 1) == 0 { return 2 }
    let scattered = Double(k * 7919 % 101 - 50)
    return scattered / Double(100 * size)
  }
  let matrix = (0..<size * size).map(element)
  let right: [Double] = (0..<size).map { Double($0 % 7) }
  func solved(_ a: Matrix, _ b: Vector) -> Vector {
    do {
      return try a.solve(b)
    } catch {
      fatalError("\(error)")  // the matrix is not singular
    }
  }
  return Case(
    name: "solve", title: "solution of \(size) equations, with its gradient", group: "solve", iterations: nil,
    contestants: [
      Contestant(name: "two solutions, no derivatives", role: .primal) { times in
        var sum = 0.0
        for _ in 0..<times {
          let a = Matrix.constant(rows: size, columns: size, matrix)
          let x = solved(a, .constant(right))
          _ = solved(a.transposed, .constant([Double](repeating: 1, count: size)))
          sum = x.data.reduce(0, +)
        }
        return Contestant.Outcome(numbers: [sum], nodes: 0)
      },
      Contestant(name: "Swift, solution and gradient", role: .library) { times in
        var (sum, nodes) = (0.0, 0)
        for _ in 0..<times {
          Tape.scope {
            let a = Matrix(rows: size, columns: size, matrix), b = Vector(right)
            let total = solved(a, b).sum()
            total.backward()
            (sum, nodes) = (total.data, Tape.current.nodeCount)
          }
        }
        return Contestant.Outcome(numbers: [sum], nodes: nodes)
      },
    ])
}
