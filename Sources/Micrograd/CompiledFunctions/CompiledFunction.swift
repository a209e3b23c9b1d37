import CMicrograd

/// A function of Values that is recorded once and run over many samples at once, at the speed of hand-written vector code.
///
/// ``compile(at:branching:precision:of:)-(_,_,_,([Value])->Value)`` makes one. The closure computes the result of one sample: its
/// inputs vary from sample to sample; parameters of models and constants do not. The recording is compiled to a program:
/// unused values are dropped, equal values are computed once, and values that do not depend on the sample are computed once
/// a call. Sums of products become matrix products. The program runs over rows of samples:
///
/// ```swift
/// let w = Parameters([0.5, -1, 0])
/// let loss = try compile(at: [0, 0, 1]) { x in (x[0] * w[0] + x[1] * w[1] + w[2] - x[2]).squared() }
/// let points = Samples([[1, 2, 0.5], [3, 1, -2]])
/// w.zeroGradients()
/// try loss.backward(at: points)  // 5.125: the mean loss, whose gradients the parameters have now
/// w.gradients  // [5.5, -1.5, 0.5]
/// ```
///
/// Each call uses the current values of parameters. Gradients are added as by ``Value/backward(seed:)``. Values and
/// gradients are those of the recording, to rounding: sums are added in another order. They are the same, bit for bit, for
/// any number of threads.
///
/// An `if` or a loop whose condition compares Values may take another path for the next sample. Such comparisons are noted.
/// A sample for which one comes out otherwise is recorded again, and each path gets its own programs (``Branching``).
/// `select`, `max`, `relu` and the like need no second path. Reading `data` of a Value that depends on a sample is an
/// error.
///
/// Like the parameters it uses, a compiled function belongs to the tape on which it was made, and to one thread at a time.
public final class CompiledFunction {
  /// What happens to samples for which a comparison comes out otherwise than it did while recording.
  public enum Branching: Sendable, Hashable {
    /// The function is recorded again at such a sample, until there are as many paths as the limit.
    case record(limit: Int)
    /// The call throws ``CompilationError/wouldBranch(comparison:sample:)``.
    case refuse

    /// At most sixteen paths.
    public static let record = Branching.record(limit: 16)
  }

  /// The number of inputs of a sample.
  public let inputCount: Int
  /// The number of results.
  public let resultCount: Int
  /// What happens to samples that take a path which was not recorded. A function that was read from a file refuses them.
  public let branching: Branching
  /// The type of numbers that calls for many samples compute with.
  public let precision: Precision
  /// The number of threads that a call may use, 1 by default. More pay off from about a hundred samples per thread on.
  public var threads = 1

  internal let tape: Tape
  /// The function; `nil` if it was read from a file.
  private let closure: (([Value]) -> [Value])?
  internal private(set) var paths: [CompiledPath]
  internal let firstPath: CompiledPath
  /// The samples with which the paths were recorded; none of a function that was read from a file.
  private var pathSamples: [[Double]]
  /// The sample with which the function was recorded first.
  internal let firstSample: [Double]
  internal let part: DifferentiatedPart
  /// The parameters of a function that was read from a file.
  private let ownParameters: Parameters?
  internal var derived = DerivedFunctions()

  internal init(
    at sample: [Double], branching: Branching, precision: Precision,
    differentiating part: DifferentiatedPart = DifferentiatedPart(),
    of f: @escaping ([Value]) -> [Value]
  ) throws(CompilationError) {
    if case .record(let limit) = branching { require(limit >= 1, "the limit is \(limit): at least one path is needed") }
    var count = 0
    firstPath = try CompiledPath(
      at: sample, precision: precision, differentiating: part, of: f, resultCount: &count)
    paths = [firstPath]
    (firstSample, pathSamples, self.part) = (sample, [sample], part)
    (inputCount, resultCount, closure) = (sample.count, count, f)
    (tape, ownParameters) = (Tape.current, nil)
    (self.branching, self.precision) = (branching, precision)
  }

  /// A function that was read from a file.
  ///
  /// - Precondition: There is a path.
  internal init(
    paths: [CompiledPath], inputCount: Int, resultCount: Int, precision: Precision, parameters: Parameters
  ) {
    self.precision = precision
    (self.paths, firstPath, closure) = (paths, paths[0], nil)
    (self.inputCount, self.resultCount, branching) = (inputCount, resultCount, .refuse)
    (firstSample, pathSamples, part) = ([], [], DifferentiatedPart())
    (tape, ownParameters) = (parameters.tape, parameters)
  }

