import ArgumentParser

/// The number of samples per step: `--batch-size 32` or `--batch-size all`.
enum BatchSize: ExpressibleByArgument, Equatable, CustomStringConvertible {
  case all
  case samples(Int)

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let count = Int(argument), count >= 1 {
      self = .samples(count)
    } else {
      return nil
    }
  }

  /// The number of samples; `nil` for all.
  var count: Int? { if case .samples(let count) = self { count } else { nil } }

  /// Returns the number of steps of one epoch.
  func steps(over samples: Int) -> Int {
    let size = min(count ?? samples, samples)
    return (samples + size - 1) / size
  }

  var description: String { count.map(String.init) ?? "all" }
  var defaultValueDescription: String { description }
}
