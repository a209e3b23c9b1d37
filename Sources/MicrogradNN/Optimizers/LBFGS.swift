import Micrograd

/// L-BFGS: PyTorch's `torch.optim.LBFGS`. A quasi-Newton method that approximates the inverse Hessian from the last steps
/// and changes of the gradient. It suits smooth losses without noise, computed on all samples. Liu & Nocedal, 1989.
///
/// ```swift
/// var optimizer = LBFGS(model, lineSearch: .strongWolfe)
/// for _ in 0..<10 {
///   optimizer.step {
///     Tape.scope {
///       let loss = …
///       model.zeroGradients()
///       loss.backward()
///       return loss.data
///     }
///   }
/// }
/// ```
///
/// A step consists of up to `maxIterations` iterations, each along one direction. It ends early if the gradient or the
/// progress is small. Directions are those of Nocedal & Wright, *Numerical Optimization*, algorithm 7.5.
///
/// Parameters never stay at a point where the loss or its gradient is not finite: the step is halved until both are finite.
/// If the loss is not finite at the beginning of a step, the step changes nothing.
public struct LBFGS: ClosureOptimizer, KnownOptimizer {
  /// The rule for the step length of an iteration.
  public enum LineSearch: Sendable {
    /// The learning rate is the step length.
    case fixedStep
    /// A line search for the strong Wolfe conditions, which begins at the learning rate.
    case strongWolfe
  }

  internal let parameters: ParameterRuns
  /// Keeps the parameters alive.
  internal let trained: any Trainable
  internal var trainedRuns: ParameterRuns { parameters }
  private let maxIterations: Int
  private let maxEvaluations: Int
  private let gradientTolerance: Double
  private let changeTolerance: Double
  internal let historySize: Int
  private let lineSearch: LineSearch
  internal var memory = LBFGSMemory()

  /// The learning rate of each step, counted from 0; usually 1.
  public var schedule: LearningRateSchedule

  /// The number of steps taken.
  public internal(set) var stepCount = 0

  /// The total number of iterations of all steps.
  public internal(set) var iterationCount = 0

  /// The number of evaluations of the loss in all steps. With ``LineSearch/fixedStep``, the evaluation that checks the last
  /// point of a step is not counted.
  public internal(set) var evaluationCount = 0

  /// Creates an optimiser for a module, which it keeps alive, or for a list of parameters.
  ///
  /// - Parameters:
  ///   - trained: The module or parameters to train.
  ///   - schedule: The learning rate of each step.
  ///   - maxIterations: The largest number of iterations in a step, at least 1.
  ///   - maxEvaluations: The approximate largest number of evaluations in a step, at least 1. The default is 5/4 of
  ///     `maxIterations`.
  ///   - gradientTolerance: A step ends if every derivative is at most this.
  ///   - changeTolerance: A step ends if the loss and every parameter change by at most this.
  ///   - historySize: The number of iterations that approximate the Hessian, at least 1.
  ///   - lineSearch: The rule for the step length.
  public init(
    _ trained: some Trainable, schedule: LearningRateSchedule, maxIterations: Int = 20, maxEvaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, historySize: Int = 100,
    lineSearch: LineSearch = .fixedStep
  ) {
    require(maxIterations >= 1, "maxIterations is \(maxIterations): give at least 1")
    require((maxEvaluations ?? 1) >= 1, "maxEvaluations is \(maxEvaluations ?? 1): give at least 1")
    requireAtLeastZero(gradientTolerance, "gradientTolerance")
    requireAtLeastZero(changeTolerance, "changeTolerance")
    require(historySize >= 1, "historySize is \(historySize): give at least 1")
    parameters = trained.trainedParameters
    self.trained = trained
    self.schedule = schedule
    self.maxIterations = maxIterations
    self.maxEvaluations = maxEvaluations ?? max(maxIterations * 5 / 4, 1)
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.historySize = historySize
    self.lineSearch = lineSearch
  }

  /// Creates an optimiser with a constant learning rate, at least 0.
  public init(
    _ trained: some Trainable, learningRate: Double = 1, maxIterations: Int = 20, maxEvaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, historySize: Int = 100,
    lineSearch: LineSearch = .fixedStep
  ) {
    self.init(
      trained, schedule: .checked(learningRate), maxIterations: maxIterations, maxEvaluations: maxEvaluations,
      gradientTolerance: gradientTolerance, changeTolerance: changeTolerance, historySize: historySize,
      lineSearch: lineSearch)
  }

