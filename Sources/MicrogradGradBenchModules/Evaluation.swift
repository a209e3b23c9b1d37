/// The output of a function, and how long each of its runs took.
package struct Evaluation {
  let output: any Encodable
  let timings: [Timing]

  struct Timing: Encodable {
    var name = "evaluate"
    let nanoseconds: Int64
  }

  /// Runs `body` at least `runs.count` times and until `runs.seconds` were spent in it, at least once.
  init<Output: Encodable>(_ runs: Runs, _ body: () throws -> Output) throws {
    let clock = ContinuousClock()
    var spent = Duration.zero
    var timings: [Timing] = []
    while true {
      let start = clock.now
      let output = try body()
      let elapsed = clock.now - start
      let (seconds, attoseconds) = elapsed.components
      timings.append(Timing(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
      spent += elapsed
      if timings.count >= runs.count && spent >= runs.time {
        (self.output, self.timings) = (output, timings)
        return
      }
    }
  }
}

/// How often a function is to run.
struct Runs: Decodable {
  let count: Int
  let time: Duration

  private enum Key: String, CodingKey {
    case count = "min_runs"
    case seconds = "min_seconds"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    count = try container.decodeIfPresent(Int.self, forKey: .count) ?? 1
    time = .seconds(try container.decodeIfPresent(Double.self, forKey: .seconds) ?? 0)
  }

  /// Once.
  init() { (count, time) = (1, .zero) }
}
