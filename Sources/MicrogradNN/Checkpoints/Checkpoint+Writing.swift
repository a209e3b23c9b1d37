import Micrograd

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Checkpoint {
  /// Writes the checkpoint atomically: if the process or the machine stops, the file is either the old one or this one. See
  /// ``SafeTensors/write(to:as:)``.
  ///
  /// - Throws: `CheckpointError`, with the file's path, if the file cannot be written, or if a name is reserved: names of
  ///   parameters that begin with `optimizer.` or `random.`, and keys that begin with `micrograd.`.
  public func write(to url: URL) throws(CheckpointError) {
    do {
      try SystemFile.replace(url, with: safeTensors().encoded(as: .float64))
    } catch {
      throw error.of(url.path)
    }
  }

  /// The content of the file: the state as tensors and texts.
  internal func safeTensors() throws(CheckpointError) -> SafeTensors {
    for name in parameters.map(\.name) where Layout.isReserved(tensor: name) {
      throw CheckpointError(.reservedName(name))
    }
    for key in metadata.keys where Layout.begins(key, with: Layout.prefix) { throw CheckpointError(.reservedName(key)) }

    var tensors = parameters
    var texts = metadata
    texts[Layout.step] = String(step)
    texts[Layout.epoch] = String(epoch)
    texts[Layout.parameters] = Layout.text(of: parameters.map(\.name))
    if let optimizer {
      texts[Layout.optimizerKind] = optimizer.kind
      texts[Layout.optimizerStep] = String(optimizer.stepCount)
      for (name, number) in optimizer.numbers { texts[Layout.optimizerNumber + name] = Layout.text(of: number) }
      for (name, numbers) in optimizer.buffers {
        let path = Layout.optimizerTensor + name
        texts[Layout.optimizerBuffer + name] = isPerParameter(numbers) ? Layout.perParameter : Layout.whole
        if isPerParameter(numbers) {
          tensors += split(numbers).map { .init("\(path).\($0.name)", shape: $0.shape, $0.data) }
        } else {
          tensors.append(.init(path, shape: [numbers.count], numbers))
        }
      }
    }
    for (name, state) in randomStreams {
      texts[Layout.random + name] = Layout.text(of: state)
      tensors.append(.init(Layout.randomTensor + name, shape: [state.words.count], state.words.map(Double.init)))
    }
    return SafeTensors(tensors, metadata: texts)
  }

  /// The names and keys in the file.
  internal enum Layout {
    internal static let prefix = "micrograd."
    internal static let step = "micrograd.step"
    internal static let epoch = "micrograd.epoch"
    /// The key of the parameters' names, a JSON array in the order of the module.
    internal static let parameters = "micrograd.parameters"
    internal static let optimizerKind = "micrograd.optimizer.kind"
    internal static let optimizerStep = "micrograd.optimizer.step"
    /// The prefix of the keys of numbers. A number is written as the shortest text that reads back exactly, in Swift and in
    /// Python.
    internal static let optimizerNumber = "micrograd.optimizer.number."
    /// The prefix of the keys of buffers, which say how each was saved.
    internal static let optimizerBuffer = "micrograd.optimizer.buffer."
    internal static let perParameter = "per parameter"
    internal static let whole = "whole"
    /// The prefix of the keys of random streams: the generator, the position, and the deviate if there is one, separated by
    /// spaces.
    internal static let random = "micrograd.random."
    internal static let optimizerTensor = "optimizer."
    internal static let randomTensor = "random."

    internal static func isReserved(tensor name: String) -> Bool {
      begins(name, with: optimizerTensor) || begins(name, with: randomTensor)
    }

    /// Compares bytes: to Swift, a combining character after the prefix would change the prefix.
    internal static func begins(_ name: String, with prefix: String) -> Bool { name.utf8.starts(with: prefix.utf8) }

    internal static func text(of names: [String]) -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      guard let bytes = try? encoder.encode(names) else { trap("JSON cannot hold the names \(names)") }
      return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes every NaN as one text, because payloads cannot all be read back.
    internal static func text(of number: Double) -> String { number.isNaN ? "nan" : "\(number)" }

    internal static func text(of state: RandomState) -> String {
      "\(state.generator.rawValue) \(state.position)" + (state.spareDeviate.map { " \($0)" } ?? "")
    }
  }
}
