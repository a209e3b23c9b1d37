import Micrograd
import MicrogradFormulas

/// The numbers of an expression: an answer without structure.
struct ExpressionNumbers: Encodable {
  var kind = "numbers"
  let value: Double
  /// The gradients of the inputs, in their order; nil for what is not computed at this step.
  let inputGradients: [Double?]
  /// By box; nil for what is not computed at this step of the walk.
  let data, gradients: [Double?]
  /// By edge: the derivative of the operation by the operand.
  let slopes: [Double?]
  let forwardSteps, backwardSteps: Int
  /// The step that is shown; nil for all numbers.
  let at: Int?
  let step: ExpressionStep?
  let nudge: Nudge?
  let paths: ExpressionPaths?
  /// Where the first number that is not finite begins.
  let notFinite: String?
}

/// An expression at a point, after its forward and backward pass.
struct EvaluatedExpression {
  /// With the gradients that `backward()` left.
  let graph: Graph
  let forward: ForwardSteps
  /// Nil for a constant, which has no gradients.
  let backward: BackwardSteps?
  /// The derivatives of each node by its operands.
  let slopes: [[Double]]

  init(_ formula: Formula, at point: [Double]) {
    (graph, forward, backward) = Tape.scope {
      let recorded = RecordedExpression(formula, at: point), result = recorded.result
      let forward = ForwardSteps(of: result, labels: recorded.labels)
      guard !result.isConstant else { return (forward.graph, forward, nil) }
      let backward = BackwardSteps(of: result, labels: recorded.labels)
      result.backward()
      return (Graph(of: result, labels: recorded.labels), forward, backward)
    }
    var slopes: [[Double]] = Array(repeating: [], count: graph.nodes.count)
    for step in forward { slopes[step.node] = step.localDerivatives }
    self.slopes = slopes
  }

  var value: Double { graph.nodes[graph.nodes.count - 1].data }
  var stepCount: Int { forward.count + (backward?.count ?? 0) }
}

extension OpenedExpression {
  func numbers(at values: [String: Double], _ view: ExpressionRoom.View) throws -> ExpressionNumbers {
    let point = point(values), evaluated = EvaluatedExpression(formula, at: point)
    let at = view.at.map { min(max($0, 0), evaluated.stepCount) }
    let (data, gradients) = evaluated.shown(at: at)
    return ExpressionNumbers(
      value: evaluated.value, inputGradients: inputNodes.map { node in node.map { gradients[$0] } ?? 0 },
      data: picture.boxNodes.map { $0.flatMap { data[$0] } },
      gradients: picture.boxNodes.map { $0.flatMap { gradients[$0] } },
      slopes: picture.edges.map { edge in
        guard let operand = edge.operand, let node = picture.boxNodes[edge.to] else { return nil }
        return evaluated.slopes[node][operand]
      },
      forwardSteps: evaluated.forward.count, backwardSteps: evaluated.backward?.count ?? 0, at: at,
      step: at.flatMap { evaluated.step($0, picture) }, nudge: try view.nudge.map { try nudged($0, point, evaluated) },
      paths: try view.box.map { try paths(from: $0, evaluated) }, notFinite: evaluated.notFinite(formula, point))
  }
}

extension EvaluatedExpression {
  /// The numbers of all nodes after a step of the walk; nil where there is none yet.
  fileprivate func shown(at: Int?) -> (data: [Double?], gradients: [Double?]) {
    let data = graph.nodes.map { Double?($0.data) }
    guard let at else { return (data, graph.nodes.map { Double?($0.grad) }) }
    if at >= forward.count, let backward {
      return (data, backward.gradients(after: at - forward.count).map { Double?($0) })
    }
    var computed = data
    for step in forward.dropFirst(at) { computed[step.node] = nil }
    return (computed, graph.nodes.map { _ in nil })
  }

  /// Says where the first number or the first gradient that is not finite begins.
  fileprivate func notFinite(_ formula: Formula, _ point: [Double]) -> String? {
    func shortened(_ text: String) -> String { text.count > 60 ? text.prefix(59) + "…" : text }
    func text(_ number: Double) -> String { number.isNaN ? "NaN" : number > 0 ? "∞" : "−∞" }
    if let (part, number) = formula.firstNotFinite(at: point) {
      return "not finite: \(shortened(part)) is \(text(number)) here; its parts are finite"
    }
    guard let backward, graph.nodes.contains(where: { !$0.grad.isFinite }) else { return nil }
    for (k, step) in backward.enumerated() {
      for operand in step.operands where !operand.gradientAfter.isFinite {
        let becomes = "\(operand.name).grad becomes \(text(operand.gradientAfter))"
        return "not finite: \(becomes) in step \(forward.count + k + 1), by \(shortened(operand.rule))"
      }
    }
    return nil
  }
}
