import Foundation
import MicrogradBenchWorkloads

extension Report {
  /// The table that is printed.
  var text: String {
    var lines: [String] = []
    if !cases.isEmpty {
      var table = TextTable(["", "time", "quartiles", "nodes", "ns/node", "× hand", "× bare", "× primal", "× first"])
      for test in cases {
        table.add([test.title])
        for contestant in test.contestants { table.add(cells(contestant)) }
      }
      lines += [
        table.text,
        "time: median of \(options.turns) turns, once forwards and back; × hand, × bare: beside the C above, × primal: beside",
        "the function's value alone, × first: beside the first of the same table, turn by turn.",
      ]
    }
    if let growth = chainGrowth {
      lines += [
        "", "A node of the long chain takes \(digits(growth.median)) × a node of the short one (Swift).",
      ]
    }
    if !memory.isEmpty {
      var table = TextTable(["memory", "nodes", "bytes/node", "resident bytes/node"])
      for use in memory {
        table.add([
          "  \(use.title)", grouped(use.nodes), digits(use.bytesPerNode),
          use.residentBytesPerNode.map(digits) ?? "unknown",
        ])
      }
      lines += ["", table.text]
    }
    return lines.joined(separator: "\n")
  }

  private func cells(_ contestant: ContestantResult) -> [String] {
    let time = contestant.time
    let unit = TimeUnit(for: time.median)
    let quartiles = "\(unit.number(time.quantile(0.25)))–\(unit.number(time.quantile(0.75)))"
    let isOnTape = contestant.nodes > 0
    return [
      "  \(contestant.name)", "\(unit.number(time.median)) \(unit.name)", quartiles,
      isOnTape ? grouped(contestant.nodes) : "",
      isOnTape ? digits(time.median / Double(contestant.nodes)) : "",
      contestant.toHandWritten.map { digits($0.median) } ?? "",
      contestant.toBareTape.map { digits($0.median) } ?? "",
      contestant.toPrimal.map { digits($0.median) } ?? "",
      contestant.toFirst.map { digits($0.median) } ?? "",
    ]
  }
}

/// The unit in which a number of nanoseconds is short.
private struct TimeUnit {
  let name: String
  let nanoseconds: Double

  init(for time: Double) {
    (name, nanoseconds) = time < 1e3 ? ("ns", 1) : time < 1e6 ? ("µs", 1e3) : ("ms", 1e6)
  }

  func number(_ time: Double) -> String { digits(time / nanoseconds) }
}

/// Three significant digits, without an exponent.
func digits(_ x: Double) -> String {
  let decimals = abs(x) < 10 ? 2 : abs(x) < 100 ? 1 : 0
  return String(format: "%.\(decimals)f", x)
}
