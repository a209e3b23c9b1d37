extension LBFGS {
  /// The state of the optimiser.
  ///
  /// Its numbers are `n_iter` and `func_evals`, and after the first iteration also `t` and `H_diag`. Its buffers are empty
  /// before the first iteration; then they are `d`, `prev_flat_grad`, and the history `old_stps`, `old_dirs` and `ro`,
  /// oldest first.
  public var state: OptimizerState {
    var state = OptimizerState(
      kind: "LBFGS", stepCount: stepCount,
      numbers: ["n_iter": Double(iterationCount), "func_evals": Double(evaluationCount)])
    if memory.isEmpty { return state }
    state.numbers["t"] = memory.step
    state.numbers["H_diag"] = memory.scale
    state.buffers = [
      "d": memory.direction, "prev_flat_grad": memory.gradient, "old_stps": memory.steps,
      "old_dirs": memory.changes, "ro": memory.inverseProducts,
    ]
    return state
  }

  /// Restores a saved state.
  public mutating func restore(_ state: OptimizerState) throws(OptimizerStateError) {
    let hasMemory = state.numbers["n_iter"] != 0
    let pairs = state.buffers["ro"]?.count ?? 0
    let count = parameters.count
    let lengths = [
      "d": count, "prev_flat_grad": count, "old_stps": pairs * count, "old_dirs": pairs * count,
      "ro": min(pairs, historySize),
    ]
    try state.check(
      kind: "LBFGS", numbers: ["n_iter", "func_evals"] + (hasMemory ? ["t", "H_diag"] : []),
      buffers: hasMemory ? lengths : [:])
    let iterations = try state.wholeNumber("n_iter")
    let evaluations = try state.wholeNumber("func_evals")

    stepCount = state.stepCount
    iterationCount = iterations
    evaluationCount = evaluations
    memory = LBFGSMemory()
    guard hasMemory else { return }
    memory.direction = state.buffers["d"] ?? []
    memory.gradient = state.buffers["prev_flat_grad"] ?? []
    memory.steps = state.buffers["old_stps"] ?? []
    memory.changes = state.buffers["old_dirs"] ?? []
    memory.inverseProducts = state.buffers["ro"] ?? []
    memory.step = state.numbers["t"] ?? 0
    memory.scale = state.numbers["H_diag"] ?? 1
  }
}

extension OptimizerState {
  /// Returns the number of that name as a count.
  fileprivate func wholeNumber(_ name: String) throws(OptimizerStateError) -> Int {
    let found = numbers[name] ?? .nan
    guard let whole = Int(exactly: found), Self.possibleCounts.contains(whole) else {
      throw .number(name: name, found: found)
    }
    return whole
  }
}