  /// The function that was compiled.
  ///
  /// - Throws: ``CompilationError/closureNotSaved`` if it was read from a file.
  internal func function() throws(CompilationError) -> ([Value]) -> [Value] {
    guard let closure else { throw .closureNotSaved }
    return closure
  }

  /// The number of paths that were recorded. Each has its own programs.
  public var pathCount: Int { paths.count }

  /// True if the function compares Values that depend on the sample.
  package var hasComparisons: Bool { paths.contains(where: \.isGuarded) }

  /// Records the path that a sample takes, and returns its number. It can be a known path, if rounding made a guard come
  /// out otherwise than the comparison.
  internal func path(at sample: [Double], _ number: Int) throws(CompilationError) -> Int {
    guard let closure else { throw .pathNotSaved(sample: number) }
    var count = 0
    let path = try CompiledPath(
      at: sample, precision: precision, differentiating: part, of: closure, resultCount: &count)
    if let known = paths.firstIndex(where: { $0.isSamePath(as: path) }) { return known }
    let comparison = paths[0].comparison(leadingTo: path)
    switch branching {
    case .refuse: throw .wouldBranch(comparison: comparison, sample: number)
    case .record(let limit) where paths.count >= limit:
      throw .tooManyPaths(limit: limit, comparison: comparison, sample: number)
    case .record: break
    }
    require(count == resultCount, "the function gives \(count) results for samples[\(number)], \(resultCount) before")
    paths.append(path)
    pathSamples.append(sample)
    return paths.count - 1
  }

  /// The function compiled again, with parameters as inputs before the others. It has the same paths.
  internal func withInputs(_ parameters: [Value]) throws(CompilationError) -> CompiledFunction {
    let (closure, part) = (try function(), DifferentiatedPart(parameters: parameters))
    return try tape.use { () throws(CompilationError) in
      let made = try CompiledFunction(
        at: firstSample, branching: branching, precision: precision, differentiating: part, of: closure)
      for (k, sample) in pathSamples.enumerated().dropFirst() { _ = try made.path(at: sample, k) }
      return made
    }
  }
}

/// Compiles a function of one sample to run it over many samples; see ``CompiledFunction``.
///
/// ```swift
/// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
/// try f.values(at: Samples([[1, 2], [3, 4]]))  // [2.3679, 12.0498]
/// try f.gradients(at: Samples([[1, 2], [3, 4]]))  // [[1.6321, 1.0], [3.9502, 3.0]]
/// ```
///
/// - Parameters:
///   - sample: Inputs with which the function is recorded. Any sample will do.
///   - branching: What happens to samples for which a comparison of Values comes out otherwise.
///   - precision: The type of numbers that calls for many samples compute with, see ``CompiledFunction/Precision``.
///   - f: The function. It is called now, and again for each new path that samples take, so it should compute the same from
///     the same numbers.
/// - Throws: ``CompilationError`` if the function does something that cannot be compiled.
public func compile(
  at sample: [Double], branching: CompiledFunction.Branching = .record,
  precision: CompiledFunction.Precision = .double, of f: @escaping ([Value]) -> Value
) throws(CompilationError) -> CompiledFunction {
  try CompiledFunction(at: sample, branching: branching, precision: precision) { [f($0)] }
}

/// Compiles a function with any number of results; see ``compile(at:branching:precision:of:)-(_,_,_,([Value])->Value)``.
///
/// ```swift
/// let polar = try compile(at: [1, 1]) { x in [hypot(x[0], x[1]), atan2(x[1], x[0])] }
/// try polar.results(at: Samples([[3, 4], [0, 2]]))  // [[5.0, 0.9273], [2.0, 1.5708]]
/// ```
public func compile(
  at sample: [Double], branching: CompiledFunction.Branching = .record,
  precision: CompiledFunction.Precision = .double, of f: @escaping ([Value]) -> [Value]
) throws(CompilationError) -> CompiledFunction {
  try CompiledFunction(at: sample, branching: branching, precision: precision, of: f)
}
