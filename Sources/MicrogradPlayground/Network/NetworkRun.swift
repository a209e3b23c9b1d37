import Micrograd
import MicrogradNN

/// A training run: network, optimiser, and the steps that were taken.
final class NetworkRun {
  /// What a step found before it moved the weights.
  struct Record {
    var total: Double, loss: Double
    var validation: Double?
    /// The largest gradient in magnitude, and its parameter.
    var largest: Double, place: Int
  }

  /// The state between two steps.
  struct Moment {
    var step: Int
    var parameters: [Double]
    var optimizer: any ResumableOptimizer
    /// The random stream of the order of points as it was before this epoch, and the next batch of the epoch.
    var shuffling: PythonRandom
    var batch: Int
  }

  private(set) var settings: NetworkSettings
  let points: NetworkPoints
  let model: NetworkModel
  private(set) var loss: NetworkLoss
  private(set) var optimizer: any ResumableOptimizer
  private(set) var step = 0
  /// The records of the last steps; the last one is that of step − 1.
  private(set) var records: [Record] = []
  /// What went wrong, until something is changed.
  var trouble: NetworkTrouble?

  private let rows: Dataset
  private var shuffling: PythonRandom
  private var batch = 0
  private var batches: Batches?
  private var past: [Moment] = []
  /// A loss above this is reported as an explosion.
  private var alarm = Double.infinity

  init(_ settings: NetworkSettings) throws {
    self.settings = settings
    points = try NetworkPoints(settings.data)
    model = NetworkModel(settings)
    loss = try NetworkLoss(settings, model, points)
    optimizer = settings.newOptimizer(model.sequential)
    rows = try Dataset(inputs: points.training.map { [Double($0)] }, numbers: points.training.map { _ in 0 })
    shuffling = PythonRandom(seed: settings.seed)
  }

  /// The learning rate of the next step.
  var rate: Double { optimizer.learningRate }

  /// The number of steps that can be taken back.
  var pastCount: Int { past.count }

  // MARK: - Steps

  /// Takes a step, unless the loss or a gradient is not finite, or explodes. Returns true if it was taken.
  func takeStep() throws -> Bool {
    if let trouble, !trouble.canGoOn { return false }
    trouble = nil
    let indices = nextBatch()
    let outcome = try loss.evaluate(indices)
    let (largest, place) = largestGradient()
    let record = Record(
      total: outcome.total, loss: outcome.loss, validation: try loss.ofValidation(), largest: largest, place: place)
    guard outcome.isFinite, model.runs.hasFiniteGradients else {
      trouble = notFinite(outcome, indices)
      return false
    }
    if alarm.isInfinite { alarm = 1000 * max(outcome.total, 1) }
    if outcome.total > alarm {
      alarm = outcome.total * 1e6
      trouble = exploded(record)
      return false
    }
    remember()
    try update(indices)
    records.append(record)
    if records.count > Self.mostRecords { records.removeFirst(records.count - Self.mostRecords / 2) }
    step += 1
    batch += 1
    if batch >= batchCount { endEpoch() }
    guard model.runs.data.allSatisfy(\.isFinite) else {
      trouble = weightsNotFinite()
      return false
    }
    return true
  }

  private static let mostRecords = 20_000

  private func update(_ indices: [Int]) throws {
    if var lbfgs = optimizer as? any ClosureOptimizer {
      var failure: (any Error)?
      _ = lbfgs.step {
        do {
          return try loss.evaluate(indices).total
        } catch {
          failure = error
          return .infinity
        }
      }
      if let failure { throw failure }
      optimizer = lbfgs
    } else if var other = optimizer as? any Optimizer {
      other.step()
      optimizer = other
    }
  }

  /// What the next step does: its loss and gradients, and the weights after it. Nothing changes.
  func preview() throws -> (outcome: NetworkLoss.Outcome, gradients: [Double], after: [Double], count: Int) {
    let indices = nextBatch(), before = moment
    let outcome = try loss.evaluate(indices)
    let gradients = model.runs.gradients
    guard outcome.isFinite, model.runs.hasFiniteGradients else {
      return (outcome, gradients, before.parameters, indices.count)
    }
    defer {
      model.runs.data = before.parameters
      optimizer = before.optimizer
    }
    try update(indices)
    return (outcome, gradients, model.runs.data, indices.count)
  }

