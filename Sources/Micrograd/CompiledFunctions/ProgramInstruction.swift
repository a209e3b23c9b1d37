import CMicrograd

/// One instruction of a program: the rows, numbers and sums that it reads and writes.
internal struct ProgramInstruction {
  let view: mg_instruction_view
  let names: ProgramNames

  init(_ k: Int64, of names: ProgramNames) {
    view = mg_program_instruction(names.program, k)
    self.names = names
  }

  var kind: InstructionKind { view.kind }
  var list: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: view.list, count: Int(view.list_count)) }
  var more: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: view.more, count: Int(view.more_count)) }
  var masks: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: view.masks, count: Int(view.mask_count)) }
  var scaled: UnsafeBufferPointer<mg_scaled_term> {
    UnsafeBufferPointer(start: view.scaled, count: Int(view.scaled_count))
  }
  var products: UnsafeBufferPointer<mg_product_term> {
    UnsafeBufferPointer(start: view.products, count: Int(view.product_count))
  }
  var weightCount: Int { Int(view.inputs * view.outputs) }
  var readsMore: Bool { kind == .outer }

  // MARK: What it reads and writes

  /// Rows that it reads, in the order in which it names them.
  var reads: [Int32] {
    var rows = [view.d, view.x, view.y, view.v].filter { $0 >= 0 } + list.filter { $0 >= 0 } + masks.filter { $0 >= 0 }
    rows += scaled.map(\.row) + products.flatMap { [$0.left, $0.right] }
    return readsMore ? rows + more : rows
  }

  /// Rows that it writes.
  var writes: [Int32] { (view.out >= 0 ? [view.out] : []) + (readsMore ? [] : more.filter { $0 >= 0 }) }

  /// Ranges of the numbers that it reads beside rows, those that a matrix has as one.
  var uniforms: [Range<Int32>] {
    func range(_ first: Int32, _ count: Int) -> [Range<Int32>] {
      first >= 0 && count > 0 ? [first..<first + Int32(count)] : []
    }
    switch kind {
    case .affine: return range(view.start, weightCount) + range(view.bias, Int(view.outputs))
    case .columns: return range(view.start, weightCount)
    case .pick_uniform: return range(view.start, Int(view.table_count))
    case .total_uniform: return range(view.bias, 1)
    case .combine:
      return range(view.start, 1) + (scaled.map(\.factor) + products.map(\.factor)).flatMap { range($0, 1) }
    default: return []
    }
  }

  /// Ranges of the sums over samples that it adds to.
  var sums: [Range<Int32>] {
    switch kind {
    case .outer:
      let weights = view.start..<view.start + Int32(weightCount)
      return view.bias >= 0 ? [weights, view.bias..<view.bias + Int32(view.outputs)] : [weights]
    case .scatter: return [view.start..<view.start + Int32(view.table_count)]
    case .total, .total_product, .total_uniform: return [view.start..<view.start + 1]
    default: return []
    }
  }
}
