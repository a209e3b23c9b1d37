import CMicrograd
import Foundation
import Micrograd
import MicrogradNN

/// Training steps of a network of the size that handwritten digits want, 784-512-256-10 in batches of 128, beside the
/// products of matrices that they need, and nothing else.
package func digitsCase(threads: Int, sizes: [Int] = [784, 512, 256, 10], batch: Int = 128) -> Case {
  let training = DigitsTraining(sizes: sizes, batch: batch)
  let products = DigitsProducts(sizes: sizes, batch: batch)
  return Case(
    name: "digits-\(threads)",
    title:
      "\(sizes.map(String.init).joined(separator: "-")), batch \(batch), \(threads == 1 ? "1 thread" : "\(threads) threads")",
    group: "digits-\(threads)", iterations: 8,
    contestants: [
      Contestant(name: "matrix products alone", role: .handWritten) { steps in
        mg_blas_set_thread_count(Int32(threads))
        return products.run(steps)
      },
      Contestant(name: "Swift, automatic", role: .library) { steps in
        mg_blas_set_thread_count(Int32(threads))
        return training.run(steps)
      },
    ])
}

private struct DigitsTraining {
  private let inputs: Matrix
  private let classes: [Int]
  private let model: Sequential
  private let initial: [[Double]]

  init(sizes: [Int], batch: Int) {
    var random = PythonRandom(seed: 7)
    inputs = .constant(rows: batch, columns: sizes[0], (0..<batch * sizes[0]).map { _ in random.random() })
    classes = (0..<batch).map { _ in random.randint(0, sizes[sizes.count - 1] - 1) }
    var layers: [any Model] = []
    for (n, m) in zip(sizes, sizes.dropFirst()) {
      layers += [Linear(n, m, using: &random), Activation.relu]
    }
    model = Sequential(Array(layers.dropLast()))
    initial = model.namedParameters.map(\.data)
  }

  func run(_ steps: Int) -> Contestant.Outcome {
    for (parameter, data) in zip(model.namedParameters, initial) { parameter.data = data }
    var optimizer = SGD(model, learningRate: 0.1)
    optimizer.zeroGradients()
    var (last, nodes) = (0.0, 0)
    for _ in 0..<steps {
      Tape.scope {
        let loss = crossEntropy(logits: model(inputs), classes: classes)
        loss.backward()
        optimizer.stepAndZeroGradients()
        last = loss.data
        nodes = Tape.current.nodeCount
      }
    }
    return Contestant.Outcome(numbers: [last], nodes: nodes)
  }
}

/// For each layer x Wᵀ and dᵀ x, and d W for all but the first, which has no inputs that want a gradient.
private final class DigitsProducts {
  private let sizes: [Int]
  private let batch: Int
  private var x: [[Double]]
  private var d: [[Double]]
  private var w: [[Double]]
  private var dw: [[Double]]

  init(sizes: [Int], batch: Int) {
    self.sizes = sizes
    self.batch = batch
    x = sizes.map { Array(repeating: 0.5, count: batch * $0) }
    d = sizes.map { Array(repeating: 0.25, count: batch * $0) }
    w = zip(sizes, sizes.dropFirst()).map { Array(repeating: 0.125, count: $0 * $1) }
    dw = w
  }

  func run(_ steps: Int) -> Contestant.Outcome {
    let rows = Int64(batch)
    for _ in 0..<steps {
      for (k, (n, m)) in zip(sizes, sizes.dropFirst()).enumerated() {
        let (n, m) = (Int64(n), Int64(m))
        mg_matrix_multiply(rows, m, n, x[k], false, w[k], true, &x[k + 1])
        mg_matrix_multiply(m, n, rows, d[k + 1], true, x[k], false, &dw[k])
        if k > 0 { mg_matrix_multiply(rows, n, m, d[k + 1], false, w[k], false, &d[k]) }
      }
    }
    return Contestant.Outcome(numbers: [dw[0][0]], nodes: 0)
  }
}
