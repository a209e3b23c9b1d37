import Micrograd

/// Products of vectors with the Hessian of a function that a solver asks for again and again: of a recording at each position at first,
/// then compiled, if the function is.
///
/// A compiled product is compared once with a recorded one.
internal final class RepeatedHessian {
  private let function: ([Value]) -> Value
  private let repeated: RepeatedFunction
  private var products = 0
  private var state = FunctionEvaluation.recorded(
    reason: "there were only a few products; they are compiled at number \(RepeatedHessian.firstCompiled)")
  private var isDecided = false
  /// The largest `|Hv| / |v|` of recorded products.
  private var size = 0.0

  /// The number of the product at which products are compiled. A recorded product is only a sweep, so a program takes as long to
  /// compile as about so many.
  static let firstCompiled = 1000
  /// Products of a function with more nodes are not compiled: their program is some eight times as long.
  static let mostNodes = RepeatedFunction.mostNodes / 8

  init(of function: @escaping ([Value]) -> Value, _ repeated: RepeatedFunction) {
    (self.function, self.repeated) = (function, repeated)
  }

  /// How products are computed; `nil` if there were none.
  var evaluation: FunctionEvaluation? {
    if products == 0 { return nil }
    return repeated.compiled == nil ? repeated.evaluation : state
  }

  /// Calls `body` with a function that multiplies the Hessian at a position by vectors.
  func multiply<Result>(at position: [Double], _ body: (@escaping ([Double]) -> [Double]) -> Result) -> Result {
    if state == .compiled, let compiled = repeated.compiled {
      return body { self.product(of: compiled, at: position, along: $0) }
    }
    return withDerivatives(at: position, of: function) { recorded in
      body { direction in
        self.products += 1
        let product = recorded.hessianVectorProduct(along: direction)
        self.compile(at: position, along: direction, product)
        return product
      }
    }
  }

  private func product(of compiled: CompiledFunction, at position: [Double], along direction: [Double]) -> [Double] {
    products += 1
    do throws(CompilationError) {
      return try compiled.hessianVectorProduct(at: position, along: direction)
    } catch {
      state = .recorded(reason: "\(error)")
      return hessianVectorProduct(at: position, along: direction, of: function)
    }
  }

  /// Compiles products if it is time, and compares one.
  private func compile(at position: [Double], along direction: [Double], _ product: [Double]) {
    let (length, found) = (direction.largestMagnitude, product.largestMagnitude)
    if length > 0, found.isFinite { size = max(size, found / length) }
    guard !isDecided, products >= Self.firstCompiled, let compiled = repeated.compiled else { return }
    isDecided = true
    guard repeated.nodeCount <= Self.mostNodes else {
      state = .recorded(
        reason: "it records \(repeated.nodeCount) nodes; products are compiled of up to \(Self.mostNodes)")
      return
    }
    do throws(CompilationError) {
      let other = try compiled.hessianVectorProduct(at: position, along: direction)
      let isSame = other.agrees(with: product, scale: size * length)
      state = isSame ? .compiled : .recorded(reason: RepeatedFunction.changes("other products with the Hessian"))
    } catch {
      state = .recorded(reason: "\(error)")
    }
  }
}
