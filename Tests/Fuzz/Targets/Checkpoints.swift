import Foundation
import Micrograd

@testable import MicrogradCLI
@testable import MicrogradNN

/// What can be read can be written, and is the same then.
func fuzzSafeTensors(_ bytes: [UInt8]) {
  guard let file = try? SafeTensors(bytes: bytes) else { return }
  for tensor in file.tensors { check(tensor.data.count == tensor.shape.reduce(1, *), "a tensor fills its shape") }
  guard file.unread.isEmpty, let written = try? file.encoded() else { return }
  guard let back = try? SafeTensors(bytes: written) else { fatalError("what was written can be read") }
  check(back.tensors.map(\.name) == file.tensors.map(\.name), "names come back")
  for (a, b) in zip(back.tensors, file.tensors) {
    check(
      a.shape == b.shape && zip(a.data, b.data).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "numbers come back")
  }
}

/// A state that is whole can be gone on with, or is refused.
///
/// Seeds have no checksum, with which nearly every change would end there.
func fuzzCheckpoint(_ bytes: [UInt8]) {
  guard let file = try? SafeTensors(bytes: bytes), let checkpoint = try? Checkpoint(file) else { return }
  check(checkpoint.step >= 0 && checkpoint.epoch >= 0, "counts are counts")
  Tape().use {
    var random = PythonRandom(seed: 1)
    let model = Sequential(Linear(1, 2, using: &random), Activation.relu, Linear(2, 1, using: &random))
    var options = TrainingOptions()
    options.epochs = min(checkpoint.epoch, 1000) + 1
    options.batchSize = 2
    var trainer = Trainer(model, Adam(model, learningRate: 0.01), .meanSquared, options)
    guard (try? trainer.resume(from: checkpoint)) != nil,
      let data = try? Dataset(inputs: [[0], [1], [2], [3]], numbers: [1, 2, 3, 4])
    else { return }
    _ = try? trainer.fit(data)
  }
}

/// A model predicts a number for each output, or its file is refused.
func fuzzModel(_ bytes: [UInt8]) {
  guard let file = try? SafeTensors(bytes: bytes) else { return }
  Tape().use {
    guard let model = try? TrainedModel(file, path: "model") else { return }
    let row = [Double](repeating: 0.5, count: model.description.inputs.count)
    guard let outputs = try? model.outputs(row + row) else { return }
    check(outputs.rows == 2, "there is a row of outputs for each row")
    if let names = model.description.classes {
      check(model.classes(outputs).allSatisfy(names.indices.contains), "classes have names")
      if model.hasProbabilities { check(model.probabilities(outputs)[0].count == names.count, "so have probabilities") }
    } else {
      check(model.numbers(outputs).count == 2, "there is a number for each row")
    }
  }
}
