import CMicrograd

/// A sweep over a recording from the arguments upwards, which computes the Taylor series of every node that depends on them.
internal final class TaylorSweep {
  private let tape: UnsafeMutablePointer<mg_tape>
  private let first: mg_node
  private let order: Int
  /// The series of the nodes from `first` on; `nil` for those that do not depend on the arguments.
  private var series: [Series?]
  /// The shares of rows, by the first node of a row of results, or by a node outside of rows.
  private var shares: [mg_node: SeriesShares] = [:]
  private var norms: [mg_node: [Series]] = [:]

  /// A sweep over what was recorded before: the nodes below `first` that this one reads.
  private let outer: TaylorSweep?

  internal init(_ f: RecordedFunction, along direction: [Double], order: Int) {
    (tape, first, self.order, outer) = (f.tape, f.first, order, nil)
    series = direction.enumerated().map { [tape, first] k, step in
      var argument = Series(from: tape.pointee.values[Int(first) + k], order: order)
      if order > 0 { argument[1] = step }
      return argument
    }
    var end = first + Int32(f.argumentCount)
    for result in f.results where result.pointer != nil {
      end = max(end, RuledNode(tape: tape, node: result.node(on: tape)).entry + 1)
    }
    advance(to: end)
  }

  /// A sweep over the nodes from `first` on, which were recorded during another.
  private init(from first: mg_node, order: Int, inside outer: TaylorSweep) {
    (tape, self.first, self.order, self.outer, series) = (outer.tape, first, order, outer, [])
    advance(to: Int32(tape.pointee.count))
  }

  /// The coefficients of a result.
  internal func coefficients(of result: Value) -> [Double] {
    guard result.pointer != nil else { return Series(from: result.unwatchedData, order: order).coefficients }
    return operand(result.node(on: tape)).coefficients
  }

  /// Computes the series of all nodes below `end`.
  private func advance(to end: mg_node) {
    while first + Int32(series.count) < end {
      let node = RuledNode(tape: tape, node: first + Int32(series.count))
      if !dependsOnArguments(node) {
        series.append(nil)
      } else if let custom = node.custom {
        series += outputs(of: custom, at: node).map { $0 }
      } else {
        series.append(result(of: node))
      }
    }
  }

  /// The series of a node that was computed before; `nil` where it does not depend on the arguments.
  private func known(_ node: mg_node) -> Series? {
    if node < first { return outer?.known(node).map { Series($0.coefficients.prefix(order + 1)) } }
    let place = Int(node - first)
    return place < series.count ? series[place] : nil
  }

  private func dependsOnArguments(_ node: RuledNode) -> Bool {
    for k in 0..<node.operandCount where known(node.operandNode(k)) != nil { return true }
    return false
  }

  private func operand(_ node: mg_node) -> Series {
    known(node) ?? Series(from: Value(live: node, on: tape).unwatchedData, order: order)
  }

  // MARK: - Operations

  private func result(of node: RuledNode) -> Series {
    let v = tape.pointee.values[Int(node.node)]
    func x(_ k: Int) -> Series { operand(node.operandNode(k)) }
    func all(_ range: Range<Int>) -> [Series] { range.map { x($0) } }
    let count = node.operandCount
    switch node.op {
    case .leaf, .block, .custom, .count: return Series(from: v, order: order)
    case .add: return (x(0) + x(1)).with(value: v)
    case .subtract: return (x(0) - x(1)).with(value: v)
    case .multiply, .divide, .power, .maximum, .minimum, .hypotenuse, .angle, .remainder, .truncating_remainder:
      return .apply(node.op, x(0), x(1), value: v)
    case .add_constant, .subtract_from_constant, .multiply_constant, .divide_by_constant, .divide_constant,
      .power_constant, .constant_power, .clamp_below, .clamp_above, .polygamma_function, .leaky_relu, .elu:
      return x(0).apply(node.op, constant: mg_node_constant(tape, node.node, 0), value: v)
    case .negate, .relu, .square, .cube: return x(0).apply(node.op, constant: 0, value: v)
    case .function: return x(0).apply(mg_node_function(tape, node.node), value: v)
    case .sum, .sum_run, .row_sum: return sum(all(0..<count), value: v)
    case .copy: return x(0).with(value: v)
    case .dot, .dot_runs: return sum((0..<count / 2).map { x($0) * x($0 + count / 2) }, value: v)
    case .weighted_sum:
      return sum((0..<count).map { x($0).scaled(by: mg_node_constant(tape, node.node, Int64($0))) }, value: v)
    case .log_sum_exp: return rowShares(node, all(0..<count)).logSum(value: v)
    case .select:
      let isFirst = mg_relation_holds(mg_select_relation(tape, Int64(node.node)), x(0).value, x(1).value)
      return x(isFirst ? 2 : 3)
    case .pick: return x(1 + Int(x(0).value))
    case .neuron: return neuron(node, count, v, x)
    case .scale: return x(0).scaled(by: mg_node_constant(tape, node.node, 0)).with(value: v)
    case .hinge, .squared_hinge, .squared_error, .absolute_error, .huber, .binary_cross_entropy:
      return ofTarget(node, x(0), v)
    case .softmax: return rowShares(node, all(0..<count)).shares[node.column].with(value: v)
    case .log_softmax: return rowShares(node, all(0..<count)).logShare(node.column, value: v)
    case .cross_entropy:
      let share = rowShares(node, all(0..<count)).logShare(Int(mg_node_class(tape, node.node)), value: v)
      return share.changed(value: v) { -$0 }
    case .layer_norm, .rms_norm: return norm(node, count, v, x)
    }
  }