  /// The points of the next step.
  func nextBatch() -> [Int] {
    guard settings.batch > 0, settings.batch < points.training.count else { return points.training }
    if batches == nil {
      var random = shuffling
      batches = rows.batches(of: settings.batch, shuffledBy: &random)
    }
    return (batches?[batch] ?? []).map { points.training[$0] }
  }

  private var batchCount: Int {
    let size = settings.batch > 0 ? settings.batch : points.training.count
    return (points.training.count + size - 1) / size
  }

  private func endEpoch() {
    if settings.batch > 0, settings.batch < points.training.count {
      _ = rows.batches(of: settings.batch, shuffledBy: &shuffling)
    }
    (batch, batches) = (0, nil)
  }

  /// Computes loss and gradients on all training points.
  func evaluateAll() throws -> NetworkLoss.Outcome { try loss.evaluate(points.training) }

  /// The point with the largest loss of those that are trained on.
  func rowOfLargestLoss() throws -> Int {
    let losses = try loss.ofEach()
    let place = losses.indices.max { losses[$0] < losses[$1] } ?? 0
    return points.training[place]
  }

  func largestGradient() -> (value: Double, place: Int) {
    var (value, place) = (0.0, 0)
    for (k, gradient) in model.runs.gradients.enumerated() where !(gradient.magnitude <= value) {
      (value, place) = (gradient.magnitude, k)
      if gradient.isNaN { break }
    }
    return (value, place)
  }

  // MARK: - Moments

  /// The state after the last step.
  var moment: Moment {
    Moment(step: step, parameters: model.runs.data, optimizer: optimizer, shuffling: shuffling, batch: batch)
  }

  /// Goes to another state.
  func go(to moment: Moment) {
    model.runs.data = moment.parameters
    optimizer = moment.optimizer
    optimizer.schedule = settings.schedule
    records.removeLast(min(records.count, max(step - moment.step, 0)))
    (step, shuffling, batch, batches) = (moment.step, moment.shuffling, moment.batch, nil)
    if batch >= batchCount { endEpoch() }
    (trouble, alarm) = (nil, .infinity)
  }

  private func remember() {
    past.append(moment)
    let most = max(2, min(Self.mostMoments, Self.mostNumbers / (settings.numbersOfState * model.runs.count)))
    if past.count > most { past.removeFirst(past.count - most) }
  }

  private static let mostMoments = 500, mostNumbers = 3_000_000

  /// Takes back the last steps, down to a number of steps. Returns false if it is not remembered.
  func goBack(to target: Int? = nil) -> Bool {
    let wanted = target ?? step - 1
    guard let k = past.lastIndex(where: { $0.step == wanted }) else { return false }
    let moment = past[k]
    past.removeSubrange(k...)
    go(to: moment)
    return true
  }

  /// The earliest step that is remembered, at or after a number of steps.
  func remembered(from wanted: Int) -> Int? { past.first { $0.step >= wanted }?.step }

  // MARK: - Changes

  /// Changes what may change during a run. Weights stay; the optimiser starts anew if it is another.
  func change(to new: NetworkSettings) throws {
    let old = settings
    settings = new
    do {
      if new.loss != old.loss || new.penalty != old.penalty { loss = try NetworkLoss(new, model, points) }
    } catch {
      settings = old
      throw error
    }
    let state = optimizer.state
    optimizer = new.newOptimizer(model.sequential)
    if new.optimizer.kind == old.optimizer.kind {
      // With another momentum the buffers may differ: then the optimiser starts anew.
      try? optimizer.restore(state)
    }
    if new.batch != old.batch { (batch, batches) = (0, nil) }
    past = []
    (trouble, alarm) = (nil, .infinity)
  }
}
