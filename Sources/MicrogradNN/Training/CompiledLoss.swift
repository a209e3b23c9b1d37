import Micrograd

/// The mean loss of batches, compiled from the loss of one sample.
///
/// A sample of the compiled function consists of the inputs of a row and its targets. The samples of a batch are stored by
/// column, in memory that is reused for the next batch.
package final class CompiledLoss {
  private let loss: Loss
  private let function: CompiledFunction
  private let compileOutputs: () throws(CompilationError) -> CompiledFunction
  /// The outputs of the model for a sample, compiled when a metric needs them.
  private var outputs: CompiledFunction?
  private var samples = Samples(count: 0, width: 0)
  private var inputs = Samples(count: 0, width: 0)

  /// The number of threads for a batch.
  var threads = 1 {
    didSet {
      function.threads = threads
      outputs?.threads = threads
    }
  }

  /// The number of parameters up to which compiled code is the faster one for batches of this size. Larger layers are
  /// recorded, as matrix products. Measured for networks of two and three layers.
  static func mostParameters(batchSize: Int) -> Int { max(1500, min(2500 * batchSize, 100_000)) }

  /// Compiles the loss of a sample like the first of the data set.
  ///
  /// - Throws: ``CompilationError`` if the model cannot be compiled.
  init(_ model: some Model, _ loss: Loss, _ data: Dataset, random: PythonRandom) throws(CompilationError) {
    func outputs(_ x: ArraySlice<Value>) -> [Value] {
      var random = random
      return model(Matrix(rows: 1, columns: x.count, values: Array(x)), training: &random).values
    }
    let inputCount = data.inputCount
    let inputs = Array(data.inputs[..<inputCount])
    self.loss = loss
    function = try compile(at: inputs + loss.targets(data, [0])) { x in
      loss.ofSample(outputs(x[..<inputCount]), targets: Array(x[inputCount...]))
    }
    compileOutputs = { () throws(CompilationError) in try compile(at: inputs) { outputs($0[...]) } }
  }

  /// True if the loss compares Values.
  var hasComparisons: Bool { function.hasComparisons }

  /// Adds the gradient of the mean loss of some rows to the gradients of the parameters. Returns the mean loss.
  func backward(_ data: Dataset, _ rows: [Int]) throws(CompilationError) -> Double {
    fill(data, rows)
    return rows.count == 1 ? try function.backward(at: samples.numbers) : try function.backward(at: samples)
  }

  /// Adds the gradient of the sum of some rows' losses, times `scale`, to the gradients of the parameters. Returns the sum
  /// times `scale`.
  package func backward(_ data: Dataset, _ rows: [Int], scale: Double) throws(CompilationError) -> Double {
    fill(data, rows)
    return try function.addGradients(of: samples, scale: scale)
  }

  /// Returns the loss of each of some rows.
  func values(_ data: Dataset, _ rows: [Int]) throws(CompilationError) -> [Double] {
    fill(data, rows)
    return try function.values(at: samples)
  }

  /// Returns the outputs of the model for some rows.
  package func outputs(_ data: Dataset, _ rows: [Int]) throws(CompilationError) -> Matrix {
    let outputs = try compiledOutputs()
    inputs.reshape(count: rows.count, width: data.inputCount)
    data.copyInputs(of: rows, to: &inputs.numbers)
    let results = try outputs.results(at: inputs)
    return Matrix.constant(rows: rows.count, columns: results.width, results.numbers)
  }

  private func compiledOutputs() throws(CompilationError) -> CompiledFunction {
    if let outputs { return outputs }
    let compiled = try compileOutputs()
    compiled.threads = threads
    outputs = compiled
    return compiled
  }

  private func fill(_ data: Dataset, _ rows: [Int]) {
    samples.reshape(count: rows.count, width: function.inputCount)
    data.copyInputs(of: rows, to: &samples.numbers)
    loss.copyTargets(of: data, rows, to: &samples.numbers, from: data.inputCount * rows.count)
  }
}

extension Dataset {
  /// Copies the inputs of some rows, column by column.
  fileprivate func copyInputs(of rows: [Int], to numbers: inout [Double]) {
    var place = 0
    for column in 0..<inputCount {
      for row in rows {
        numbers[place] = inputs[row * inputCount + column]
        place += 1
      }
    }
  }
}

extension Loss {
  /// The loss of one sample, whose targets are Values.
  package func ofSample(_ outputs: [Value], targets: [Value]) -> Value {
    switch self {
    case .hinge: maxMarginLoss(scores: outputs, expected: targets)
    case .squaredHinge: squaredHingeLoss(scores: outputs, expected: targets)
    case .meanSquared: meanSquaredError(predicted: outputs, expected: targets)
    case .meanAbsolute: meanAbsoluteError(predicted: outputs, expected: targets)
    case .huber(let delta): huberLoss(predicted: outputs, expected: targets, delta: delta)
    case .binaryCrossEntropy: MicrogradNN.binaryCrossEntropy(logits: outputs, expected: targets)
    case .crossEntropy: MicrogradNN.crossEntropy(logits: outputs, class: targets[0])
    }
  }

  /// Returns the targets of some rows as numbers, column by column.
  fileprivate func targets(_ data: Dataset, _ rows: [Int]) -> [Double] {
    let columns = if case .numbers(_, let columns) = data.targets { columns } else { 1 }
    var numbers = [Double](repeating: 0, count: columns * rows.count)
    copyTargets(of: data, rows, to: &numbers, from: 0)
    return numbers
  }

  /// Copies the targets of some rows as numbers, column by column.
  fileprivate func copyTargets(of data: Dataset, _ rows: [Int], to numbers: inout [Double], from start: Int) {
    var place = start
    switch data.targets {
    case .numbers(let targets, let columns):
      for column in 0..<columns {
        for row in rows {
          numbers[place] = targets[row * columns + column]
          place += 1
        }
      }
    case .classes(let classes, _):
      for row in rows {
        numbers[place] = number(ofClass: classes[row])
        place += 1
      }
    }
  }
}
