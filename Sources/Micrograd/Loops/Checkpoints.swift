/// Stored states of a loop that is reversed, with the steps before which they hold, the latest last.
package struct Checkpoints {
  private let width: Int
  private let limit: Int
  private var places: [Int] = []
  private var numbers: [Double] = []
  /// The largest number of states that were stored at one time.
  package private(set) var largestCount = 0

  /// - Parameters:
  ///   - width: The count of numbers of a state.
  ///   - limit: The number of states that can be stored, at least 1.
  package init(width: Int, limit: Int) { (self.width, self.limit) = (width, limit) }

  /// Stores the state before a step.
  package mutating func append(_ place: Int, _ state: ArraySlice<Double>) {
    places.append(place)
    numbers += state
    largestCount = max(largestCount, places.count)
  }

  /// Removes the latest state.
  package mutating func removeLast() {
    places.removeLast()
    numbers.removeLast(width)
  }

  /// True if no further state can be stored.
  package var isFull: Bool { places.count >= limit }
  /// The step before which the latest state holds.
  package var latestPlace: Int { places[places.count - 1] }
  /// The latest state.
  package var latestState: ArraySlice<Double> { numbers.suffix(width) }

  /// Returns the step before which to store the next state, of steps up to `end`; `end` if there is none.
  package func nextPlace(end: Int) -> Int {
    let place = latestPlace, free = limit - places.count
    return free > 0 && end - place > 1 ? place + CheckpointSchedule.advance(length: end - place, free: free) : end
  }
}
