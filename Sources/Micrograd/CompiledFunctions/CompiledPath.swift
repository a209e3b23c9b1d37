import CMicrograd

/// One path through a function: its recording, lowered to ir; the comparisons that lead there; and its programs.
internal final class CompiledPath {
  private let path: OpaquePointer
  private var programs: [Int32: OpaquePointer] = [:]
  /// The programs for one sample, by ``OneSampleRun``.
  private let singles: UnsafeMutablePointer<OpaquePointer?>
  /// The comparisons made while recording, those first that can come out otherwise: as text, with their outcomes.
  let comparisons: [(text: String, holds: Bool)]
  /// A parameter or leaf of each block or scope that is used. It must be alive whenever a program runs.
  private let witnesses: [Value]
  let tape: UnsafeMutablePointer<mg_tape>
  private let precision: CompiledFunction.Precision

  deinit {
    for kind in OneSampleRun.allCases {
      if let single = singles[kind.rawValue] { mg_single_free(single) }
    }
    singles.deallocate()
    for program in programs.values { mg_program_free(program) }
    mg_path_free(path)
  }

  /// True if a sample can take another path.
  let isGuarded: Bool
  /// True if a program calls custom operations.
  let callsCustom: Bool
  /// True if a sample can name no place in a table.
  var picks: Bool {
    let values = program(CompiledFunction.Program.values.wants)
    return (0..<mg_program_block_instruction_count(values)).contains {
      mg_program_instruction(values, $0).kind == .places
    }
  }
  /// True if custom operations were recorded, used or not.
  let recordsCustom: Bool
  var nodeCount: Int { Int(mg_path_node_count(path)) }
  var parameterCount: Int { Int(mg_path_parameter_count(path)) }
  /// The numbers of recorded nodes that are unused, equal to another, and constant.
  var unusedCount: Int { Int(mg_path_unused_count(path)) }
  var mergedCount: Int { Int(mg_path_merged_count(path)) }
  var constantCount: Int { Int(mg_path_constant_count(path)) }
  /// The comparisons that can come out otherwise.
  var guards: [(text: String, holds: Bool)] {
    (0..<mg_path_guard_count(path)).map { comparisons[Int(mg_path_guard(path, $0))] }
  }

  /// Records the function at a sample on the current tape, and leaves nothing on it.
  convenience init(
    at sample: [Double], precision: CompiledFunction.Precision = .double,
    differentiating part: DifferentiatedPart = DifferentiatedPart(), of f: ([Value]) -> [Value], resultCount: inout Int
  ) throws(CompilationError) {
    let scope = RecordingScope(at: sample)
    defer { scope.end() }
    let (tape, start, inputs) = (scope.tape, scope.first, scope.inputs)
    let watch = RecordingWatch()
    let results = watch.watch(Tape(tape)) { f(inputs) }
    if let reason = watch.whatFreezes { throw .frozen(reason) }
    for result in results where result.pointer != nil && result.pointer != tape { trapMixed() }
    resultCount = results.count
    let comparisons = watch.comparisons, reads = watch.reads
    var fault = PathFault.noMemory
    var node = Value.noNode
    let outputs = results.map { $0.pointer == nil ? Value.noNode : $0.node(on: tape) }
    let numbers = results.map(\.unwatchedData)
    let parameters = part.parameters.map { $0.node(on: tape) }
    let made = outputs.withUnsafeBufferPointer { outputs in
      numbers.withUnsafeBufferPointer { numbers in
        comparisons.withUnsafeBufferPointer { comparisons in
          reads.withUnsafeBufferPointer { reads in
            parameters.withUnsafeBufferPointer { parameters in
              let request = mg_path_request(
                start: Int64(start), first_input: start, input_count: Int64(sample.count),
                parameter_inputs: parameters.baseAddress, parameter_input_count: Int64(parameters.count),
                gradient_count: Int64(part.inputs ?? parameters.count + sample.count),
                jacobian_count: Int64(part.results ?? outputs.count), is_symmetric: part.isSymmetric,
                outputs: outputs.baseAddress,
                output_numbers: numbers.baseAddress, output_count: Int64(outputs.count),
                comparisons: comparisons.baseAddress, comparison_count: Int64(comparisons.count),
                reads: reads.baseAddress, read_count: Int64(reads.count))
              return mg_path_create(tape, request, &fault, &node)
            }
          }
        }
      }
    }
    let text = RecordedText(tape: tape, firstInput: start, inputCount: Int32(sample.count))
    guard let made else {
      switch fault {
      case .noMemory: trapFull(tape)
      case .outside: throw .computedOutside(text.describe(node))
      case .read: throw .numberRead(text.describe(node))
      }
    }
    self.init(
      made, tape: tape, precision: precision, comparisons: comparisons.map { (text.describe($0), $0.holds) })
  }

