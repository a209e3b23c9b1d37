import Micrograd

/// The model of ``ScalarGPT``, op by op, but compiled for each length and run over several documents at once.
///
/// The inputs of the compiled function are the tokens, which select embeddings and losses, and a weight for each position,
/// which is 0 beyond the end of a shorter document.
public struct CompiledGPT: GPTEvaluator {
  private let model: ScalarGPT
  /// The compiled functions by the number of positions.
  private let functions: CompiledShapes<Int>

  /// The number of documents that run side by side: two of the widest vectors.
  private let lanes: Int

  /// Creates a model with these parameters.
  ///
  /// - Parameter precision: The type of numbers that several documents are computed with. A single one is computed in double.
  public init(_ parameters: GPTParameters, precision: CompiledFunction.Precision = .double) {
    let model = ScalarGPT(parameters)
    self.model = model
    lanes = precision == .float ? 32 : 16
    functions = CompiledShapes(
      example: { count in [Double](repeating: 0, count: 2 * count + 1) }, precision: precision
    ) { count, x in model.loss(of: x, positionCount: count) }
  }

  /// Returns the mean of -log p over the tokens after the first, recorded as in ``ScalarGPT``.
  public func loss(of tokens: [Int]) -> Value { model.loss(of: tokens) }

  /// Returns the mean loss of documents, given by their tokens, and adds its gradient to the parameters' gradients.
  public func addGradients(of batch: [[Int]]) -> Double {
    let sorted = batch.sorted { $0.count < $1.count }
    var loss = 0.0
    for start in stride(from: 0, to: sorted.count, by: lanes) {
      let group = sorted[start..<min(start + lanes, sorted.count)]
      let count = commonCount(group.map(positionCount))
      let numbers = group.flatMap { sample($0, count, share: 1 / Double(batch.count)) }
      do {
        let function = try functions.function(for: count)
        if group.count == 1 {
          loss += try function.backward(at: numbers)
        } else {
          loss += try function.backward(at: Samples(numbers, width: 2 * count + 1), reduction: .sum)
        }
      } catch {
        trap("microgpt, which compares no Values, was not compiled: \(error)")
      }
    }
    return loss
  }

  /// Returns the number of positions for documents side by side: that of the longest, or one more, so that fewer functions
  /// are compiled.
  private func commonCount(_ counts: [Int]) -> Int {
    let longest = counts.max() ?? 1
    return counts.count == 1 ? longest : min(longest + longest % 2, model.parameters.configuration.blockSize)
  }

  private func positionCount(_ tokens: [Int]) -> Int {
    min(model.parameters.configuration.blockSize, tokens.count - 1)
  }

  /// Returns the inputs of a document: its tokens, one more than positions, then the weights of the positions, which sum to
  /// its share.
  private func sample(_ tokens: [Int], _ positionCount: Int, share: Double) -> [Double] {
    let count = self.positionCount(tokens)
    let padded = tokens.prefix(count + 1) + Array(repeating: 0, count: positionCount - count)
    let weight = share / Double(count)
    return padded.map(Double.init) + (0..<positionCount).map { $0 < count ? weight : 0 }
  }
}

extension ScalarGPT {
  /// Returns the weighted sum of -log p over positions, for tokens and weights that are Values.
  fileprivate func loss(of x: [Value], positionCount: Int) -> Value {
    var cache = Cache()
    var loss = Value.zero
    for position in 0..<positionCount {
      let scores = scores(of: embedding(of: x[position], at: position), &cache)
      let probability = pick(softmax(scores), at: x[position + 1])
      loss = loss - x[positionCount + 1 + position] * log(probability)
    }
    return loss
  }
}
