import ArgumentParser

/// Throws unless a flag has a value that it can have, with what to do instead.
func check(
  _ isGood: Bool, _ flag: String, _ value: some CustomStringConvertible, _ remedy: String
) throws(ValidationError) {
  if !isGood { throw ValidationError("\(flag) is \(value): \(remedy).") }
}

/// Throws where two flags, or values of them, make no sense together.
func refuse(_ isThere: Bool, _ what: String, _ remedy: String) throws(ValidationError) {
  if isThere { throw ValidationError("\(what): \(remedy).") }
}

/// An error that was explained in full: one line on standard error, exit status 1.
struct ExitMessage: Error, Equatable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
