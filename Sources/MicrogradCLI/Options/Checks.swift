import ArgumentParser

/// Throws an error with the flag, its value and the remedy, unless `isGood`.
func check(
  _ isGood: Bool, _ flag: String, _ value: some CustomStringConvertible, _ remedy: String
) throws(ValidationError) {
  if !isGood { throw ValidationError("\(flag) is \(value): \(remedy).") }
}

/// Throws if two flags, or their values, contradict each other.
func refuse(_ isThere: Bool, _ what: String, _ remedy: String) throws(ValidationError) {
  if isThere { throw ValidationError("\(what): \(remedy).") }
}

/// An error with a complete message: one line on standard error, exit status 1.
struct ExitMessage: Error, Equatable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
