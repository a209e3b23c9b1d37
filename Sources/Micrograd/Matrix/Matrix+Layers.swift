import CMicrograd

extension Matrix {
  /// Returns x · weightsᵀ + bias, a fully connected layer, as one block.
  ///
  /// Gradients are matrix products: as in PyTorch, a number that is not finite makes them NaN, even through outputs on
  /// which nothing depends.
  ///
  /// - Parameters:
  ///   - weights: [outputs, columns], one row per neuron.
  ///   - bias: One row with one number per neuron, or `nil`.
  /// - Returns: A matrix of `rows` × outputs.
  public func affine(weights: Matrix, bias: Vector? = nil) -> Matrix {
    affine(weights: weights, bias: bias?.matrix, relu: false)
  }

  /// Returns relu(x · weightsᵀ + bias) as one block.
  package func affineReLU(weights: Matrix, bias: Vector?) -> Matrix {
    affine(weights: weights, bias: bias?.matrix, relu: true)
  }

  internal func affine(weights: Matrix, bias: Matrix?, relu: Bool) -> Matrix {
    require(weights.columns == columns, "\(columns) inputs a sample, but weights for \(weights.columns)")
    require(
      bias.map { $0.count == weights.rows } ?? true,
      "\(bias?.count ?? 0) biases, but weights for \(weights.rows) neurons")
    return Matrix.make(rows: rows, columns: weights.rows, on: Matrix.recordingTape(self, weights, bias)) { tape in
      let layer = mg_layer(
        weights: weights.first(on: tape), biases: bias?.first(on: tape) ?? Value.noNode, input_count: Int32(columns),
        output_count: Int32(weights.rows), relu: relu)
      return mg_block_layer(tape, layer, first(on: tape), Int64(rows))
    } compute: { v in
      withNumbers { x in
        weights.withNumbers { w in
          let (inputs, outputs) = (Int64(columns), Int64(weights.rows))
          guard let bias else { return mg_affine_values(x, w, nil, relu, v, Int64(rows), inputs, outputs) }
          bias.withNumbers { mg_affine_values(x, w, $0, relu, v, Int64(rows), inputs, outputs) }
        }
      }
    }
  }

  /// Layer normalisation: each row is brought to mean 0 and variance 1, then multiplied by `gain` and shifted by `bias`.
  /// Ba, Kiros and Hinton, 2016.
  ///
  /// - Parameters:
  ///   - gain: One number per column.
  ///   - bias: One number per column.
  ///   - epsilon: A number above 0 that is added to the variance. The variance is that of the population, divided by the
  ///     number of columns.
  public func layerNorm(gain: Vector, bias: Vector, epsilon: Double = 1e-5) -> Matrix {
    norm(.layer_norm, gain.matrix, bias.matrix, epsilon)
  }

  /// RMS normalisation: each row is divided by its root mean square, then multiplied by `gain`. Zhang and Sennrich, 2019.
  ///
  /// - Parameters:
  ///   - gain: One number per column.
  ///   - epsilon: A number above 0 that is added to the mean square.
  public func rmsNorm(gain: Vector, epsilon: Double = 1e-5) -> Matrix { norm(.rms_norm, gain.matrix, nil, epsilon) }

  private func norm(_ op: OpCode, _ gain: Matrix, _ bias: Matrix?, _ epsilon: Double) -> Matrix {
    require(
      gain.count == columns && bias.map { $0.count == columns } ?? true,
      "a norm over \(columns) columns takes as many gains and biases")
    require(epsilon > 0, "epsilon is \(epsilon): give a number above 0")
    return Matrix.make(rows: rows, columns: columns, on: Matrix.recordingTape(self, gain, bias)) { tape in
      mg_block_norm(
        tape, op, first(on: tape), gain.first(on: tape), bias?.first(on: tape) ?? Value.noNode, epsilon, Int64(rows),
        Int64(columns))
    } compute: { v in
      withNumbers { x in
        gain.withNumbers { g in
          guard let bias else { return mg_norm_values(op, x, g, nil, epsilon, v, Int64(rows), Int64(columns)) }
          bias.withNumbers { mg_norm_values(op, x, g, $0, epsilon, v, Int64(rows), Int64(columns)) }
        }
      }
    }
  }

  /// Returns copies of some rows, in any order; a row may occur more than once. An embedding uses it.
  ///
  /// - Precondition: At least one index, each 0 to rows - 1.
  public func gathering(rows indices: [Int]) -> Matrix {
    require(!indices.isEmpty, "no rows are asked for: a matrix has at least one")
    for index in indices { require(index >= 0 && index < rows, "row \(index) of a table of \(rows)") }
    return Matrix.make(rows: indices.count, columns: columns, on: Matrix.recordingTape(self)) { tape in
      let start = first(on: tape)
      let runs = indices.map { start + Int32($0 * columns) }
      return mg_block_copy(tape, runs, Int64(columns), Int64(indices.count), Int64(columns))
    } compute: { v in
      withNumbers { x in
        for (k, index) in indices.enumerated() { (v + k * columns).update(from: x + index * columns, count: columns) }
      }
    }
  }

  /// Returns the cross-entropy of the softmax of each row, log Σ eˣ - x[class], without overflow, as one column.
  ///
  /// - Parameter classes: One class per row, 0 to columns - 1.
  public func crossEntropy(classes: [Int]) -> Matrix {
    require(classes.count == rows, "\(classes.count) classes for \(rows) rows: give each row one")
    let codes = classes.map { index in
      require(index >= 0 && index < columns, "class \(index) of \(columns)")
      return Int32(index)
    }
    return Matrix.make(rows: rows, columns: 1, on: Matrix.recordingTape(self)) { tape in
      mg_block_cross_entropy(tape, first(on: tape), codes, Int64(rows), Int64(columns))
    } compute: { v in
      withNumbers { mg_cross_entropy_values($0, codes, v, Int64(rows), Int64(columns)) }
    }
  }
}

/// A loss function of an element and its target.
package enum ElementLoss {
  case hinge, squaredHinge, squaredError, absoluteError, binaryCrossEntropy
  case huber(delta: Double)
}

extension Matrix {
  /// Returns the loss of each element for its expected number.
  package func losses(_ loss: ElementLoss, expected: [Double]) -> Matrix {
    switch loss {
    case .hinge: meet(.hinge, expected)
    case .squaredHinge: meet(.squared_hinge, expected)
    case .squaredError: meet(.squared_error, expected)
    case .absoluteError: meet(.absolute_error, expected)
    case .binaryCrossEntropy: meet(.binary_cross_entropy, expected)
    case .huber(let delta): meet(.huber, expected, constant: delta)
    }
  }
}