  private func sum(_ terms: [Series], value: Double) -> Series {
    terms.reduce(Series(from: 0, order: order), +).with(value: value)
  }

  private func neuron(_ node: RuledNode, _ count: Int, _ v: Double, _ x: (Int) -> Series) -> Series {
    let inputs = count / 2, biases = count % 2
    let products = (0..<inputs).map { x(biases + $0) * x(biases + inputs + $0) }
    let isOff = mg_neuron_has_relu(tape, Int64(node.node)) && v <= 0
    return isOff ? Series(from: v, order: order) : sum((0..<biases).map { x($0) } + products, value: v)
  }

  private func ofTarget(_ node: RuledNode, _ x: Series, _ v: Double) -> Series {
    let t = mg_node_constant(tape, node.node, 0), difference = x.with(value: x.value - t)
    let margin = x.changed(value: 1 - t * x.value) { -t * $0 }
    switch node.op {
    case .hinge: return margin.value <= 0 ? Series(from: v, order: order) : margin.with(value: v)
    case .squared_hinge: return margin.value <= 0 ? Series(from: v, order: order) : margin.squared().with(value: v)
    case .squared_error: return difference.squared().with(value: v)
    case .absolute_error: return difference.apply(.absolute, value: v)
    case .huber:
      let threshold = mg_node_threshold(tape, node.node)
      if abs(difference.value) > threshold {
        return difference.changed(value: v) { difference.value > 0 ? threshold * $0 : -threshold * $0 }
      }
      return difference.squared().changed(value: v) { 0.5 * $0 }
    default:
      // (1 - t) softplus(x) + t softplus(-x), which does not cancel where a class is sure.
      let other = x.changed(value: -x.value) { -$0 }
      let sum = x.softplus(value: 0).scaled(by: 1 - t) + other.softplus(value: 0).scaled(by: t)
      return sum.with(value: v)
    }
  }

  // MARK: - Rows

  private func rowShares(_ node: RuledNode, _ row: [Series]) -> SeriesShares {
    let isRow = node.op == .softmax || node.op == .log_softmax
    let key = isRow ? node.node - Int32(node.column) : node.node
    if let found = shares[key] { return found }
    let made = SeriesShares(row)
    shares[key] = made
    return made
  }

  private func norm(_ node: RuledNode, _ count: Int, _ v: Double, _ x: (Int) -> Series) -> Series {
    let columns = node.columns, key = node.node - Int32(node.column)
    let normed = norms[key] ?? normedRow(node, (0..<columns).map(x))
    norms[key] = normed
    let scaled = normed[node.column] * x(columns)
    return (count > columns + 1 ? scaled + x(columns + 1) : scaled).with(value: v)
  }

  private func normedRow(_ node: RuledNode, _ row: [Series]) -> [Series] {
    let share = 1 / Double(row.count)
    let mean = sum(row, value: row.reduce(0) { $0 + $1.value }).scaled(by: share)
    let centered = node.op == .layer_norm ? row.map { $0 - mean } : row
    var square = centered.map { $0.squared() }.reduce(Series(from: 0, order: order), +).scaled(by: share)
    square[0] += mg_node_epsilon(tape, node.node)
    let scale = square.inverseRoot(1 / square.value.squareRoot())
    return centered.map { $0 * scale }
  }

  // MARK: - Operations of the user's own

  /// The series of all outputs: the first order by the rule for numbers, higher ones from the series of the recorded rule's
  /// slopes, y′ = Σ ∂y/∂x[j] · x[j]′. The slopes are needed to one order less, so a rule may use the operation itself.
  private func outputs(of custom: CustomOperation, at node: RuledNode) -> [Series] {
    let count = custom.outputCount, values = (0..<count).map { tape.pointee.values[Int(node.node) + $0] }
    let inputs = (0..<custom.inputCount).map { operand(node.operandNode($0)) }
    var outputs = values.map { Series(from: $0, order: order) }
    if order == 0 { return outputs }
    if order == 1 {
      let tangents = custom.tangents(inputs.map(\.value), values, along: inputs.map { $0[1] }, for: tape)
      for k in outputs.indices { outputs[k][1] = tangents[k] }
      return outputs
    }
    let start = mg_node(tape.pointee.count), arguments = (0..<custom.inputCount).map(node.operand)
    let copies = custom(arguments)
    let slopes = (0..<count).map { output in
      custom.recordedPullback(arguments, (0..<count).map { .constant($0 == output ? 1 : 0) }, outputs: copies)
    }
    let sweep = TaylorSweep(from: start, order: order - 1, inside: self)
    for output in outputs.indices {
      for (input, slope) in zip(inputs, slopes[output]) where !input.isConstant {
        let slope = Series((sweep.coefficients(of: slope) + [0])[...])
        outputs[output] = outputs[output] + .integral(from: 0, of: slope, along: input)
      }
    }
    return outputs
  }
}
