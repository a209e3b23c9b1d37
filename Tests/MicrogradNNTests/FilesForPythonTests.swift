import Foundation
import Micrograd
import MicrogradNN
import XCTest

/// Writes the files that CSupport/peers/check_checkpoints.py reads with Python's packages, into the folder that the
/// environment variable MICROGRAD_FILES_FOR_PYTHON names.
final class FilesForPythonTests: XCTestCase {
  private func folder() throws -> URL {
    guard let path = ProcessInfo.processInfo.environment["MICROGRAD_FILES_FOR_PYTHON"] else {
      throw XCTSkip("writes files where MICROGRAD_FILES_FOR_PYTHON says")
    }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  func testWriteModels() throws {
    let folder = try folder()
    var random = PythonRandom(seed: 1337)
    let model = MLP(3, [4, 5, 2], using: &random)
    for tensor in model.namedParameters where tensor.name.hasSuffix("bias") {
      tensor.data = tensor.data.map { _ in random.gauss() }
    }
    let inputs = (0..<8).map { _ in (0..<3).map { _ in random.gauss() } }
    for precision in SafeTensors.Precision.allCases {
      let url = folder.appendingPathComponent("model_\(precision).safetensors")
      try model.save(to: url, as: precision, renaming: MLP.nameInSequential)
      try model.load(from: url, renaming: MLP.nameInSequential)
      let outputs = inputs.map { model($0).map(\.data) }
      try SafeTensors([
        .init("inputs", shape: [8, 3], inputs.flatMap { $0 }), .init("outputs", shape: [8, 2], outputs.flatMap { $0 }),
      ]).write(to: folder.appendingPathComponent("samples_\(precision).safetensors"))
    }
  }

  func testWriteCheckpoint() throws {
    let folder = try folder()
    var python = PythonRandom(seed: 7)
    var numPy = NumPyRandom(seed: 7)
    _ = python.gauss()
    _ = numPy.normal(count: 999)
    let model = MLP(3, [4, 2], using: &python)
    let moments = (0..<model.parameterCount).map { _ in python.gauss() }
    let rates = [1e-3, 0.1 + 0.2, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity]
    let numbers = Dictionary(uniqueKeysWithValues: rates.enumerated().map { ("\($0)", $1) })
    try Checkpoint(
      model,
      optimizer: OptimizerState(
        kind: "Adam", stepCount: 12, numbers: numbers, buffers: ["exp_avg": moments, "history": [1, 2, 3]]),
      randomStreams: ["python": python.savedState, "numpy": numPy.savedState], step: 34, epoch: 5,
      metadata: ["data": "moons \"\u{1}\" é 🙂"]
    ).write(to: folder.appendingPathComponent("run.safetensors"))
    try SafeTensors([
      .init("moments", shape: [moments.count], moments), .init("numbers", shape: [rates.count], rates),
      .init("python", shape: [4], [python.gauss(), python.gauss(), python.random(), python.random()]),
      .init("numpy", shape: [4], [numPy.normal(), numPy.normal(), numPy.random(), numPy.random()]),
    ]).write(to: folder.appendingPathComponent("after.safetensors"))
  }
}
