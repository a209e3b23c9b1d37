import Foundation
import MicrogradBenchWorkloads

/// All that a run found out.
struct Report: Encodable {
  struct Options: Encodable {
    let quick: Bool
    let filter: String?
    /// How often each contestant is measured.
    let turns: Int
    /// How long a turn lasts at least.
    let millisecondsATurn: Double
  }

  let machine: Machine
  let date: Date
  let options: Options
  let cases: [CaseResult]
  let memory: [MemoryUse]

  /// Time a node of the longest chain over that of the shortest, turn by turn: what memory beyond the caches costs.
  var chainGrowth: Samples? {
    let chains = cases.filter { $0.group == "chain" }.compactMap { $0.contestants.last }
    guard let short = chains.first, let long = chains.last, short.nodes < long.nodes else { return nil }
    return (long.time / Double(long.nodes)) / (short.time / Double(short.nodes))
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try encoder.encode(self).write(to: url)
  }

  private enum Key: CodingKey {
    case machine, date, options, cases, memory, chainGrowth
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(machine, forKey: .machine)
    try container.encode(date, forKey: .date)
    try container.encode(options, forKey: .options)
    try container.encode(cases, forKey: .cases)
    try container.encode(memory, forKey: .memory)
    try container.encodeIfPresent(chainGrowth, forKey: .chainGrowth)
  }
}

struct CaseResult: Encodable {
  let name: String
  let title: String
  let group: String
  let contestants: [ContestantResult]
}

struct ContestantResult: Encodable {
  let name: String
  let role: Contestant.Role
  let iterationsATurn: Int
  /// On the tape, an iteration; 0 without a tape.
  let nodes: Int
  /// Nanoseconds an iteration, or a part of one.
  let time: Samples
  let toHandWritten: Samples?
  let toBareTape: Samples?
  let toPrimal: Samples?
  /// Beside the first contestant, where all are this library.
  let toFirst: Samples?
}

extension Samples: Encodable {
  private enum Key: CodingKey {
    case median, lowerQuartile, upperQuartile, minimum, maximum, samples
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(median, forKey: .median)
    try container.encode(quantile(0.25), forKey: .lowerQuartile)
    try container.encode(quantile(0.75), forKey: .upperQuartile)
    try container.encode(quantile(0), forKey: .minimum)
    try container.encode(quantile(1), forKey: .maximum)
    try container.encode(values, forKey: .samples)
  }
}
