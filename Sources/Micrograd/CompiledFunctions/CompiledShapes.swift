/// A cache of compiled functions by shape: one function, compiled for each shape. It keeps those that were used last.
///
/// A compiled function has a fixed number of inputs. If samples differ in size, such as sequences of different lengths,
/// compile one function per size:
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
/// At most ``limit`` functions are kept. A new one replaces the least recently used. A function that is still referenced
/// elsewhere stays valid.
public final class CompiledShapes<Shape: Hashable> {
  /// The largest number of compiled functions that are kept.
  public let limit: Int
  /// The shapes of the kept functions, from the least to the most recently used.
  public private(set) var shapes: [Shape] = []

  private let branching: CompiledFunction.Branching
  private let precision: CompiledFunction.Precision
  private let example: (Shape) -> [Double]
  private let function: (Shape, [Value]) -> [Value]
  private var functions: [Shape: CompiledFunction] = [:]

  /// Creates a cache for functions with any number of results.
  ///
  /// - Parameters:
  ///   - limit: The largest number of functions to keep, at least 1.
  ///   - example: Returns inputs of a sample of a shape, with which the function is recorded.
  ///   - branching: What happens to samples for which a comparison of Values comes out otherwise.
  ///   - precision: The type of numbers that calls for many samples compute with, see ``CompiledFunction/Precision``.
  ///   - f: The function of a shape and of inputs of that shape.
  public init(
    limit: Int = 32, example: @escaping (Shape) -> [Double], branching: CompiledFunction.Branching = .record,
    precision: CompiledFunction.Precision = .double, of f: @escaping (Shape, [Value]) -> [Value]
  ) {
    require(limit >= 1, "at least one compiled function is to be kept: not \(limit)")
    (self.limit, self.branching, self.precision) = (limit, branching, precision)
    (self.example, function) = (example, f)
  }

  /// Creates a cache for functions with one result; see
  /// ``init(limit:example:branching:precision:of:)-(_,_,_,_,(Shape,[Value])->[Value])``.
  public convenience init(
    limit: Int = 32, example: @escaping (Shape) -> [Double], branching: CompiledFunction.Branching = .record,
    precision: CompiledFunction.Precision = .double, of f: @escaping (Shape, [Value]) -> Value
  ) {
    self.init(limit: limit, example: example, branching: branching, precision: precision) { [f($0, $1)] }
  }

  /// The number of compiled functions that are kept.
  public var count: Int { shapes.count }

  /// Returns the function for a shape. Compiles it if it is not kept.
  ///
  /// - Throws: ``CompilationError`` if the function cannot be compiled. The kept functions do not change then.
  /// - Complexity: O(``limit``) if it is kept.
  public func function(for shape: Shape) throws(CompilationError) -> CompiledFunction {
    if let kept = functions[shape] {
      use(shape)
      return kept
    }
    let compiled = try compile(at: example(shape), branching: branching, precision: precision) { [function] in
      function(shape, $0)
    }
    // The function may have asked for others while it was compiled.
    while shapes.count >= limit { functions[shapes.removeFirst()] = nil }
    if functions.updateValue(compiled, forKey: shape) == nil { shapes.append(shape) }
    return compiled
  }

  /// Removes all functions.
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
