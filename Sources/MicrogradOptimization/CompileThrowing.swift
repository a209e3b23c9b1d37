import Micrograd

/// Compiles a function that may throw.
///
/// - Returns: The compiled function; `nil` if it cannot be compiled.
/// - Throws: What the function throws.
internal func compileThrowing(
  at position: [Double], of f: @escaping ([Value]) throws -> [Value]
) throws -> CompiledFunction? {
  var failure: (any Error)?
  let compiled = try? compile(at: position) { x in
    do {
      return try f(x)
    } catch {
      failure = error
      return x
    }
  }
  if let failure { throw failure }
  return compiled
}
