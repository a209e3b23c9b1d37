import MicrogradBenchWorkloads

/// Measures the contestants of cases of one group in turns: A B C, A B C, …
func measure(_ cases: [Case], _ options: Report.Options) -> [CaseResult] {
  let entries = cases.flatMap { test in test.contestants.map { Entry(test, $0, options) } }
  for _ in 0..<options.turns {
    for entry in entries { entry.takeTurn() }
  }
  return cases.map { test in
    let own = entries.filter { $0.test.name == test.name }
    let handWritten = own.first { $0.contestant.role == .handWritten }?.samples
    let bareTape = own.first { $0.contestant.role == .bareTape }?.samples
    let primal = own.first { $0.contestant.role == .primal }?.samples
    let first = own.first { $0.contestant.role == .library }?.samples
    let isLibraryAlone = own.allSatisfy { $0.contestant.role == .library }
    let contestants = own.enumerated().map { k, entry in
      let isLibrary = entry.contestant.role == .library
      return ContestantResult(
        name: entry.contestant.name, role: entry.contestant.role, iterationsATurn: entry.iterations,
        nodes: entry.nodes, time: entry.samples,
        toHandWritten: entry.contestant.role == .handWritten ? nil : handWritten.map { entry.samples / $0 },
        toBareTape: isLibrary ? bareTape.map { entry.samples / $0 } : nil,
        toPrimal: isLibrary ? primal.map { entry.samples / $0 } : nil,
        toFirst: isLibraryAlone && k > 0 ? first.map { entry.samples / $0 } : nil)
    }
    return CaseResult(name: test.name, title: test.title, group: test.group, contestants: contestants)
  }
}

/// One contestant while it is measured.
private final class Entry {
  let test: Case
  let contestant: Contestant
  let iterations: Int
  let nodes: Int
  private var nanoseconds: [Double] = []

  var samples: Samples { Samples(nanoseconds) }

  /// Warms up, which touches all pages the contestant will use, and finds how many iterations make a turn.
  init(_ test: Case, _ contestant: Contestant, _ options: Report.Options) {
    self.test = test
    self.contestant = contestant
    nodes = contestant.run(1).nodes
    var iterations = test.iterations ?? 1
    var elapsed = time(contestant, iterations)
    let wanted = options.millisecondsATurn * 1e6
    while test.iterations == nil && elapsed < wanted {
      iterations = max(iterations + 1, Int(Double(iterations) * min(1.2 * wanted / max(elapsed, 1), 100)))
      elapsed = time(contestant, iterations)
    }
    self.iterations = iterations
  }

  /// Adds one sample: nanoseconds a part of an iteration.
  func takeTurn() {
    nanoseconds.append(time(contestant, iterations) / Double(iterations * test.parts))
  }
}

private func time(_ contestant: Contestant, _ iterations: Int) -> Double {
  let elapsed = ContinuousClock().measure { _ = contestant.run(iterations) }
  return Double(elapsed.components.seconds) * 1e9 + Double(elapsed.components.attoseconds) / 1e9
}
