/// Where to store states, so that a loop can be reversed with few of them and few evaluations of its steps.
///
/// With s stored states, the first among them, and at most r evaluations of each step before its own reversal, a loop of up to
/// β(s, r) = (s + r)! / (s! r!) steps can be reversed (Griewank and Walther, Algorithm 799: revolve, ACM Transactions on
/// Mathematical Software 26, 2000).
package enum CheckpointSchedule {
  /// The number of states for a loop of n steps when none is given: then r is 2.
  package static func usualCount(steps n: Int) -> Int { max(1, Int((2 * Double(n)).squareRoot().rounded(.up))) }

  /// How many steps to advance before the next state is stored, of `length` steps, where `free` more states can be stored.
  internal static func advance(length: Int, free: Int) -> Int {
    var repetitions = 1
    while capacity(free + 1, repetitions) < length { repetitions += 1 }
    // The rest is at most what the states that are free can reverse.
    let least = length - capacity(free, repetitions)
    let usual = min(capacity(free + 1, repetitions - 2), length - capacity(free, repetitions - 1))
    return min(max(least, usual, 1), length - 1)
  }

  /// β(s, r), or a large number where it is out of range.
  internal static func capacity(_ states: Int, _ repetitions: Int) -> Int {
    if repetitions < 0 || states < 0 { return 0 }
    var result = 1.0
    for k in 0..<min(states, repetitions) {
      result *= Double(states + repetitions - k) / Double(k + 1)
      if result > 1e15 { return 1_000_000_000_000_000 }
    }
    return Int(result.rounded())
  }
}
