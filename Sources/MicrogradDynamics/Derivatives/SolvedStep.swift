/// A step of a solution that is taken again for its derivatives.
internal struct SolvedStep {
  let time: Double
  let size: Double
  /// The states at its start.
  let state: [Double]
}