  /// Takes over a path that was made.
  init(
    _ made: OpaquePointer, tape: UnsafeMutablePointer<mg_tape>, precision: CompiledFunction.Precision,
    comparisons: [(text: String, holds: Bool)]
  ) {
    path = made
    singles = .allocate(capacity: OneSampleRun.allCases.count)
    singles.initialize(repeating: nil, count: OneSampleRun.allCases.count)
    self.precision = precision
    isGuarded = mg_path_guard_count(made) > 0
    callsCustom = mg_path_calls_custom(made)
    recordsCustom = mg_path_records_custom(made)
    (self.tape, self.comparisons) = (tape, comparisons)
    var witnesses: [Value] = []
    for k in 0..<mg_path_parameter_count(made) {
      let handle = mg_tape_handle(tape, mg_path_parameter(made, k))
      if let last = witnesses.last, last.bits >> 29 == handle >> 29 { continue }
      witnesses.append(Value(tape, handle: handle))
    }
    self.witnesses = witnesses
  }

  /// The handles of the parameters. Traps if one was released.
  var parameterHandles: [UInt64] {
    checkParameters()
    return (0..<mg_path_parameter_count(path)).map { mg_tape_handle(tape, mg_path_parameter(path, $0)) }
  }

  /// Adds the path to the bytes of a file (mg_path_file.h). Returns the name of the operation that cannot be in one.
  func write(_ places: [Int32], _ inputs: inout [UInt8], _ bytes: inout mg_text) -> String? {
    let custom = places.withUnsafeBufferPointer { places in
      inputs.withUnsafeMutableBufferPointer { mg_path_write(path, places.baseAddress, $0.baseAddress, &bytes) }
    }
    return custom.map { String(cString: $0.pointee.name) }
  }

  /// Returns the program for what is wanted. It is made at the first call. Comparisons are made in double: a sample takes the
  /// same path in any precision.
  func program(_ wants: Int32) -> OpaquePointer {
    if let program = programs[wants] { return program }
    let isFloat = precision == .float && wants != Int32(MG_WANT_GUARDS)
    guard let program = mg_program_create(path, isFloat ? wants | Int32(MG_WANT_FLOAT) : wants) else { trapFull(tape) }
    programs[wants] = program
    return program
  }

  /// Traps if a parameter was released.
  func checkParameters() {
    for witness in witnesses { _ = witness.node(on: tape) }
  }

  /// Runs a program. Traps if a parameter was released.
  func run(_ wants: Int32, _ batch: mg_batch) -> Double {
    checkParameters()
    var result = mg_batch_result()
    let program = program(wants)
    mg_tape_begin_rule(tape)  // the program may call rules of custom operations
    let status = mg_program_run(program, tape, batch, &result)
    mg_tape_end_rule(tape)
    if status != .ok { trapFull(tape) }
    if wants != Int32(MG_WANT_GUARDS), result.bad_sample >= 0 {
      Self.trapBadPick(result.bad_index, "samples[\(result.bad_sample)]", result.table_count)
    }
    return result.total
  }

  /// Runs a program for one sample. Traps where a parameter was released.
  func run(
    _ kind: OneSampleRun, at sample: [Double], _ values: UnsafeMutablePointer<Double>?,
    _ gradient: UnsafeMutablePointer<Double>?
  ) -> mg_single_result {
    sample.withUnsafeBufferPointer { run(kind, at: $0, values, gradient) }
  }

  /// The same for a sample in memory.
  func run(
    _ kind: OneSampleRun, at sample: UnsafeBufferPointer<Double>, _ values: UnsafeMutablePointer<Double>?,
    _ gradient: UnsafeMutablePointer<Double>?
  ) -> mg_single_result {
    if !witnesses.isEmpty { checkParameters() }
    var result = mg_single_result()
    let single = single(kind)
    if callsCustom { mg_tape_begin_rule(tape) }
    // Of a sample without numbers nothing is read: any address will do.
    let numbers = sample.baseAddress ?? UnsafePointer(OpaquePointer(singles))
    let status = mg_single_run(single, tape, numbers, values, gradient, &result)
    if callsCustom { mg_tape_end_rule(tape) }
    if status != .ok { trapFull(tape) }
    if result.table_count > 0, kind != .guards {
      Self.trapBadPick(result.bad_index, "the sample", result.table_count)
    }
    return result
  }

  private func single(_ kind: OneSampleRun) -> OpaquePointer {
    if let made = singles[kind.rawValue] { return made }
    guard let single = mg_single_create(program(kind.wants)) else { trapFull(tape) }
    singles[kind.rawValue] = single
    return single
  }

