import Foundation
import Micrograd
import MicrogradNN

/// A network with its description: `micrograd train --save` writes it, and `micrograd predict` reads it.
///
/// The file has the tensors of a `torch.nn.Sequential`, `0.weight`, `0.bias`, `2.weight` and so on, and a
/// ``ModelDescription`` in its metadata.
struct TrainedModel {
  let description: ModelDescription
  let loss: Loss
  let network: Sequential

  init(_ description: ModelDescription, _ loss: Loss, _ network: Sequential) {
    self.description = description
    self.loss = loss
    self.network = network
  }

  /// Reads a file and checks all of it; `-` is standard input.
  init(path: String) throws {
    let isFile = !InputFile.isStandardInput(path)
    let file =
      try isFile
      ? SafeTensors(contentsOf: URL(fileURLWithPath: path)) : SafeTensors(bytes: [UInt8](InputFile(path).data()))
    try self.init(file, path: InputFile(path).shown)
  }

  /// Creates a model from the tensors and the description in a file. The path is for messages.
  init(_ file: SafeTensors, path: String) throws {
    guard let text = file.metadata[ModelDescription.key] else {
      throw ExitMessage("\(path) has no description of a model: give a file that micrograd train --save wrote.")
    }
    func refusal(_ reason: String) -> ExitMessage {
      ExitMessage("the description of the model in \(path) cannot be used: \(reason).")
    }
    guard let description = try? JSONDecoder().decode(ModelDescription.self, from: Data(text.utf8)) else {
      throw refusal("it is invalid")
    }
    if let problem = description.problem(with: file) { throw refusal(problem) }
    guard let loss = Loss(argument: description.loss) else { throw refusal("its loss is unknown") }
    var random = PythonRandom(seed: 0)
    self.init(description, loss, Sequential(description.layers, .zeros, using: &random))
    do {
      try network.load(file)
    } catch {
      throw ExitMessage("\(path): \(error)")
    }
  }

  func write(to file: OutputFile) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var tensors = network.safeTensors()
    tensors.metadata[ModelDescription.key] = String(decoding: try encoder.encode(description), as: UTF8.self)
    try file.write(tensors)
  }

  // MARK: - Predicting

  /// Returns the network's outputs for prepared rows, one row each.
  func outputs(_ rows: [Double]) throws -> Matrix {
    let predictor = try network.predictor()
    let scaled = description.scaling.inputs?.transform(rows) ?? rows
    return Matrix.outputs(ofRows: scaled, columns: description.encoder.inputCount) { predictor($0) }
  }

  /// Returns the predicted numbers, in the units of the table.
  func numbers(_ outputs: Matrix) -> [Double] { description.scaling.targets?.inverse(outputs.data) ?? outputs.data }

  /// Returns the predicted class of each row: that of the largest output, or of the sign of a single output.
  func classes(_ outputs: Matrix) -> [Int] {
    outputs.columns == 1 ? outputs.data.map { $0 > 0 ? 1 : 0 } : outputs.largestColumns
  }

  /// True if the outputs give probabilities; false for a loss with a margin.
  var hasProbabilities: Bool { loss == .crossEntropy || loss == .binaryCrossEntropy }

  /// Returns the probability of each class, row by row.
  func probabilities(_ outputs: Matrix) -> [[Double]] {
    if outputs.columns == 1 { return zip((-outputs).sigmoid().data, outputs.sigmoid().data).map { [$0, $1] } }
    let (numbers, columns) = (outputs.softmax().data, outputs.columns)
    return (0..<outputs.rows).map { Array(numbers[$0 * columns..<($0 + 1) * columns]) }
  }
}
