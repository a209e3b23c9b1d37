/// A function of samples, in any of its forms: compiled, native, or an evaluator.
internal protocol SampleFunction {
  var inputCount: Int { get }
  var resultCount: Int { get }
}

extension SampleFunction {
  /// Traps if the function has several results.
  func requireOneResult() {
    require(resultCount == 1, "the function has \(resultCount) results: ask for its results(at:)")
  }

  /// Traps if a sample has another number of inputs.
  func requireWidth(_ count: Int) {
    require(
      count == inputCount,
      "a sample of \(count) numbers for a function of \(inputCount): give as many as it was compiled with")
  }
}

extension CompiledFunction: SampleFunction {}
extension NativeFunction: SampleFunction {}
extension Evaluator: SampleFunction {}
