/// Why a function cannot be compiled, or why a compiled one cannot be applied to a sample.
public enum CompilationError: Error, Equatable {
  /// The function read the number of a Value that depends on inputs or parameters, or its text: compiled, it would be that
  /// number for all samples. The text says which Value.
  case numberRead(String)
  /// The function uses a Value that was computed outside of it.
  case computedOutside(String)
  /// Something in the function would be the same for all samples though it was not meant so. The text says what.
  case frozen(String)
  /// A comparison would have come out otherwise for a sample, the first of which has the number 0, and the function is not to be recorded again for that.
  case wouldBranch(comparison: String, sample: Int)
  /// There are as many programs as are allowed, and a sample goes a way that is none of theirs.
  case tooManyPaths(limit: Int, comparison: String, sample: Int)
}

extension CompilationError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .numberRead(let what):
      """
      the function reads the number of \(what), which differs from sample to sample or with the parameters. Compare Values \
      (x < y) instead of their data or text, or use x.detached where the number is meant without its derivative. To print \
      a Value, leave it out of what is compiled.
      """
    case .computedOutside(let what):
      """
      the function uses \(what), which was computed outside of it. Compute it inside, pass its number as an input, or use \
      its .detached where it is to stay as it is.
      """
    case .frozen(let what):
      "the function \(what). Compiled, that would be the same for all samples: do it outside."
    case .wouldBranch(let comparison, let sample):
      """
      samples[\(sample)] goes another way at the comparison \(comparison). Allow more programs (branching: .record), or \
      write the choice with select, max or min.
      """
    case .tooManyPaths(let limit, let comparison, let sample):
      """
      samples[\(sample)] goes another way than the \(limit) programs there may be, at the comparison \(comparison). Allow \
      more (branching: .record(limit:)), or write the choice with select, max or min.
      """
    }
  }
}
