import CMicrograd

/// A layer of neurons as plain numbers, without a tape.
package struct LayerNumbers: Sendable {
  /// The weights in row-major order, one row per neuron.
  private let weights: [Double]
  private let biases: [Double]
  private let isNonlinear: Bool

  /// Copies the current numbers of a layer.
  package init(_ place: LayerPlace) {
    weights = place.weightMatrix.data
    biases = place.biasVector.data
    isNonlinear = place.isNonlinear
  }

  /// Returns the outputs for a batch of plain numbers, bit for bit those of recording the layer in this way.
  package func evaluate(_ batch: Matrix, _ evaluation: Evaluation) -> Matrix {
    batch.evaluatingNeurons(
      weights: .constant(rows: biases.count, columns: batch.columns, weights),
      biases: .constant(rows: 1, columns: biases.count, biases), relu: isNonlinear, evaluation)
  }
}

extension LayerPlace {
  /// Returns the outputs for a batch without recording, bit for bit those of recording.
  internal func evaluatePlainly(_ batch: Matrix, _ evaluation: Evaluation) -> Matrix {
    batch.evaluatingNeurons(weights: weightMatrix, biases: biasVector.matrix, relu: isNonlinear, evaluation)
  }
}

extension Matrix {
  /// What a layer computes from the numbers of this matrix, sample by sample where the layer is not a block.
  fileprivate func evaluatingNeurons(
    weights: Matrix, biases: Matrix, relu: Bool, _ evaluation: Evaluation
  ) -> Matrix {
    let isBlock = evaluation == .blas || evaluation == .automatic && rows > 1
    guard !isBlock, let recording = evaluation.recording(weights: weights.count) else {
      return affine(weights: weights, bias: biases, relu: relu)
    }
    return Matrix.make(rows: rows, columns: weights.rows, on: nil) { _ in
      Value.noNode
    } compute: { v in
      withNumbers { x in
        weights.withNumbers { w in
          biases.withNumbers { b in
            for row in 0..<rows {
              mg_evaluate_neurons(
                w, b, Int64(columns), Int64(weights.rows), relu, recording, x + row * columns, v + row * weights.rows)
            }
          }
        }
      }
    }
  }
}
