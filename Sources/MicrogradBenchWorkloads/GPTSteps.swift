import CMicrogradBaselines
import Micrograd
import MicrogradGPT
import MicrogradNN

/// The training of microgpt from its starting point, on the text that comes with it.
private final class GPTSteps {
  private let documents: [[Int]]
  private let tokenCount: Int
  private let parameters: GPTParameters
  private let initial: [[Double]]
  private let evaluator: any GPTEvaluator
  private let batchSize: Int

  init(_ mode: GPTMode, batchSize: Int, precision: CompiledFunction.Precision = .double) {
    var options = GPTTraining.Options()
    options.mode = mode
    let training = GPTTraining(MicrogradGPT.documents(in: RiverNames.text), options)
    documents = training.documents.map(training.tokenizer.encode)
    tokenCount = training.tokenizer.count
    parameters = training.parameters
    initial = parameters.namedParameters.map(\.data)
    evaluator = mode.evaluator(parameters, precision: precision)
    self.batchSize = batchSize
  }

  var parameterCount: Int { initial.reduce(0) { $0 + $1.count } }

  /// As many steps as read that many documents, at least one.
  func steps(of count: Int) -> Int { max(1, count / batchSize) }

  /// Trains from the starting point on so many documents.
  func run(_ count: Int) -> Contestant.Outcome {
    for (parameter, data) in zip(parameters.namedParameters, initial) { parameter.data = data }
    var optimizer = Adam(
      parameters, schedule: .linear(from: 0.01, to: 0, steps: 1000), beta1: 0.85, beta2: 0.99)
    var last = 0.0
    for step in 0..<steps(of: count) {
      parameters.zeroGradients()
      last = evaluator.addGradients(
        of: (0..<batchSize).map { documents[(step * batchSize + $0) % documents.count] })
      optimizer.step()
    }
    return Contestant.Outcome(numbers: [last] + parameters.namedParameters.flatMap(\.gradients), nodes: 0)
  }

  /// The same data and starting point for the baseline in C.
  func withBaseline(_ body: (UnsafePointer<mgb_gpt>) -> Void) {
    let tokens = documents.flatMap { $0.map(Int32.init) }
    var starts: [Int64] = [0]
    for document in documents { starts.append(starts[starts.count - 1] + Int64(document.count)) }
    let numbers = initial.flatMap(\.self)
    tokens.withUnsafeBufferPointer { tokens in
      starts.withUnsafeBufferPointer { starts in
        numbers.withUnsafeBufferPointer { numbers in
          guard let tokens = tokens.baseAddress, let first = starts.baseAddress, let start = numbers.baseAddress
          else { return }
          var gpt = mgb_gpt(
            token_count: Int64(tokenCount), parameters: start, document_count: Int64(documents.count),
            tokens: tokens, starts: first, batch: Int64(batchSize))
          body(&gpt)
        }
      }
    }
  }
}

private func contestant(_ name: String, _ mode: GPTMode, batchSize: Int) -> Contestant {
  let steps = GPTSteps(mode, batchSize: batchSize)
  return Contestant(name: name, role: .library) { steps.run($0) }
}

/// microgpt's training with one document a step.
package func gptCase(documents: Int) -> Case {
  Case(
    name: "gpt", title: "microgpt, a document a step: a document", group: "gpt", iterations: documents,
    contestants: [
      contestant("Swift, scalar", .scalar, batchSize: 1),
      contestant("Swift, fused", .fused, batchSize: 1),
      contestant("Swift, compiled", .compiled, batchSize: 1),
    ])
}

/// microgpt's training, compiled in 64 and in 32 bits.
package func floatGPTCase(documents: Int, batchSize: Int) -> Case {
  func contestant(_ precision: CompiledFunction.Precision) -> Contestant {
    let steps = GPTSteps(.compiled, batchSize: batchSize, precision: precision)
    return Contestant(name: precision.rawValue, role: .library) { steps.run($0) }
  }
  return Case(
    name: "float-gpt-\(batchSize)", title: "microgpt, \(batchSize) documents a step: a document",
    group: "float-gpt-\(batchSize)",
    iterations: documents, contestants: [contestant(.double), contestant(.float)])
}

/// microgpt's training with sixteen documents a step, beside C that is vectorised over documents.
package func gptBatchCase(documents: Int, batchSize: Int = 16) -> Case {
  let training = GPTSteps(.compiled, batchSize: batchSize)
  return Case(
    name: "gpt-batch", title: "microgpt, \(batchSize) documents a step: a document", group: "gpt-batch",
    iterations: documents,
    contestants: [
      .handWritten(numbers: 1 + training.parameterCount) { documents, result in
        training.withBaseline { mgb_hand_gpt(Int64(training.steps(of: Int(documents))), $0, result) }
      },
      contestant("Swift, scalar", .scalar, batchSize: batchSize),
      contestant("Swift, fused", .fused, batchSize: batchSize),
      Contestant(name: "Swift, compiled", role: .library) { training.run($0) },
    ])
}
