import CMicrograd

extension CompiledFunction {
  /// Returns the data flow of one of the programs.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
  /// f.graph(of: .values).nodes.map(\.text)  // ["x[0]", "x[1]", "-·", "exp(·)", "· + · * ·", "result"]
  /// ```
  ///
  /// - Parameters:
  ///   - program: Which of the programs. It is made now if it has not been run yet.
  ///   - path: Which path, from 0 to ``pathCount`` - 1.
  /// - Precondition: Gradients are those of a function with one result.
  public func graph(of program: Program, path: Int = 0) -> ProgramGraph {
    let made = made(program, path)
    let results = (0..<resultCount).map { mg_program_output_row(made, Int64($0)) }
    let inputs = (0..<inputCount).map { mg_program_input_row(made, Int64($0)) }
    let adjoints = (0..<inputCount).map { mg_program_adjoint_row(made, Int64($0)) }
    var drawing = ProgramDrawing(names: ProgramNames(program: made))
    drawing.addInputs(inputs)
    for k in 0..<mg_program_block_instruction_count(made) { drawing.add(ProgramInstruction(k, of: drawing.names)) }
    drawing.addResults(results.filter { $0 >= 0 }, results.count == 1 ? "result" : "results")
    drawing.addResults(adjoints.filter { $0 >= 0 }, Self.inputs(0..<inputCount, ".grad"))
    return drawing.graph
  }
}

/// Builds a graph instruction by instruction. A row holds what the last instruction wrote into it.
private struct ProgramDrawing {
  let names: ProgramNames
  private var nodes: [ProgramGraph.Node] = []
  private var edges: [ProgramGraph.Edge] = []
  private var places: [ProgramGraph.Node: Int] = [:]  // of nodes that are there once
  private var writers: [Int32: Int] = [:]  // by row
  private var givers: [Int: Int] = [:]  // of the node that is being added: how much each gives

  init(names: ProgramNames) { self.names = names }

  var graph: ProgramGraph { ProgramGraph(nodes: nodes, edges: edges) }

  /// As many inputs as can be seen are nodes of their own.
  mutating func addInputs(_ rows: [Int32]) {
    if rows.allSatisfy({ $0 < 0 }) { return }
    let groups = rows.count <= 6 ? rows.indices.map { $0..<$0 + 1 } : [rows.indices]
    for group in groups {
      let place = append(.input, CompiledFunction.inputs(group))
      for k in group { writers[rows[k]] = place }
    }
  }

  mutating func add(_ instruction: ProgramInstruction) {
    for row in instruction.reads { read(row) }
    for range in instruction.uniforms { read(range) }
    let isGuard = instruction.kind == .guard
    let place = append(isGuard ? .result : .instruction, instruction.summary)
    for row in instruction.writes { writers[row] = place }
    for range in instruction.sums {
      guard let text = names.gradients(range.lowerBound, range.count) ?? (range.lowerBound == 0 ? "total" : nil)
      else { continue }
      givers[place, default: 0] += range.count
      once(.result, text)
    }
  }

  mutating func addResults(_ rows: [Int32], _ text: String) {
    if rows.isEmpty { return }
    for row in rows { read(row) }
    _ = append(.result, text)
  }

  // MARK: Nodes

  private mutating func append(_ kind: ProgramGraph.Kind, _ text: String) -> Int {
    nodes.append(.init(kind, text))
    connect(to: nodes.count - 1)
    return nodes.count - 1
  }

  /// A node of which there is one, whoever reads or writes it.
  @discardableResult
  private mutating func once(_ kind: ProgramGraph.Kind, _ text: String) -> Int {
    let node = ProgramGraph.Node(kind, text)
    if let place = places[node] {
      connect(to: place)
      return place
    }
    let place = append(kind, text)
    places[node] = place
    return place
  }

  private mutating func connect(to place: Int) {
    for (from, count) in givers.sorted(by: { $0.key < $1.key }) {
      edges.append(.init(from: from, to: place, count: count))
    }
    givers = [:]
  }

  // MARK: What is read

  private mutating func read(_ row: Int32) {
    let spread = mg_program_spread(names.program, row)
    if spread >= 0 { return read(spread..<spread + 1, asRow: true) }
    guard let writer = writers[row] else { return }
    givers[writer, default: 0] += 1
  }

  /// Numbers beside rows; a constant that is a factor or a term is in the instruction's text.
  private mutating func read(_ range: Range<Int32>, asRow: Bool = false) {
    let all = range.map(names.uniform)
    guard let first = all.first(where: { $0.number != nil }) ?? (asRow ? all.first : nil) else { return }
    let kind: ProgramGraph.Kind =
      first.number == nil ? .constant : all.contains { $0.prefix == "h" } ? .hoisted : .parameters
    let pending = givers
    givers = [:]
    let place = once(kind, ProgramNames.joined(all))
    givers = pending
    givers[place, default: 0] += range.count
  }
}
