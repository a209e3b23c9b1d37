import CMicrograd

extension ProgramInstruction {
  /// The whole instruction: `r3…r18 = ReLU(p0…p31 [16×2] · r0 r1 + p32…p47)`.
  var line: String {
    let out = names.rows(writes)
    switch kind {
    case .guard: return "as recorded only where \(comparison(view.x, view.y, holds: view.flag))"
    case .outer, .scatter, .total, .total_product, .total_uniform: return additions
    default: return "\(out) = \(expression)"
    }
  }

  /// What it does, without the names of rows: `16×2 matrix + biases, ReLU`.
  var summary: String {
    switch kind {
    case .affine:
      "\(view.outputs)×\(view.inputs) matrix" + (view.bias >= 0 ? " + biases" : "") + (view.flag ? "\nReLU" : "")
    case .columns:
      "\(view.outputs)×\(view.inputs) matrix, transposed" + (view.mask_count > 0 ? "\nderivative of ReLU" : "")
    case .outer:
      "sum over samples of\n\(view.outputs)×\(view.inputs) outer products"
        + (view.applications > 1 ? "\nof \(view.applications) applications" : "")
    case .combine: scaled.count + products.count <= 3 ? combination { _ in "·" } : "sum of \(termCount) terms"
    case .value: application(view.op, "·", view.y >= 0 ? "·" : nil)
    case .partial: "· * \(derivative)"
    case .softmax: "\(wanted) of \(view.list_count)"
    case .norm: "norm of \(view.list_count)"
    case .select, .select_partial, .pick_partial: "select"
    case .pick_uniform, .pick_row: "pick of \(view.table_count)"
    case .places: "place in a table of \(view.table_count)"
    case .guard: "· \(relation(holds: view.flag)) ·"
    case .total_uniform: "\(names.uniform(view.bias).text), summed over samples"
    case .total, .total_product, .scatter: "sum over samples"
    case .softmax_pullback: "pullback of \(pulledBack) of \(more.count)"
    case .custom, .pullback: (kind == .pullback ? "pullback of " : "") + customName
    case .spread: "spread"
    }
  }

  private var termCount: Int { scaled.count + products.count + (view.start >= 0 ? 1 : 0) }
  private var customName: String { view.custom.map { String(cString: $0.pointee.name) } ?? "custom operation" }

  private var expression: String {
    switch kind {
    case .affine:
      let biases = view.bias >= 0 ? " + \(names.uniforms(view.bias, Int(view.outputs)))" : ""
      let sum = "\(weights) · \(names.rows(list))\(biases)"
      return view.flag ? "ReLU(\(sum))" : sum
    case .columns:
      let masked = masks.contains { $0 >= 0 } ? " where \(names.rows(masks)) > 0, else 0" : ""
      return "\(weights)ᵀ · \(names.rows(list))\(masked)"
    case .combine: return combination { names.row($0).text }
    case .value: return application(view.op, row(view.x), view.y >= 0 ? row(view.y) : nil)
    case .partial:
      let at = [("x", view.x), ("y", view.y), ("v", view.v)].filter { $0.1 >= 0 }
        .map { "\($0) = \(row($1))" }
      return "\(row(view.d)) * \(derivative)" + (at.isEmpty ? "" : " at \(at.joined(separator: ", "))")
    case .softmax: return "\(wanted)(\(names.rows(list)))"
    case .softmax_pullback:
      let adjoints = list.suffix(more.count).filter { $0 >= 0 }
      return "pullback of \(pulledBack)(\(names.rows(list.prefix(more.count))); \(names.rows(adjoints)))"
    case .select: return "\(row(view.x)) where \(comparison(list[0], list[1], holds: true)), else \(row(view.y))"
    case .select_partial: return "\(row(view.d)) where \(comparison(view.x, view.y, holds: view.flag)), else 0"
    case .places: return "place \(row(view.x)) in a table of \(view.table_count)"
    case .pick_uniform: return "\(names.uniforms(view.start, Int(view.table_count))) at \(row(view.x))"
    case .pick_row: return "\(names.rows(list)) at \(row(view.x))"
    case .pick_partial: return "\(row(view.d)) where \(row(view.x)) == \(view.start), else 0"
    case .custom: return "\(customName)(\(names.rows(list)))"
    case .pullback: return "pullback of \(customName)(\(names.rows(list)))"
    case .norm: return "norm(\(names.rows(reads)))"
    case .spread: return "spread(\(names.rows(reads)))"
    // These are lines of their own.
    case .guard, .outer, .scatter, .total, .total_product, .total_uniform: return line
    }
  }

  /// Which results of a softmax are wanted: its shares, log Σ exp, the logarithms of the shares.
  private var wanted: String {
    let count = list.count
    let parts = [("softmax", 0..<count), ("log sum exp", count..<count + 1), ("log softmax", count + 1..<more.count)]
    return parts.filter { part in part.1.contains { more[$0] >= 0 } }.map(\.0).joined(separator: ", ")
  }

  private var pulledBack: String { view.flag ? "log softmax" : "softmax" }

  private var weights: String {
    "\(names.uniforms(view.start, weightCount)) [\(view.outputs)×\(view.inputs)]"
  }

  /// What is added to sums over samples.
  private var additions: String {
    let to = names.gradients(view.start, sums[0].count) ?? (view.start == 0 ? "total" : "nothing")
    switch kind {
    case .outer:
      let biases = view.bias < 0 ? nil : names.gradients(view.bias, Int(view.outputs))
      return "\(to) += Σ \(names.rows(list)) ⊗ \(names.rows(more))"
        + (view.applications > 1 ? ", \(view.applications) times" : "")
        + (biases.map { "; \($0) += Σ \(names.rows(list))" } ?? "")
    case .scatter: return "(\(to) at \(row(view.x))) += Σ \(row(view.d))"
    case .total_product: return "\(to) += Σ \(row(view.x)) * \(row(view.y))"
    case .total_uniform: return "\(to) += Σ \(names.uniform(view.bias).text)"
    default: return "\(to) += Σ \(row(view.x))"
    }
  }

  private func row(_ row: Int32) -> String { names.row(row).text }

  /// A sum, its terms in order: `1 - r3 * r4 + p5 * r6`.
  private func combination(_ name: (Int32) -> String) -> String {
    var text = view.start >= 0 ? names.uniform(view.start).text : ""
    var count = 0
    func add(_ factor: Int32, _ factors: String) {
      count += 1
      if count > 8 { return }
      var coefficient =
        factor == MG_FACTOR_ONE
        ? "" : factor == MG_FACTOR_MINUS_ONE ? "-" : names.uniform(factor).text + " * "
      if !text.isEmpty {
        text += coefficient.hasPrefix("-") ? " - " : " + "
        if coefficient.hasPrefix("-") { coefficient.removeFirst() }
      }
      text += coefficient + factors
    }
    for term in scaled { add(term.factor, name(term.row)) }
    for term in products { add(term.factor, "\(name(term.left)) * \(name(term.right))") }
    return count > 8 ? "\(text) … (\(termCount) terms)" : text
  }

  private func comparison(_ x: Int32, _ y: Int32, holds: Bool) -> String {
    "\(row(x)) \(relation(holds: true)) \(row(y))\(holds ? "" : " is false")"
  }

  private func relation(holds: Bool) -> String { view.relation.symbol + (holds ? "" : ", false") }

  /// `d(x / y)/dy`, of the operand for which it is.
  private var derivative: String {
    "d(\(application(view.op, "x", mg_op_is_binary(view.op.op) ? "y" : nil)))/d\(view.flag ? "y" : "x")"
  }
}
