/// What a reverse sweep does, step by step, in its order: from the root down, one operation at a time.
///
/// ```swift
/// let a = Value(2), b = Value(-3), c = Value(10)
/// let steps = BackwardSteps(of: a * b + c, labels: ["a": a, "b": b, "c": c])
/// print(steps[1].operands[0].rule)  // d(a * b)/da = b
/// print(steps[1].operands[0].arithmetic)  // a.grad: 0 + 1 · −3 = −3
/// ```
///
/// `print(steps)` prints all of them. Nodes without a label are named by their position in the graph:
///
/// ```text
/// 1. #4 = #2 + c: #4.grad is 1
///   #2.grad: 0 + 1 · 1 = 1     d(#2 + c)/d#2 = 1
///   c.grad:  0 + 1 · 1 = 1     d(#2 + c)/dc = 1
/// 2. #2 = a * b: #2.grad is 1
///   a.grad:  0 + 1 · −3 = −3   d(a * b)/da = b
///   b.grad:  0 + 1 · 2 = 2     d(a * b)/db = a
/// ```
///
/// The steps are a snapshot. Making them changes no gradient: `d.backward()` does that, and leaves exactly what the last
/// step shows, to the bit. Like `backward`, the steps begin at the gradients that leaves and parameters have accumulated,
/// with interior nodes at zero, and at numbers that are up to date: if a leaf's `data` was set, what was computed from it is
/// computed anew first.
///
/// Nodes whose gradient is zero pass nothing on and have no step. A step is about one node, with one exception: a custom
/// operation with several outputs passes on all of their gradients at once. The nodes of a ``Matrix`` have steps of their
/// own, although the engine adds up their contributions together, in an order of its own; and operations with many operands
/// may round a product and its addition once. The last step that adds to an operand ends at the number that the engine leaves
/// there, which may differ from the printed sum in the last digits.
///
/// Time and memory are linear in the number of operands in the graph, and the tape's numbers are copied once. There is no
/// limit.
public struct BackwardSteps: Sendable {
  /// The graph of the root, as it was before the sweep: the positions of nodes in it name them in all steps.
  public let graph: Graph
  /// The derivative of the final result with respect to the root.
  public let seed: Double

  internal let recorded: [RecordedStep]
  /// By position, when the sweep begins.
  internal let firstGradients: [Double]

  internal init(graph: Graph, seed: Double, recorded: [RecordedStep], firstGradients: [Double]) {
    (self.graph, self.seed, self.recorded, self.firstGradients) = (graph, seed, recorded, firstGradients)
  }

  /// Returns the gradients of all nodes of the graph, by position, after the first `count` steps.
  ///
  /// - Parameter count: 0 for the gradients with which the sweep begins: the root has `seed`. With the number of steps, they
  ///   are those that ``Value/backward(seed:)`` leaves.
  /// - Complexity: O(n) for the n operands of the graph.
  public func gradients(after count: Int) -> [Double] {
    require(count >= 0 && count <= self.count, "gradients(after: \(count)): there are \(self.count) steps")
    var gradients = firstGradients
    for step in recorded[..<count] {
      for term in step.terms { gradients[term.operand] = term.after }
    }
    return gradients
  }
}

extension BackwardSteps: RandomAccessCollection {
  /// The position of the first step.
  public var startIndex: Int { 0 }
  /// The number of steps.
  public var endIndex: Int { recorded.count }

  /// The step at a position.
  public subscript(position: Int) -> Step {
    require(indices.contains(position), "step \(position) does not exist: there are \(count)")
    return Step(recorded[position], of: graph)
  }
}

extension BackwardSteps {
  /// One step: an operation passes its gradient on to its operands.
  public struct Step: Sendable {
    /// The position in ``BackwardSteps/graph`` of the node whose gradient is passed on. Of a custom operation with several
    /// outputs, the last.
    public var node: Int { nodes[0] }
    /// The positions of all nodes whose gradients are passed on. There are several only for a custom operation.
    public let nodes: [Int]
    /// The operation that computed the node.
    public let operation: Operation
    /// The operation with its operands: `a * b`.
    public let expression: String
    /// The name of ``node``.
    public let name: String
    /// The gradient of the node, which all of its users have contributed to by now.
    public var gradient: Double { gradients[0] }
    /// The gradients of ``nodes``.
    public let gradients: [Double]
    /// What happens to each operand, in the operation's order; `x * x` has x twice. Inputs of a ``Matrix`` layer that are
    /// data take no gradient and are left out.
    public let operands: [Operand]
  }

  /// What a step does to one operand: adds the gradient of the result times a local derivative to that of the operand.
  public struct Operand: Sendable {
    /// The position of the operand in ``BackwardSteps/graph``.
    public let node: Int
    /// Which operand of the operation it is, counted from 0.
    public let index: Int
    /// The name of the operand.
    public let name: String
    /// The rule in words: `d(a * b)/da = b`.
    public let rule: String
    /// The rule in numbers: `a.grad: 0 + 5 · −3 = −15`.
    public var arithmetic: String { "\(name).grad: \(sum)" }
    /// The derivative of the result with respect to the operand. It is `nil` for custom operations with several
    /// outputs: their rules do not say what each output contributes.
    public let localDerivative: Double?
    /// What is added to the operand's gradient: the gradient of the result times the local derivative.
    public let contribution: Double
    /// The operand's gradient before this step.
    public let gradientBefore: Double
    /// The operand's gradient after this step.
    public let gradientAfter: Double

    internal let sum: String
  }
}

/// A step in positions and numbers; its text is made when it is asked for.
internal struct RecordedStep: Sendable {
  internal let nodes: [Int]
  internal let gradients: [Double]
  internal let operation: Operation
  /// The constant and the target of the operation, NaN without.
  internal let constant, target: Double
  internal let isNeuronWithReLU: Bool
  internal var terms: [RecordedTerm]
}

internal struct RecordedTerm: Sendable {
  internal let operand: Int
  internal let index: Int
  /// The rule in the letters of the engine's table; empty for a custom operation.
  internal let words: String
  /// The positions of what the letters x and y mean in the words; y is 1 where it is nil.
  internal let x: Int
  internal let y: Int?
  internal let localDerivative: Double?
  internal let contribution: Double
  internal let before: Double
  internal var after: Double
}
