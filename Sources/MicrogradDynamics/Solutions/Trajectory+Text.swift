extension Trajectory: CustomStringConvertible {
  /// The interval, the states at its end, and the number of steps.
  public var description: String {
    let end = times.count - 1
    return """
      from time \(times[0]) to \(times[end]) in \(counts.acceptedSteps) steps (\(counts.rejectedSteps) rejected, \
      \(counts.evaluations) evaluations), states at the end: \(states[end])
      """
  }
}
