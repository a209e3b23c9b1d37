/// The output of a function, and how long its preparation and each of its runs took.
package struct Evaluation {
  let output: any Encodable
  let timings: [Timing]

  struct Timing: Encodable {
    var name = "evaluate"
    let nanoseconds: Int64
  }

  /// Runs `body` at least `runs.count` times and until `runs.seconds` were spent in it, at least once.
  init<Output: Encodable>(_ runs: Runs, _ body: () throws -> Output) throws {
    try self.init(runs, timings: [], body)
  }

  /// Runs what `prepare` returns in the same way. The preparation runs once and has a timing of its own.
  init<Output: Encodable>(_ runs: Runs, prepare: () throws -> () throws -> Output) throws {
    let start = ContinuousClock.now
    let body = try prepare()
    let timing = Timing(name: "prepare", nanoseconds: (ContinuousClock.now - start).nanoseconds)
    try self.init(runs, timings: [timing], body)
  }

  private init<Output: Encodable>(_ runs: Runs, timings: [Timing], _ body: () throws -> Output) throws {
    let clock = ContinuousClock()
    var (timings, spent, count) = (timings, Duration.zero, 0)
    while true {
      let start = clock.now
      let output = try body()
      let elapsed = clock.now - start
      timings.append(Timing(nanoseconds: elapsed.nanoseconds))
      spent += elapsed
      count += 1
      if count >= runs.count && spent >= runs.time {
        (self.output, self.timings) = (output, timings)
        return
      }
    }
  }
}

extension Duration {
  fileprivate var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
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
