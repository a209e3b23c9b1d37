import Foundation
import XCTest

/// Writes models, data and predictions for CSupport/peers/check_checkpoints.py into the folder that the environment
/// variable MICROGRAD_FILES_FOR_PYTHON names.
final class TrainedFilesForPythonTests: CommandTestCase {
  func testWriteTrainedModels() throws {
    guard let folder = ProcessInfo.processInfo.environment["MICROGRAD_FILES_FOR_PYTHON"] else {
      throw XCTSkip("writes files where MICROGRAD_FILES_FOR_PYTHON says")
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, data, flags) in [
      ("moons", try writeMoons(to: "moons.csv"), ["--activation", "gelu-tanh", "--dropout", "0.1"]),
      ("clouds", try writeClouds(to: "clouds.csv"), ["--hidden", "5,4,3", "--activation", "leaky-relu"]),
      ("houses", try writeHouses(to: "houses.csv"), ["--activation", "softplus", "--inputs", "age,rooms"]),
      (
        "plain", try writeHouses(to: "houses.csv"), ["--no-standardize", "--hidden", "none", "--learning-rate", "1e-4"]
      ),
    ] {
      let place = "\(folder)/trained_\(name)"
      try train([data, "--epochs", "20", "--save", "\(place).safetensors"] + flags)
      let probabilities = name == "moons" || name == "clouds"
      let text = try predict(
        "\(place).safetensors", data, "--keep", probabilities ? "--probabilities" : "--keep")
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(place).csv"))
    }
  }
}
