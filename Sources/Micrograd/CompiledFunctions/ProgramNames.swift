import CMicrograd

/// What the rows, numbers and sums of a program are called where it is printed: `r3` a row, with a number for each sample;
/// `p5` a parameter; `h2` what is computed once a call; a constant by its number.
internal struct ProgramNames {
  /// A letter with a number, or a text of its own.
  struct Name: Hashable {
    let prefix: String
    var number: Int?

    var text: String { prefix + (number.map(String.init) ?? "") }
  }

  let program: OpaquePointer

  /// A row that holds one number for all samples has that number's name.
  func row(_ row: Int32) -> Name {
    let spread = mg_program_spread(program, row)
    return spread >= 0 ? uniform(spread) : Name(prefix: "r", number: Int(row))
  }

  /// A number that does not depend on the sample.
  func uniform(_ index: Int32) -> Name {
    var constant = 0.0
    let node = mg_program_uniform(program, index, &constant)
    return node == Value.noNode ? Name(prefix: Self.text(constant)) : prologueNode(node)
  }

  /// The parameter, or what was computed from parameters, to whose gradient a sum belongs; `nil` where nobody wants it.
  func sum(_ index: Int32) -> Name? {
    let node = mg_program_sum(program, index)
    return node == Value.noNode ? nil : prologueNode(node)
  }

  func prologueNode(_ node: mg_node) -> Name {
    let parameters = mg_program_parameter_count(program)
    if Int64(node) < parameters { return Name(prefix: "p", number: Int(node)) }
    let recorded = RecordedNode(tape: mg_program_prologue(program), node: node)
    return recorded.isLeaf
      ? Name(prefix: Self.text(recorded.data)) : Name(prefix: "h", number: Int(Int64(node) - parameters))
  }

  func rows(_ rows: some Sequence<Int32>) -> String { Self.joined(rows.filter { $0 >= 0 }.map(row)) }
  func uniforms(_ first: Int32, _ count: Int) -> String {
    Self.joined((0..<Int32(count)).map { uniform(first + $0) })
  }
  /// The gradients that sums belong to; `nil` where nobody wants any of them.
  func gradients(_ first: Int32, _ count: Int) -> String? {
    let wanted = (0..<Int32(count)).compactMap { sum(first + $0) }
    return wanted.isEmpty ? nil : Self.joined(wanted) + ".grad"
  }

  /// All digits that a number has.
  static func text(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : "\(x)"
  }

  /// Names in order, three or more that count up or down as `r3…r18`, and no more than a few.
  static func joined(_ names: [Name], limit: Int = 6) -> String {
    var pieces: [String] = []
    var k = 0
    while k < names.count {
      let length = runLength(names[k...])
      if length >= 3 {
        pieces.append("\(names[k].text)…\(names[k + length - 1].text)")
        k += length
      } else {
        pieces.append(names[k].text)
        k += 1
      }
    }
    if pieces.count <= limit { return pieces.joined(separator: " ") }
    return pieces.prefix(limit - 1).joined(separator: " ") + " … (\(names.count))"
  }

  private static func runLength(_ names: ArraySlice<Name>) -> Int {
    guard let first = names.first, let start = first.number, let second = names.dropFirst().first?.number,
      abs(second - start) == 1
    else { return 1 }
    var expected = start
    for (length, name) in names.enumerated() {
      guard name.prefix == first.prefix, name.number == expected else { return length }
      expected += second - start
    }
    return names.count
  }
}
