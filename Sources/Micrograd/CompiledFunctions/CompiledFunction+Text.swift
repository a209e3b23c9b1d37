import CMicrograd

extension CompiledFunction: CustomStringConvertible {
  /// A summary: the numbers of inputs and results, the paths, and the size of their programs.
  ///
  /// ```
  /// compiled function of 2 inputs: 1 result, 1 path
  /// 6 nodes recorded; dropped: none
  /// values: 3 instructions, 3 rows, 4 operations and 88 bytes a sample
  /// gradient by inputs: 3 instructions, 3 rows, 3 operations and 88 bytes a sample
  /// ```
  public var description: String {
    var lines = [heading]
    for (k, path) in paths.enumerated() {
      lines += pathLines(k)
      for program in programs(of: path) {
        let figures = figures(of: program, path: k)
        lines.append(
          """
          \(program.name): \(Self.count(figures.instructions, "instruction")), \(Self.count(figures.rows, "row")), \
          \(Self.count(figures.operations, "operation")) and \(Self.count(figures.bytes, "byte")) a sample
          """)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Returns one of the programs as text, instruction by instruction, with the counts of what was hoisted, fused and
  /// dropped.
  ///
  /// `x` are the inputs, `p` parameters, `h` numbers that are computed once a call, `r` rows: one number for each sample of
  /// a block. A row is used again when nobody needs what is in it. `r3…r18 = ReLU(p0…p31 [16×2] · r0 r1 + p32…p47)` is a
  /// matrix of the parameters p0 … p31 times a vector, whose results are the rows r3 … r18. Long lists are cut.
  ///
  /// - Parameters:
  ///   - program: Which of the programs. It is made now if it has not been run yet.
  ///   - path: Which path, from 0 to ``pathCount`` - 1.
  /// - Precondition: Gradients are those of a function with one result.
  public func text(of program: Program, path: Int = 0) -> String {
    let figures = figures(of: program, path: path), made = made(program, path)
    let names = ProgramNames(program: made)
    var lines = [heading] + pathLines(path)
    lines += [
      "",
      """
      \(program.name): \(Self.count(figures.instructions, "instruction")) over blocks of \
      \(Self.count(figures.samplesPerBlock, "sample")); \(Self.count(figures.rows, "row")), \
      \(Self.grouped(figures.bytesOfRows)) bytes
      """,
      "a sample: \(Self.count(figures.operations, "floating-point operation")), "
        + "\(Self.count(figures.bytes, "byte")) of rows read and written",
      "hoisted: \(Self.count(figures.hoistedValues, "value")) computed once a call",
      "fused: \(Self.count(figures.fusedOperations, "operation")) done in an instruction with others",
    ]
    lines += ["", "x: inputs; p: parameters; h: computed once a call; r: rows, a number for each sample of a block"]
    let hoisted = names.prologueLines
    if !hoisted.isEmpty { lines += ["", "once a call"] + hoisted.map { "  " + $0 } }
    lines += ["", "each block"]
    lines += (loads(names) + names.instructionLines + stores(names)).map { "  " + $0 }
    if program == .gradientByParameters, let back = names.backLine { lines += ["", "once a call", "  " + back] }
    return lines.joined(separator: "\n")
  }

  private var heading: String {
    let parameters = paths.map(\.parameterCount).max() ?? 0
    let inputs = Self.count(inputCount, "input")
    return "compiled function of \(inputs)\(parameters > 0 ? " and \(Self.count(parameters, "parameter"))" : ""): "
      + "\(Self.count(resultCount, "result")), \(Self.count(pathCount, "path"))"
  }

  /// The recording, what was dropped from it, and the comparisons that lead to this path.
  private func pathLines(_ k: Int) -> [String] {
    let path = paths[k]
    let dropped = [
      (path.unusedCount, "unused"), (path.mergedCount, "equal to another"), (path.constantCount, "constant"),
    ].filter { $0.0 > 0 }.map { "\(Self.grouped($0.0)) \($0.1)" }
    var line = pathCount > 1 ? "path \(k): " : ""
    line += "\(Self.count(path.nodeCount, "node")) recorded; dropped: "
    line += dropped.isEmpty ? "none" : dropped.joined(separator: ", ")
    return [line] + path.guards.prefix(8).map { "  where \($0.text) is \($0.holds)" }
      + (path.guards.count > 8 ? ["  … (\(path.guards.count) comparisons)"] : [])
  }

  private func loads(_ names: ProgramNames) -> [String] {
    let rows = (0..<inputCount).map { mg_program_input_row(names.program, Int64($0)) }
    if rows.allSatisfy({ $0 < 0 }) { return [] }
    return ["\(names.rows(rows)) = \(Self.inputs(0..<inputCount))"]
  }

  private func stores(_ names: ProgramNames) -> [String] {
    var lines: [String] = []
    let results = (0..<resultCount).map { mg_program_output_row(names.program, Int64($0)) }.filter { $0 >= 0 }
    if !results.isEmpty { lines.append("\(results.count == 1 ? "result" : "results") = \(names.rows(results))") }
    let adjoints = (0..<inputCount).map { mg_program_adjoint_row(names.program, Int64($0)) }.filter { $0 >= 0 }
    if !adjoints.isEmpty { lines.append("\(Self.inputs(0..<inputCount, ".grad")) = \(names.rows(adjoints))") }
    return lines
  }

  /// `x[0] x[1]`, or `x[0]…x[63]`.
  internal static func inputs(_ range: Range<Int>, _ suffix: String = "") -> String {
    range.count < 3
      ? range.map { "x[\($0)]\(suffix)" }.joined(separator: " ")
      : "x[\(range.lowerBound)]…x[\(range.upperBound - 1)]\(suffix)"
  }

  internal static func count(_ n: Int, _ noun: String) -> String { "\(grouped(n)) \(noun)\(n == 1 ? "" : "s")" }

  /// Thousands apart: 12,345.
  private static func grouped(_ n: Int) -> String {
    var text = ""
    for (k, digit) in String(n).reversed().enumerated() {
      if k > 0 && k % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}

extension ProgramNames {
  fileprivate var instructionLines: [String] {
    (0..<mg_program_block_instruction_count(program)).map { ProgramInstruction($0, of: self).line }
  }

  /// The numbers that are computed once a call, the first of them where there are many.
  fileprivate var prologueLines: [String] {
    let tape = mg_program_prologue(program), most = 24
    var lines: [String] = []
    var count = 0
    for index in mg_program_parameter_count(program)..<tape.pointee.count {
      let recorded = RecordedNode(tape: tape, node: mg_node(index))
      if recorded.isLeaf || mg_node_op(tape, mg_node(index)) == .block { continue }
      count += 1
      if count > most { continue }
      lines.append("\(prologueNode(mg_node(index)).text) = \(text(of: recorded))")
    }
    return count > most ? lines + ["… (\(count) values)"] : lines
  }

  private func text(of recorded: RecordedNode) -> String {
    let operation = recorded.operation
    let names = (0..<recorded.operandCount).map { prologueNode(recorded.operandNode($0)) }
    if operation.notation == .call && operation.constant == nil { return "\(operation)(\(Self.joined(names)))" }
    let other = names.count > 1 ? names[1].text : operation.constant.map(brief)
    return operation.notation.text(operation.symbol, names[0].text, other)
  }

  /// How what sums of hoisted numbers got reaches the parameters.
  fileprivate var backLine: String? {
    let parameters = mg_program_parameter_count(program)
    let hoisted = (0..<Int32(mg_program_sum_count(program))).compactMap { index -> Name? in
      let node = mg_program_sum(program, index)
      return node != Value.noNode && Int64(node) >= parameters ? prologueNode(node) : nil
    }
    return hoisted.isEmpty ? nil : "\(Self.joined(hoisted)).grad back to the parameters"
  }
}
