import ArgumentParser

/// The sizes in `--hidden 16,16`; empty for `--hidden none`.
struct HiddenLayers: ExpressibleByArgument, Equatable, CustomStringConvertible {
  let sizes: [Int]

  init(sizes: [Int]) { self.sizes = sizes }

  init?(argument: String) {
    if argument == "none" {
      self.sizes = []
      return
    }
    let sizes = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard sizes.allSatisfy({ ($0 ?? 0) >= 1 && ($0 ?? 0) <= 4096 }) else { return nil }
    self.sizes = sizes.compactMap(\.self)
  }

  var description: String { sizes.isEmpty ? "none" : sizes.map(String.init).joined(separator: ",") }
  var defaultValueDescription: String { description }
}