  /// A program for one sample, with the parameters as they are now. The caller frees it before the path is released.
  func snapshot(_ kind: OneSampleRun) -> OpaquePointer {
    checkParameters()
    guard let single = mg_single_create(program(kind.wants)), mg_single_read_parameters(single, tape) == .ok else {
      trapFull(tape)
    }
    return single
  }

  static func trapBadPick(_ index: Double, _ sample: String, _ count: Int64) -> Never {
    trap(
      """
      pick: the index \(index) of \(sample) is no place in a table of \(count): give a whole number from 0 to \
      \(count - 1)
      """)
  }

  /// True if all comparisons of another recording of the function came out as here.
  func isSamePath(as other: CompiledPath) -> Bool {
    comparisons.map(\.holds) == other.comparisons.map(\.holds)
  }

  /// Returns the first comparison that came out otherwise in another path. If one path has fewer comparisons, returns the
  /// last one of the shorter path.
  func comparison(leadingTo other: CompiledPath) -> String {
    for (mine, theirs) in zip(comparisons, other.comparisons) where mine.holds != theirs.holds { return mine.text }
    return (comparisons.count < other.comparisons.count ? comparisons : other.comparisons).last?.text ?? "of none"
  }
}

/// A scope of the current tape in which a function is recorded, pauses or not, at leaves for its inputs.
internal struct RecordingScope {
  let tape: UnsafeMutablePointer<mg_tape>
  /// The node of the first input; the next node if there are no inputs.
  let first: mg_node
  let inputs: [Value]
  private let pauses: Int64

  init(at sample: [Double]) {
    let tape = currentTape()
    pauses = mg_tape_suspend_pauses(tape)
    if mg_tape_begin_scope(tape) != .ok { trapFull(tape) }
    let leaves = mg_leaf_run(tape, sample, Int64(sample.count))
    if leaves == Value.noNode && !sample.isEmpty { trapFull(tape, adding: sample.count) }
    let first = sample.isEmpty ? Int32(tape.pointee.count) : leaves
    inputs = (0..<Int32(sample.count)).map { Value(tape, first + $0) }
    (self.tape, self.first) = (tape, first)
  }

  func end() {
    mg_tape_end_scope(tape)
    mg_tape_restore_pauses(tape, pauses)
  }
}

extension RecordingWatch {
  /// What was done that a program cannot repeat for each sample.
  internal var whatFreezes: String? {
    if outOfMemory { return "makes more comparisons than there is memory for" }
    if paused { return "computes without recording (withoutGradients)" }
    if swept {
      return "computes derivatives as plain numbers (backward, gradient), reads them, or calls a compiled function"
    }
    if written { return "sets data or gradients" }
    if drawn { return "draws random numbers (dropout, in training)" }
    if reclaimed { return "compares Values, or reads them, in a scope that has ended (Tape.scope)" }
    return nil
  }
}

/// Expressions of a recording as text.
private struct RecordedText {
  let tape: UnsafeMutablePointer<mg_tape>
  let firstInput: mg_node
  let inputCount: Int32

  func describe(_ comparison: mg_comparison) -> String {
    let left = side(comparison.left, comparison.left_number), right = side(comparison.right, comparison.right_number)
    let node = comparison.left == Value.noNode ? comparison.right : comparison.left
    return "\(left) \(comparison.relation.symbol) \(right)\(place(of: node))"
  }

  func describe(_ node: mg_node) -> String { "\(expression(node, depth: 3))\(place(of: node))" }

  private func side(_ node: mg_node, _ number: Double) -> String {
    node == Value.noNode ? brief(number) : expression(node, depth: 3)
  }

  /// The line that recorded the node, in debug builds.
  private func place(of node: mg_node) -> String {
    guard node >= 0, let origin = RecordedStack(of: node, on: tape).origin else { return "" }
    return " (recorded at \(origin))"
  }

  private func expression(_ node: mg_node, depth: Int) -> String {
    if node >= firstInput && node < firstInput + inputCount { return "x[\(node - firstInput)]" }
    if node < 0 { return "parameter" }
    let recorded = RecordedNode(tape: tape, node: node)
    if recorded.isLeaf { return brief(recorded.data) }
    // An argument of a function whose derivative is recorded is a copy.
    if mg_node_op(tape, node) == .copy { return expression(recorded.operandNode(0), depth: depth) }
    if depth == 0 { return "…" }
    let operation = recorded.operation, count = recorded.operandCount
    let operands = (0..<min(count, 4)).map { expression(recorded.operandNode($0), depth: depth - 1) }
    if operation.notation == .call && operation.constant == nil {
      return "\(operation)(\(operands.joined(separator: ", "))\(count > operands.count ? ", …" : ""))"
    }
    let other = count > 1 ? operands[1] : operation.constant.map(brief)
    let text = operation.notation.text(operation.symbol, operands[0], other)
    return operation.notation.isCall ? text : "(\(text))"
  }
}
