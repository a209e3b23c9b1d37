import Micrograd

/// The steps of a solution without their states, and the states at requested times, noted while it is computed.
internal final class StepRecorder {
  private let resultTimes: [Double]
  /// The number of steps up to which the solution keeps their states.
  let mostStoredSteps: Int
  /// The time at the start of each step, and its size.
  private(set) var times: [Double] = []
  private(set) var sizes: [Double] = []
  /// The steps from which on another method is used.
  private var methods: [(first: Int, method: IntegrationMethod)] = []
  /// The states at the requested times up to the end of the solution, and the step of each.
  private(set) var results: [[Double]] = []
  private(set) var resultSteps: [Int] = []

  init(times: [Double], mostStoredSteps: Int) { (resultTimes, self.mostStoredSteps) = (times, mostStoredSteps) }

  var count: Int { times.count }

  func method(of step: Int) -> IntegrationMethod {
    var (low, high) = (0, methods.count)  // The method is in low..<high.
    while high - low > 1 {
      let middle = (low + high) / 2
      (low, high) = methods[middle].first <= step ? (middle, high) : (low, middle)
    }
    return methods[low].method
  }

  /// The requested times that the solution has reached, and the states there.
  var reached: some Sequence<(Double, [Double])> { zip(resultTimes, results) }

  /// True if a requested time is within a step that ends at a time.
  func needsPiece(size: Double, end: Double) -> Bool {
    guard results.count < resultTimes.count else { return false }
    let result = resultTimes[results.count]
    return size > 0 ? result < end : result > end
  }

  /// Notes a step.
  ///
  /// - Parameters:
  ///   - time: The time at its start.
  ///   - size: Its size.
  ///   - end: The time at its end.
  ///   - state: The states at its start.
  ///   - piece: Its continuous solution, if a requested time is within the step.
  ///   - method: Its method.
  func note(time: Double, size: Double, end: Double, state: [Double], piece: [Double], method: IntegrationMethod) {
    if methods.last?.method != method { methods.append((count, method)) }
    times.append(time)
    sizes.append(size)
    while needsPiece(size: size, end: end) {
      let result = resultTimes[results.count]
      let fraction = (result - time) / size
      results.append(result == time ? state : Trajectory.state(from: state, piece[...], at: fraction))
      resultSteps.append(count - 1)
    }
  }

  /// Notes the end of the solution.
  func finish(time: Double, state: [Double]) {
    while results.count < resultTimes.count, resultTimes[results.count] == time {
      results.append(state)
      resultSteps.append(count - 1)
    }
  }
}
