/// What the last reverse sweep of a solution took.
package final class SweepFigures {
  /// The largest number of states that were stored at one time.
  package internal(set) var storedStates = 0
  /// The number of steps that were computed again, besides those of the sweep itself.
  package internal(set) var repeatedSteps = 0
}
