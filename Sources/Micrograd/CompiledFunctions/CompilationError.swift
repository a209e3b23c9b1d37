/// The reason why a function cannot be compiled, or why a compiled function cannot be applied to a sample.
public enum CompilationError: Error, Equatable {
  /// The function reads the number, or the text, of a Value that depends on inputs or parameters. A compiled function would
  /// use that number for all samples. The text says which Value.
  case numberRead(String)
  /// The function uses a Value that was computed outside of it.
  case computedOutside(String)
  /// The function does something that would be frozen: the same for all samples. The text says what.
  case frozen(String)
  /// A sample takes another path at a comparison, and ``CompiledFunction/Branching/refuse`` forbids a second path. Samples
  /// count from 0.
  case wouldBranch(comparison: String, sample: Int)
  /// A sample takes a new path, and the function has as many paths as its limit allows.
  case tooManyPaths(limit: Int, comparison: String, sample: Int)
  /// A sample takes a path that the function had not recorded when its ``Evaluator`` was made.
  case pathNotRecorded
  /// A sample takes a path that is not in the file from which the function was read. Samples count from 0.
  case pathNotSaved(sample: Int)
  /// The function was read from a file, and this needs its closure, which is not saved.
  case closureNotSaved
}

extension CompilationError: CustomStringConvertible {
  /// Says what is wrong, and what to do.
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
      samples[\(sample)] takes another path at the comparison \(comparison). Allow more paths (branching: .record), or \
      write the choice with select, max or min.
      """
    case .tooManyPaths(let limit, let comparison, let sample):
      """
      samples[\(sample)] takes a path beyond the limit of \(limit), at the comparison \(comparison). Allow more paths \
      (branching: .record(limit:)), or write the choice with select, max or min.
      """
    case .pathNotRecorded:
      """
      the sample takes a path that was not recorded when the evaluator was made. Call the compiled function at such a sample \
      and make the evaluator anew, or write the choice with select, max or min.
      """
    case .pathNotSaved(let sample):
      """
      samples[\(sample)] takes a path that is not in the file of the function. Call the function at such a sample before it \
      is saved, or write the choice with select, max or min.
      """
    case .closureNotSaved:
      """
      the function was read from a file, which does not have its closure, so it cannot be recorded again for these \
      derivatives. Compile and save a function whose results they are.
      """
    }
  }
}
