/// The continuous solution of one step.
internal struct Arc {
  let time: Double
  let size: Double
  /// The states at the start.
  let start: [Double]
  /// The states at the end.
  let end: [Double]
  /// The polynomial coefficients of each state; see ``Trajectory``.
  let piece: [Double]

  /// Writes the states at a fraction of the step.
  func state(at fraction: Double, into state: inout [Double]) {
    if fraction == 1 {
      state = end
      return
    }
    let degree = piece.count / start.count
    for k in start.indices {
      let first = k * degree
      state[k] = start[k] + interpolation(piece[first..<(first + degree)], at: fraction)
    }
  }
}
