import ArgumentParser
import Foundation
import MicrogradBenchWorkloads

/// `MicrogradBench`: how fast the library is, beside C written by hand.
@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "MicrogradBench",
    abstract: "Measure the library beside hand-written C and a bare tape.",
    discussion: """
      All contestants of a case take turns in one run, and ratios are those of the same turn, so a machine that is busy \
      with other things disturbs times more than ratios.
      """)

  @Option(help: ArgumentHelp("File for all numbers; its folder is made if need be.", valueName: "file"))
  var json = "out/bench.json"

  @Flag(help: "Fewer turns and smaller graphs: to see that it runs, not to quote.")
  var quick = false

  @Option(help: ArgumentHelp("Only this case, or those whose name contains it.", valueName: "name"))
  var filter: String?

  func run() throws {
    let options = Report.Options(
      quick: quick, filter: filter, turns: quick ? 5 : 41, millisecondsATurn: quick ? 2 : 3)
    let all = allCases(isQuick: quick)
    let names = all.map(\.name) + ["memory"]
    let wanted = names.filter { name in
      guard let filter else { return true }
      return names.contains(filter) ? name == filter : name.contains(filter)
    }
    let cases = all.filter { wanted.contains($0.name) }
    guard !wanted.isEmpty else {
      let list = names.joined(separator: ", ")
      throw ValidationError("--filter \(filter ?? "") finds no case: the names are \(list).")
    }
    let machine = Machine.current()
    print(machine.headline)
    #if DEBUG
      print("Debug build: these times say nothing. Use swift run -c release MicrogradBench.")
    #endif
    // Memory first, while the process has few pages of its own that could be reused.
    let memory = wanted.contains("memory") ? allMemoryUses(isQuick: quick) : []
    var results: [CaseResult] = []
    for group in groups(of: cases) { results += measure(group, options) }
    let report = Report(machine: machine, date: Date(), options: options, cases: results, memory: memory)
    print(report.text)
    try report.write(to: json)
    print("All numbers: \(json)")
  }

  private func groups(of cases: [Case]) -> [[Case]] {
    var groups: [[Case]] = []
    for test in cases {
      if let last = groups.last, last[0].group == test.group {
        groups[groups.count - 1].append(test)
      } else {
        groups.append([test])
      }
    }
    return groups
  }
}
