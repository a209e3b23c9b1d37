import CMicrograd

extension CompiledFunction {
  /// The programs of a path. Each is made when it is first needed.
  public enum Program: Sendable, Hashable, CaseIterable {
    /// What ``CompiledFunction/values(at:)`` and ``CompiledFunction/results(at:)->Samples`` run.
    case values
    /// What ``CompiledFunction/backward(at:reduction:)`` runs.
    case gradientByParameters
    /// What ``CompiledFunction/gradients(at:)`` runs.
    case gradientByInputs
    /// What ``CompiledFunction/valuesWithGradients(at:)`` runs.
    case valuesWithGradientByInputs
    /// Finds the samples that take another path. It runs before the others if there are comparisons.
    case comparisons

    internal var wants: Int32 {
      switch self {
      case .values: Int32(MG_WANT_VALUES)
      case .gradientByParameters: Int32(MG_WANT_PARAMETERS)
      case .gradientByInputs: Int32(MG_WANT_INPUTS)
      case .valuesWithGradientByInputs: Int32(MG_WANT_VALUES | MG_WANT_INPUTS)
      case .comparisons: Int32(MG_WANT_GUARDS)
      }
    }

    internal var name: String {
      switch self {
      case .values: "values"
      case .gradientByParameters: "gradient by parameters"
      case .gradientByInputs: "gradient by inputs"
      case .valuesWithGradientByInputs: "values with gradient by inputs"
      case .comparisons: "comparisons"
      }
    }
  }

  /// Returns the size and the cost of one of the programs.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
  /// f.figures(of: .values).instructions  // 3
  /// ```
  ///
  /// - Parameters:
  ///   - program: Which of the programs. It is made now if it has not been run yet.
  ///   - path: Which path, from 0 to ``pathCount`` - 1.
  /// - Precondition: Gradients are those of a function with one result.
  public func figures(of program: Program, path: Int = 0) -> ProgramFigures {
    let (path, program) = (self.path(path), made(program, path))
    return ProgramFigures(
      recordedNodes: path.nodeCount, unusedNodes: path.unusedCount, mergedNodes: path.mergedCount,
      constantNodes: path.constantCount, hoistedValues: Int(mg_program_hoisted_count(program)),
      instructions: Int(mg_program_block_instruction_count(program)), rows: Int(mg_program_row_count(program)),
      samplesPerBlock: Int(mg_program_block_size(program)), operations: Int(mg_program_flops(program)),
      fusedOperations: Int(mg_program_fused_count(program)), bytes: Int(mg_program_bytes(program)))
  }

  internal func path(_ path: Int) -> CompiledPath {
    require(path >= 0 && path < pathCount, "path \(path): the function has \(pathCount), numbered from 0")
    return paths[path]
  }

  internal func made(_ program: Program, _ path: Int) -> OpaquePointer {
    switch program {
    case .values, .comparisons: break
    default: require(resultCount == 1, "the function has \(resultCount) results: its gradient is that of one")
    }
    return self.path(path).program(program.wants)
  }

  /// The programs that a path has a use for: there are no gradients by nothing.
  internal func programs(of path: CompiledPath) -> [Program] {
    var programs: [Program] = path.isGuarded ? [.comparisons, .values] : [.values]
    if resultCount == 1 && path.parameterCount > 0 { programs.append(.gradientByParameters) }
    if resultCount == 1 && inputCount > 0 { programs.append(.gradientByInputs) }
    return programs
  }
}
