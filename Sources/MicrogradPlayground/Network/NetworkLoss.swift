import Micrograd
import MicrogradNN

/// The loss of a network on some of its points, with its gradients.
///
/// It is compiled from the loss of one sample; or recorded, operation by operation in micrograd's order, so that its
/// numbers are Python's.
struct NetworkLoss {
  /// The result of an evaluation.
  struct Outcome {
    /// The mean loss, and the loss with the penalty, which is minimised.
    var loss: Double, penalty = 0.0, total: Double
    var isFinite: Bool { total.isFinite }
  }

  let loss: Loss
  private let model: NetworkModel
  private let points: NetworkPoints
  private let penalty: Double
  private let ofSample: CompiledFunction
  private let isRecorded: Bool
  private let training: Samples
  private let validation: Samples?

  init(_ settings: NetworkSettings, _ model: NetworkModel, _ points: NetworkPoints) throws {
    let loss = NetworkSettings.losses.first { $0.name == settings.loss }?.loss ?? .hinge
    let sequential = model.sequential
    self.loss = loss
    (self.model, self.points, penalty) = (model, points, settings.penalty)
    ofSample = try compile(at: [0, 0, 1]) { x in loss.ofSample([sequential([x[0], x[1]])[0]], targets: [x[2]]) }
    isRecorded = settings.python
    training = points.samples(points.training, loss)
    validation = points.validation.isEmpty ? nil : points.samples(points.validation, loss)
  }

  /// Computes the mean loss of some points, and leaves its gradients in the parameters.
  func evaluate(_ rows: [Int]) throws -> Outcome {
    if isRecorded { return recorded(rows) }
    let samples = rows.count == training.count ? training : points.samples(rows, loss)
    model.runs.zeroGradients()
    let mean = try ofSample.backward(at: samples)
    guard penalty > 0 else { return Outcome(loss: mean, total: mean) }
    return Tape.scope {
      let added = l2Penalty(model.sequential, weight: penalty)
      added.backward()
      return Outcome(loss: mean, penalty: added.data, total: mean + added.data)
    }
  }

  private func recorded(_ rows: [Int]) -> Outcome {
    Tape.scope {
      let mean = recordedMean(rows)
      let added = penalty > 0 ? l2Penalty(model.inMicrogradsOrder, weight: penalty) : Value(0)
      let total = penalty > 0 ? mean + added : mean
      model.runs.zeroGradients()
      if !total.isConstant { total.backward() }
      return Outcome(loss: mean.data, penalty: added.data, total: total.data)
    }
  }

  private func recordedMean(_ rows: [Int]) -> Value {
    let scores = rows.map { row in
      model.sequential(points.networkInputs(points.inputs[row]).map { Value($0) })[0]
    }
    return loss.mean(scores, rows.map { points.target($0, loss) })
  }

  /// The loss of each point that is trained on.
  func ofEach() throws -> [Double] { try ofSample.values(at: training) }

  /// The mean loss of the points that are held out, without the penalty; nil if there are none.
  func ofValidation() throws -> Double? {
    guard let validation else { return nil }
    let losses = try ofSample.values(at: validation)
    return losses.reduce(0, +) / Double(losses.count)
  }

  /// The first number that is not finite, in words, if the loss of the first of some points is recorded; nil if there is
  /// none among as many as are recorded at a time.
  func firstNonFinite(_ rows: [Int]) -> String? {
    let most = max(NetworkSettings.mostRecordedWork / model.runs.count, 1)
    return Tape.scope {
      let start = Tape.current.nodeCount
      let mean = recordedMean(Array(rows.prefix(most)))
      if !mean.isConstant { mean.backward() }
      return Tape.current.firstNonFinite(from: start).map { value in
        let number = NonFiniteNumber(value)
        let operands = number.operands.map { "\($0)" }.joined(separator: ", ")
        return "\(number.operation ?? "the input") of \(operands) is \(number.data)"
      }
    }
  }
}
