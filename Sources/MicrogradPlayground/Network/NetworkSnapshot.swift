import Micrograd
import MicrogradNN

/// A moment of a run as a message: with the settings, the run goes on from it bit for bit.
struct NetworkSnapshot: Codable {
  var kind = "snapshot"
  let step: Int
  let parameters: PackedNumbers
  let optimizer: Optimizer
  let batch: Int
  /// The random stream of the order of points; nil if all points are in each batch.
  let shuffling: Stream?

  struct Optimizer: Codable {
    let kind: String
    let stepCount: Int
    let numbers: [String: Double]
    let buffers: [String: PackedNumbers]
  }

  struct Stream: Codable {
    let words: [UInt32]
    let position: Int
  }

  private enum CodingKeys: CodingKey { case kind, step, parameters, optimizer, batch, shuffling }
}

extension NetworkRun {
  /// The state after the last step.
  var snapshot: NetworkSnapshot {
    let moment = moment, state = optimizer.state, random = moment.shuffling.savedState
    let isShuffled = settings.batch > 0 && settings.batch < points.training.count
    return NetworkSnapshot(
      step: step, parameters: PackedNumbers(moment.parameters),
      optimizer: NetworkSnapshot.Optimizer(
        kind: state.kind, stepCount: state.stepCount, numbers: state.numbers,
        buffers: state.buffers.mapValues { PackedNumbers($0) }),
      batch: moment.batch,
      shuffling: isShuffled ? NetworkSnapshot.Stream(words: random.words, position: random.position) : nil)
  }

  /// Goes to a state that was kept.
  ///
  /// - Throws: A ``PlaygroundError`` if it is that of another run.
  func restore(_ snapshot: NetworkSnapshot) throws {
    let numbers = snapshot.parameters.numbers
    guard numbers.count == model.runs.count, numbers.allSatisfy(\.isFinite), snapshot.step >= 0,
      snapshot.step <= 1 << 50, snapshot.batch >= 0, snapshot.batch <= points.training.count
    else { throw PlaygroundError("the saved weights do not fit these layers") }
    let saved = snapshot.optimizer
    guard saved.buffers.values.allSatisfy({ $0.numbers.allSatisfy(\.isFinite) }) else {
      throw PlaygroundError("the saved state of the optimiser has numbers that are not finite")
    }
    var optimizer = settings.newOptimizer(model.sequential)
    do {
      try optimizer.restore(
        OptimizerState(
          kind: saved.kind, stepCount: saved.stepCount, numbers: saved.numbers,
          buffers: saved.buffers.mapValues(\.numbers)))
    } catch {
      throw PlaygroundError("the saved state of the optimiser does not fit: \(error)")
    }
    var stream = moment.shuffling
    if let kept = snapshot.shuffling {
      stream = try PythonRandom(RandomState(.python, words: kept.words, position: kept.position))
    }
    go(
      to: Moment(
        step: snapshot.step, parameters: numbers, optimizer: optimizer, shuffling: stream, batch: snapshot.batch))
  }
}
