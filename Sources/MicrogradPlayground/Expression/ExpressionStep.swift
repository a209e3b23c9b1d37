import Micrograd

/// A step of the walk: an operation computes its result, or passes its gradient on.
struct ExpressionStep: Encodable {
  struct Operand: Encodable {
    /// The box of the operand; nil if it is not shown.
    let box: Int?
    let index: Int
    /// The rule in words and in numbers: `d(a * b)/da = b = −3`.
    let rule: String
    /// `a.grad: 0 + 5 · −3 = −15`
    let arithmetic: String
    let localDerivative: Double?
    let contribution: Double
    let before, after: Double
  }

  /// `forward` or `backward`.
  let act: String
  /// The number of the step in its act, from 1, and how many there are. 0 stands before the first one.
  let number, of: Int
  /// The box of the node whose turn it is; nil before the first step, or if it is not shown.
  let box: Int?
  /// What happens.
  let heading: String
  /// The operation in numbers, in a forward step.
  let arithmetic: String?
  let operands: [Operand]
  /// How many operands are not in the list.
  let operandsLeftOut: Int
  /// What comes next, before another act begins.
  var note: String?

  /// The most operands in the list.
  fileprivate static let mostOperands = 40
}

extension EvaluatedExpression {
  /// The step that leads to a position of the walk; nil if there are no steps.
  func step(_ at: Int, _ picture: ExpressionPicture) -> ExpressionStep? {
    guard stepCount > 0 else { return nil }
    if at == 0 { return beginning("forward", forward.count, "Only the inputs have numbers.") }
    if at <= forward.count { return forwardStep(at, picture) }
    return backwardStep(at - forward.count, picture)
  }

  private func beginning(_ act: String, _ count: Int, _ heading: String) -> ExpressionStep {
    ExpressionStep(
      act: act, number: 0, of: count, box: nil, heading: heading, arithmetic: nil, operands: [], operandsLeftOut: 0)
  }

  private func forwardStep(_ number: Int, _ picture: ExpressionPicture) -> ExpressionStep {
    let step = forward[number - 1], name = graph.name(of: step.node), result = graph.name(of: graph.nodes.count - 1)
    let next = "Now the backward pass begins: \(result).grad is 1, as d\(result)/d\(result) = 1; all others are 0."
    return ExpressionStep(
      act: "forward", number: number, of: forward.count, box: picture.nodeBoxes[step.node],
      heading: "\(name) = \(step.expression)", arithmetic: "\(name) = \(step.arithmetic)", operands: [],
      operandsLeftOut: 0, note: number == forward.count ? next : nil)
  }

  private func backwardStep(_ number: Int, _ picture: ExpressionPicture) -> ExpressionStep? {
    guard let backward else { return nil }
    let step = backward[number - 1], shown = step.operands.prefix(ExpressionStep.mostOperands)
    return ExpressionStep(
      act: "backward", number: number, of: backward.count, box: picture.nodeBoxes[step.node],
      heading: "\(step.name) = \(step.expression) passes on \(step.name).grad = "
        + numberText(step.gradient).replacingMinus,
      arithmetic: nil,
      operands: shown.map { operand in
        ExpressionStep.Operand(
          box: picture.nodeBoxes[operand.node], index: operand.index, rule: operand.ruleInNumbers,
          arithmetic: operand.arithmetic, localDerivative: operand.localDerivative,
          contribution: operand.contribution, before: operand.gradientBefore, after: operand.gradientAfter)
      },
      operandsLeftOut: step.operands.count - shown.count)
  }
}

extension BackwardSteps.Operand {
  /// The rule in words, and its number unless the words are the number.
  fileprivate var ruleInNumbers: String {
    guard let localDerivative else { return rule }
    let number = numberText(localDerivative)
    return rule.hasSuffix(" = \(number)") ? rule.replacingMinus : "\(rule) = \(number)".replacingMinus
  }
}