  /// Sets the gradients of all parameters to zero.
  public func zeroGradients() { parameters.zeroGradients() }

  /// Takes one step.
  ///
  /// - Parameter evaluate: Sets the gradients to zero, computes the loss, calls `backward()` on it and returns its data. It
  ///   must zero the gradients through the model and must not use the optimiser.
  /// - Returns: The loss before the step.
  @discardableResult
  public mutating func step(_ evaluate: () -> Double) -> Double {
    let rate = learningRate
    requireFiniteRate(rate)
    let lastEvaluation = evaluationCount + maxEvaluations
    stepCount += 1
    evaluationCount += 1
    let initialLoss = evaluate()
    if initialLoss.isFinite { requireFiniteGradients(step: stepCount) }
    var here = (loss: initialLoss, gradient: parameters.gradients)
    guard isFinite(here), !isSmall(here.gradient) else { return initialLoss }

    for iteration in 1...maxIterations {
      iterationCount += 1
      let isFirst = memory.isEmpty
      memory.turn(at: here.gradient, historySize: historySize)
      memory.step = isFirst ? min(1, 1 / here.gradient.magnitudeSum) * rate : rate
      let direction = memory.direction
      let lossBefore = here.loss
      let slope = here.gradient.dot(direction)
      if slope > -changeTolerance { break }

      switch lineSearch {
      case .fixedStep:
        here = fixedStep(from: here, along: direction, isLast: iteration == maxIterations, evaluate)
      case .strongWolfe:
        let start = LinePoint(step: 0, loss: here.loss, gradient: here.gradient, slope: slope)
        let point = search(
          from: start, along: direction, firstStep: memory.step, limit: lastEvaluation - evaluationCount, evaluate)
        memory.step = point.step
        here = (point.loss, point.gradient)
      }

      let isDone =
        evaluationCount >= lastEvaluation || isSmall(here.gradient)
        || abs(memory.step) * direction.largestMagnitude <= changeTolerance
        || abs(here.loss - lossBefore) < changeTolerance
      if isDone { break }
    }
    return initialLoss
  }

  private typealias Point = (loss: Double, gradient: [Double])

  private func isFinite(_ point: Point) -> Bool { point.loss.isFinite && point.gradient.allSatisfy(\.isFinite) }

  private func isSmall(_ gradient: [Double]) -> Bool { gradient.largestMagnitude <= gradientTolerance }

  /// Moves the parameters by the step, halved until the point is finite. Restores them if no step is short enough.
  private mutating func fixedStep(
    from here: Point, along direction: [Double], isLast: Bool, _ evaluate: () -> Double
  ) -> Point {
    let origin = parameters.data
    for _ in 0..<Self.halvings {
      parameters.move(along: direction, by: memory.step)
      if !isLast { evaluationCount += 1 }
      let next = (loss: evaluate(), gradient: parameters.gradients)
      if isFinite(next) { return next }
      parameters.data = origin
      memory.step /= 2
    }
    memory.step = 0
    return here
  }

  private static let halvings = 60

  /// Moves the parameters to the point that the line search finds.
  private mutating func search(
    from start: LinePoint, along direction: [Double], firstStep: Double, limit: Int, _ evaluate: () -> Double
  ) -> LinePoint {
    let origin = parameters.data
    let search = StrongWolfeSearch(
      start: start, reach: direction.largestMagnitude, tolerance: changeTolerance, limit: limit)
    let point = search.point(from: firstStep) { step in
      parameters.data = origin
      parameters.move(along: direction, by: step)
      evaluationCount += 1
      let (loss, gradient) = (evaluate(), parameters.gradients)
      guard isFinite((loss, gradient)) else { return LinePoint(step: step, loss: .infinity, gradient: [], slope: .nan) }
      return LinePoint(step: step, loss: loss, gradient: gradient, slope: gradient.dot(direction))
    }
    parameters.data = origin
    parameters.move(along: direction, by: point.step)
    return point
  }
}
