/// Compiled functions by shape: one function, compiled anew for each shape that it meets, the last of them kept.
///
/// A compiled function has as many inputs as it was compiled with. Where samples differ in size, a sequence's length say,
/// each size is a function of its own:
///
/// ```swift
/// let norms = CompiledShapes(example: { length in [Double](repeating: 1, count: length) }) { length, x in
///   sqrt(dot(x, x))
/// }
/// try norms.function(for: 2).values(at: Samples([[3, 4]]))  // [5.0]
/// try norms.function(for: 3).values(at: Samples([[1, 2, 2]]))  // [3.0]
/// norms.shapes  // [2, 3]
/// ```
///
/// There are never more than ``limit``: another one takes the place of that which was asked for least recently. It is
/// compiled again when it is asked for again; who holds it keeps it.
public final class CompiledShapes<Shape: Hashable> {
  /// How many compiled functions are kept at most.
  public let limit: Int
  /// The shapes of those that are kept, from the one asked for least recently to the last.
  public private(set) var shapes: [Shape] = []

  private let branching: CompiledFunction.Branching
  private let example: (Shape) -> [Double]
  private let function: (Shape, [Value]) -> [Value]
  private var functions: [Shape: CompiledFunction] = [:]

  /// Functions with any number of results.
  ///
  /// - Parameters:
  ///   - limit: How many are kept, at least 1.
  ///   - example: Numbers for the inputs of a sample of a shape, with which the function is recorded.
  ///   - branching: What happens to samples for which a comparison of Values comes out otherwise.
  ///   - f: The function of a shape and of inputs of that shape.
  public init(
    limit: Int = 32, example: @escaping (Shape) -> [Double], branching: CompiledFunction.Branching = .record,
    of f: @escaping (Shape, [Value]) -> [Value]
  ) {
    require(limit >= 1, "at least one compiled function is to be kept: not \(limit)")
    (self.limit, self.branching, self.example, function) = (limit, branching, example, f)
  }

  /// Functions with one result; see ``init(limit:example:branching:of:)-(_,_,_,(Shape,[Value])->[Value])``.
  public convenience init(
    limit: Int = 32, example: @escaping (Shape) -> [Double], branching: CompiledFunction.Branching = .record,
    of f: @escaping (Shape, [Value]) -> Value
  ) {
    self.init(limit: limit, example: example, branching: branching) { [f($0, $1)] }
  }

  /// How many compiled functions are kept now.
  public var count: Int { shapes.count }

  /// The function of a shape, compiled now where it is not kept.
  ///
  /// - Throws: ``CompilationError``, where the function cannot be compiled; what is kept stays then.
  /// - Complexity: O(``limit``) where it is kept.
  public func function(for shape: Shape) throws(CompilationError) -> CompiledFunction {
    if let kept = functions[shape] {
      use(shape)
      return kept
    }
    let compiled = try compile(at: example(shape), branching: branching) { [function] in function(shape, $0) }
    // The function may have asked for others while it was compiled.
    while shapes.count >= limit { functions[shapes.removeFirst()] = nil }
    if functions.updateValue(compiled, forKey: shape) == nil { shapes.append(shape) }
    return compiled
  }

  /// Forgets all of them.
  public func removeAll() {
    functions = [:]
    shapes = []
  }

  private func use(_ shape: Shape) {
    guard shapes.last != shape, let place = shapes.firstIndex(of: shape) else { return }
    shapes.remove(at: place)
    shapes.append(shape)
  }
}
