import Micrograd

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Checkpoint {
  /// Reads a checkpoint and checks all of it.
  ///
  /// - Throws: `CheckpointError`, with the file's path, if the file was changed or is not a checkpoint of a training run.
  ///   To read only the parameters of a model, use ``Module/load(from:strict:renaming:)``.
  public init(contentsOf url: URL) throws(CheckpointError) {
    do {
      try self.init(bytes: SystemFile.read(url))
    } catch {
      throw error.of(url.path)
    }
  }

  /// The checksum is required here, so that training resumes only from an intact checkpoint.
  internal init(bytes: [UInt8]) throws(CheckpointError) {
    let (file, isVerified) = try SafeTensors.read(bytes)
    try self.init(file)
    if !isVerified { throw CheckpointError(.checksum(reason: Checksum.isMissing)) }
  }

  internal init(_ file: SafeTensors) throws(CheckpointError) {
    var reader = Reader(file)
    let step = try reader.count(Layout.step)
    let epoch = try reader.count(Layout.epoch)
    let parameters = try reader.parameters()
    let optimizer = try reader.optimizer(of: parameters)
    let randomStreams = try reader.randomStreams()
    try reader.finish()
    self.init(
      parameters: parameters, optimizer: optimizer, randomStreams: randomStreams, step: step, epoch: epoch,
      metadata: reader.texts)
  }
}

/// Removes texts and tensors from a file's content as it reads them. What is left at the end must not have a reserved name.
private struct Reader {
  private typealias Layout = Checkpoint.Layout

  private(set) var texts: [String: String]
  private var tensors: [String: SafeTensors.Tensor]
  private let unread: [String]

  init(_ file: SafeTensors) {
    texts = file.metadata
    tensors = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0) })
    unread = file.unread.map(\.name)
  }

  mutating func count(_ key: String) throws(CheckpointError) -> Int {
    guard let text = texts.removeValue(forKey: key) else {
      throw CheckpointError(.state(key, reason: "is missing: this is not a checkpoint of a training run"))
    }
    guard let count = Int(text), OptimizerState.possibleCounts.contains(count) else {
      throw CheckpointError(
        .state(key, reason: "is \(text.debugDescription), not a number of steps or epochs from 0 to 2⁵³"))
    }
    return count
  }

  /// The parameters, in the order of the module that was saved.
  mutating func parameters() throws(CheckpointError) -> [SafeTensors.Tensor] {
    let key = Layout.parameters
    let text = texts.removeValue(forKey: key) ?? ""
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw CheckpointError(.state(key, reason: "is not a list of names"))
    }
    var parameters: [SafeTensors.Tensor] = []
    for name in names {
      if Layout.isReserved(tensor: name) { throw CheckpointError(.reservedName(name)) }
      parameters.append(try tensor(name))
    }
    return parameters
  }

  mutating func optimizer(of parameters: [SafeTensors.Tensor]) throws(CheckpointError) -> OptimizerState? {
    guard let kind = texts.removeValue(forKey: Layout.optimizerKind) else { return nil }
    var state = OptimizerState(kind: kind, stepCount: try count(Layout.optimizerStep))
    for (name, key, text) in take(Layout.optimizerNumber) {
      guard let number = Double(text) else {
        throw CheckpointError(.state(key, reason: "is \(text.debugDescription), which is not a number"))
      }
      state.numbers[name] = number
    }
    for (name, key, text) in take(Layout.optimizerBuffer) {
      let path = Layout.optimizerTensor + name
      switch text {
      case Layout.whole: state.buffers[name] = try tensor(path).data
      case Layout.perParameter:
        var numbers: [Double] = []
        for parameter in parameters {
          numbers += try tensor("\(path).\(parameter.name)", shape: parameter.shape).data
        }
        state.buffers[name] = numbers
      default: throw CheckpointError(.state(key, reason: "is \(text.debugDescription), which is not known"))
      }
    }
    return state
  }

  mutating func randomStreams() throws(CheckpointError) -> [String: RandomState] {
    var streams: [String: RandomState] = [:]
    for (name, key, text) in take(Layout.random) {
      let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      let deviate = parts.count == 3 ? Double(parts[2]) : nil
      guard parts.count == (deviate == nil ? 2 : 3), let generator = RandomState.Generator(rawValue: parts[0]),
        let position = Int(parts[1])
      else { throw CheckpointError(.state(key, reason: "is \(text.debugDescription), which is not a random state")) }
      let tensor = try tensor(Layout.randomTensor + name)
      let words = tensor.data.compactMap(UInt32.init(exactly:))
      guard words.count == tensor.data.count else {
        throw CheckpointError(.state(tensor.name, reason: "has numbers that are not 32-bit words"))
      }
      streams[name] = try RandomState(generator, words: words, position: position, spareDeviate: deviate)
    }
    return streams
  }

  func finish() throws(CheckpointError) {
    if let key = texts.keys.filter({ Layout.begins($0, with: Layout.prefix) }).min() {
      throw CheckpointError(.state(key, reason: "is not known"))
    }
    let rest = tensors.keys + unread
    if !rest.isEmpty { throw CheckpointError(.unexpected(tensors: rest.sorted { $0.precedesInBytes($1) })) }
  }

  /// The texts whose keys have a prefix, sorted by key, so that always the same one of several errors is thrown.
  private mutating func take(_ prefix: String) -> [(name: String, key: String, text: String)] {
    let found = texts.filter { Layout.begins($0.key, with: prefix) }.sorted { $0.key.precedesInBytes($1.key) }
    for (key, _) in found { texts[key] = nil }
    return found.map { (String(Substring($0.key.utf8.dropFirst(prefix.utf8.count))), $0.key, $0.value) }
  }

  private mutating func tensor(_ name: String, shape: [Int]? = nil) throws(CheckpointError) -> SafeTensors.Tensor {
    guard let tensor = tensors.removeValue(forKey: name) else { throw CheckpointError(.missing(tensors: [name])) }
    if let shape, tensor.shape != shape {
      throw CheckpointError(.shape(tensor: name, expected: shape, found: tensor.shape))
    }
    return tensor
  }
}
