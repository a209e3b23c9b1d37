import CMicrograd

// One step of each optimiser over all runs. Its state lies in one array, buffer after buffer, each with a number a
// parameter in the order of the runs; the formulas are in mg_optimizers.c.
extension ParameterRuns {
  /// SGD's step; `state` is momentum_buffer, or empty where there is no momentum.
  package func stepSGD(
    learningRate: Double, momentum: Double, dampening: Double, weightDecay: Double, isNesterov: Bool, isFirst: Bool,
    state: inout [Double]
  ) {
    let rule = mg_sgd(
      learning_rate: learningRate, momentum: momentum, dampening: dampening, weight_decay: weightDecay,
      is_nesterov: isNesterov, is_first: isFirst)
    forEachRun(state: &state) { values, gradients, count, state in
      mg_sgd_step(rule, values, gradients, state(0), count)
    }
  }

  /// Adam's or AdamW's step, counted from 1; `state` is exp_avg, exp_avg_sq and, for AMSGrad, max_exp_avg_sq.
  package func stepAdam(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, isDecoupled: Bool,
    step: Int, state: inout [Double]
  ) {
    let rule = mg_adam(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
      is_decoupled: isDecoupled, step: Int64(step))
    forEachRun(state: &state) { values, gradients, count, state in
      guard let mean = state(0), let square = state(1) else { return }
      mg_adam_step(rule, values, gradients, mean, square, state(2), count)
    }
  }

  /// RMSProp's step; `state` is square_avg, then grad_avg where centred, then momentum_buffer where there is momentum.
  package func stepRMSProp(
    learningRate: Double, alpha: Double, epsilon: Double, weightDecay: Double, momentum: Double, isCentered: Bool,
    state: inout [Double]
  ) {
    let rule = mg_rmsprop(
      learning_rate: learningRate, alpha: alpha, epsilon: epsilon, weight_decay: weightDecay, momentum: momentum)
    forEachRun(state: &state) { values, gradients, count, state in
      guard let square = state(0) else { return }
      mg_rmsprop_step(
        rule, values, gradients, square, isCentered ? state(1) : nil, state(isCentered ? 2 : 1), count)
    }
  }

  /// Adagrad's step, counted from 1; `state` is sum.
  package func stepAdagrad(
    learningRate: Double, learningRateDecay: Double, weightDecay: Double, epsilon: Double, step: Int,
    state: inout [Double]
  ) {
    let rule = mg_adagrad(
      learning_rate: learningRate, learning_rate_decay: learningRateDecay, weight_decay: weightDecay,
      epsilon: epsilon, step: Int64(step))
    forEachRun(state: &state) { values, gradients, count, state in
      guard let sum = state(0) else { return }
      mg_adagrad_step(rule, values, gradients, sum, count)
    }
  }

  /// Adds `scale * direction` to the numbers.
  package func move(along direction: [Double], by scale: Double) {
    require(direction.count == count, "a direction of \(direction.count) numbers for \(count) parameters")
    direction.withUnsafeBufferPointer { direction in
      guard let start = direction.baseAddress else { return }
      forEachRun(settingNumbers: true) { values, _, count, offset in
        mg_vector_add_scaled(values, scale, start + offset, Int64(count))
      }
    }
  }

  /// Calls `body` with each run and with its part of every state buffer, `nil` for one that is not there.
  private func forEachRun(
    state: inout [Double],
    _ body: (
      _ values: UnsafeMutablePointer<Double>, _ gradients: UnsafePointer<Double>, _ count: Int64,
      _ state: (Int) -> UnsafeMutablePointer<Double>?
    ) -> Void
  ) {
    let stride = count
    // Zeroing is cheap for what is in the nearest cache still.
    let piece = zeroesGradientsInSteps ? 2048 : Int.max
    state.withUnsafeMutableBufferPointer { state in
      forEachRun(settingNumbers: true) { values, gradients, count, offset in
        var start = 0
        while start < count {
          let length = min(piece, count - start)
          body(values + start, gradients + start, Int64(length)) { k in
            (k + 1) * stride <= state.count ? state.baseAddress.map { $0 + (k * stride + offset + start) } : nil
          }
          if zeroesGradientsInSteps { (gradients + start).update(repeating: 0, count: length) }
          start += length
        }
      }
    }
  }
}

// MARK: - Gradients

extension ParameterRuns {
  /// The Euclidean norm of all gradients together: NaN where one is NaN, else infinite where one is.
  package var gradientNorm: Double {
    var squares = 0.0
    forEachRun { _, gradients, count, _ in squares += mg_vector_dot(gradients, gradients, Int64(count)) }
    if squares.isNormal || squares.isNaN { return squares.squareRoot() }
    // Squares overflowed or vanished: those of the quotients by the largest do not.
    var largest = 0.0
    forEachRun { _, gradients, count, _ in largest = max(largest, mg_vector_largest(gradients, Int64(count))) }
    if largest == 0 || largest.isInfinite { return largest }
    squares = 0
    forEachRun { _, gradients, count, _ in squares += mg_vector_square_sum(gradients, largest, Int64(count)) }
    return largest * squares.squareRoot()
  }

  /// Multiplies all gradients by `factor`.
  package func scaleGradients(by factor: Double) {
    forEachRun { _, gradients, count, _ in mg_vector_scale(gradients, factor, Int64(count)) }
    noteGradientsChanged()
  }

  /// Brings all gradients into -bound … bound; NaN stays.
  package func clampGradients(to bound: Double) {
    forEachRun { _, gradients, count, _ in mg_vector_clamp(gradients, bound, Int64(count)) }
    noteGradientsChanged()
  }
}
