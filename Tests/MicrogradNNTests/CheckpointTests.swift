import Foundation
import Micrograd
import XCTest

@testable import MicrogradNN

final class CheckpointTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")

  override func setUpWithError() throws { folder = try temporaryFolder() }
  override func tearDownWithError() throws { try FileManager.default.removeItem(at: folder) }

  private var url: URL { folder.appendingPathComponent("run.safetensors") }

  private func full() -> Checkpoint {
    var random = PythonRandom(seed: 7)
    _ = random.gauss()
    let model = MLP(1, [2, 1], using: &random)
    let moments = (0..<model.parameterCount).map { 1 / Double($0 + 3) }
    return Checkpoint(
      model,
      optimizer: OptimizerState(
        kind: "Adam", stepCount: 12,
        numbers: ["learning rate": 0.1, "-0": -0.0, "tiny": .leastNonzeroMagnitude, "beyond": .infinity, "π": .pi],
        buffers: ["exp_avg": moments, "history": [1, 2, 3], "none": []]),
      randomStreams: [
        "shuffle": random.savedState, "noise": NumPyRandom(seed: 3).savedState, "": MersenneTwister(seed: 1).savedState,
      ], step: 34, epoch: 5, metadata: ["data": "moons", "microgram": "1 µg"])
  }

  // MARK: - Counts

  func testCountsNearTheGreatestIntegerAreErrors() throws {
    let great = Int.max
    for (step, epoch, taken) in [(great, 1, 1), (1, great, 1), (1, 1, great), (1 << 54, 1, 1)] {
      let good = full()
      var optimizer = good.optimizer
      optimizer?.stepCount = taken
      let checkpoint = Checkpoint(
        parameters: good.parameters, optimizer: optimizer, randomStreams: good.randomStreams, step: step, epoch: epoch,
        metadata: good.metadata)
      try checkpoint.write(to: url)
      XCTAssertThrowsError(try Checkpoint(contentsOf: url)) {
        guard case .state(_, let reason) = ($0 as? CheckpointError)?.problem else { return XCTFail("\($0)") }
        XCTAssertTrue(reason.contains("2⁵³"), reason)
      }
    }
  }

  func testARunDoesNotGoOnFromCountsNearTheGreatestInteger() throws {
    var random = PythonRandom(seed: 1)
    let model = MLP(1, [1], using: &random)
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .meanSquared)
    for key in ["trainer.batch", "trainer.samples", "trainer.bestEpoch", "trainer.staleEpochs"] {
      let good = trainer.checkpoint
      let checkpoint = Checkpoint(
        parameters: good.parameters, optimizer: good.optimizer, randomStreams: good.randomStreams, step: good.step,
        epoch: good.epoch, metadata: good.metadata.merging([key: "\(Int.max)"]) { $1 })
      XCTAssertThrowsError(try trainer.resume(from: checkpoint), key) { XCTAssertTrue("\($0)".contains(key), "\($0)") }
    }
    var optimizer = SGD(model, learningRate: 0.1)
    XCTAssertThrowsError(try optimizer.restore(OptimizerState(kind: "SGD", stepCount: .max)))
  }

  // MARK: - Writing and reading

  func testAllOfTheStateComesBack() throws {
    let checkpoint = full()
    try checkpoint.write(to: url)
    let back = try Checkpoint(contentsOf: url)
    XCTAssertEqual(back, checkpoint)
    XCTAssertEqual(back.optimizer?.numbers["-0"]?.sign, .minus)
    XCTAssertEqual(
      back.parameters.map(\.name), ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
  }

  func testAModelAloneIsACheckpointToo() throws {
    let checkpoint = Checkpoint(Layer(1, 1))
    try checkpoint.write(to: url)
    XCTAssertEqual(try Checkpoint(contentsOf: url), checkpoint)
    XCTAssertNil(try Checkpoint(contentsOf: url).optimizerState(for: Layer(1, 1)))
  }

  func testTheFileNamesBuffersByParameter() throws {
    let file = try full().safeTensors()
    XCTAssertEqual(
      file.tensors.map(\.name).filter { $0.hasPrefix("optimizer.") },
      [
        "optimizer.exp_avg.layers.0.bias", "optimizer.exp_avg.layers.0.weight", "optimizer.exp_avg.layers.1.bias",
        "optimizer.exp_avg.layers.1.weight", "optimizer.history", "optimizer.none",
      ])
    let average = file["optimizer.exp_avg.layers.0.weight"]
    XCTAssertEqual(average?.shape, [2, 1])
    let third = 1.0 / 3
    XCTAssertEqual(average?.data, [third, 0.25])
    XCTAssertEqual(file["optimizer.history"]?.shape, [3])
    XCTAssertEqual(file["random.shuffle"]?.shape, [624])
    XCTAssertEqual(file.metadata["micrograd.optimizer.number.learning rate"], "0.1")
  }

  func testEveryNumberComesBackThroughText() throws {
    let seed = UInt32.random(in: 0 ... .max)
    var random = MersenneTwister(seed: seed)
    let edges: [UInt64] = [0, 1 << 63, 1, 0x7FF0 << 48, 0xFFF0 << 48, 0x7FF8 << 48, 0x7FF0 << 48 | 1, .max]
    for bits in edges + (0..<200).map({ _ in random.next() as UInt64 }) {
      let number = Double(bitPattern: bits)
      let state = OptimizerState(kind: "", stepCount: 0, numbers: ["x": number])
      let back = try Checkpoint(bytes: Checkpoint(Layer(1, 1), optimizer: state).safeTensors().encoded())
      let found = try XCTUnwrap(back.optimizer?.numbers["x"])
      XCTAssertTrue(found.bitPattern == number.bitPattern || found.isNaN && number.isNaN, "\(number), seed \(seed)")
    }
  }

  func testNamesWithPointsAndMarksAreKeptApart() throws {
    let state = OptimizerState(
      kind: "a.b", stepCount: 0, numbers: ["a.kind": 1, "\u{301}": 2, "": 3],
      buffers: ["a.b": [1, 2, 3], "a": [4], "\u{301}": [5, 6, 7]])
    let stream = PythonRandom(seed: 1).savedState
    let checkpoint = Checkpoint(
      Layer(1, 1), optimizer: state, randomStreams: ["a.position": stream, "\u{301}": stream, "b c": stream])
    XCTAssertEqual(try Checkpoint(bytes: checkpoint.safeTensors().encoded()), checkpoint)
  }

  // MARK: - Going on

  func testRestoringIsAllOrNothing() throws {
    let checkpoint = full()
    let other = MLP(1, [3, 1])
    let before = other.parameters.map(\.data)
    XCTAssertEqual(
      problem { try checkpoint.restore(into: other) },
      .shape(tensor: "layers.0.weight", expected: [3, 1], found: [2, 1]))
    XCTAssertEqual(other.parameters.map(\.data), before)
    XCTAssertNotNil(problem { _ = try checkpoint.optimizerState(for: other) })
    let same = MLP(1, [2, 1])
    try checkpoint.restore(into: same)
    XCTAssertEqual(same.namedParameters.map(\.data), checkpoint.parameters.map(\.data))
  }

  func testBuffersFollowTheParametersToAnotherOrder() throws {
    let buffers = ["m": [1.0, 2, 3, 4, 5]]
    let state = OptimizerState(kind: "Momentum", stepCount: 1, buffers: buffers)
    let checkpoint = Checkpoint(Pair(isSwapped: false), optimizer: state)
    XCTAssertEqual(try checkpoint.optimizerState(for: Pair(isSwapped: false)), state)
    XCTAssertEqual(try checkpoint.optimizerState(for: Pair(isSwapped: true))?.buffers, ["m": [4, 5, 1, 2, 3]])
  }

  func testLBFGSHistoryIsRefusedInAnotherOrder() throws {
    let state = OptimizerState(kind: "LBFGS", stepCount: 1, buffers: ["s": [Double](repeating: 1, count: 10)])
    let checkpoint = Checkpoint(Pair(isSwapped: false), optimizer: state)
    XCTAssertEqual(try checkpoint.optimizerState(for: Pair(isSwapped: false)), state)
    XCTAssertNotNil(problem { _ = try checkpoint.optimizerState(for: Pair(isSwapped: true)) })
  }

  func testRandomStreamsAreAskedForByNameAndKind() throws {
    let checkpoint = full()
    var random = try checkpoint.randomStream("noise", NumPyRandom.init)
    var expected = NumPyRandom(seed: 3)
    XCTAssertEqual(random.random(), expected.random())
    XCTAssertNotNil(problem { _ = try checkpoint.randomStream("noise", PythonRandom.init) })
    XCTAssertNotNil(problem { _ = try checkpoint.randomStream("other", PythonRandom.init) })
  }

  // MARK: - What is no checkpoint

  private func problemOfChanging(_ change: (inout [SafeTensors.Tensor], inout [String: String]) -> Void) throws
    -> CheckpointError.Problem?
  {
    let file = try full().safeTensors()
    var (tensors, texts) = (file.tensors, file.metadata)
    change(&tensors, &texts)
    return problem { _ = try Checkpoint(SafeTensors(tensors, metadata: texts)) }
  }

  func testAFileOfParametersIsNotACheckpoint() throws {
    try Layer(1, 1).save(to: url)
    XCTAssertThrowsError(try Checkpoint(contentsOf: url)) {
      XCTAssertEqual(
        "\($0)", "\(url.path): \"micrograd.step\" is missing: this is not a checkpoint of a training run")
    }
  }

  func testEveryTextAndEveryTensorIsNeeded() throws {
    let file = try full().safeTensors()
    for key in file.metadata.keys where key.hasPrefix("micrograd.") {
      // Without one of its numbers, an optimiser's state is another one, which nobody but the checksum can know.
      if key.hasPrefix("micrograd.optimizer.number.") { continue }
      XCTAssertNotNil(try problemOfChanging { $1[key] = nil }, key)
    }
    for name in file.tensors.map(\.name) {
      XCTAssertNotNil(try problemOfChanging { tensors, _ in tensors.removeAll { $0.name == name } }, name)
    }
  }

  func testInvalidTextsAreRefused() throws {
    for (key, text) in [
      ("step", "-1"), ("step", "1.5"), ("step", ""), ("epoch", "99999999999999999999"), ("parameters", "{}"),
      ("parameters", "[\"layers.0.weight\"]"), ("parameters", "[\"random.noise\"]"), ("optimizer.step", "x"),
      ("optimizer.number.π", "3,14"), ("optimizer.buffer.exp_avg", "whole"),
      ("optimizer.buffer.history", "per parameter"),
      ("optimizer.buffer.history", "?"), ("random.noise", "numPy"), ("random.noise", "numPy x"),
      ("random.noise", "numPy 1 2 3"), ("random.noise", "numPy 1 x"), ("random.noise", "numPy 625"),
      ("random.noise", "perl 1"), ("random.noise", "numPy 1 nan"), ("later", "1"), ("random.more", "python 0"),
    ] {
      XCTAssertNotNil(try problemOfChanging { $1["micrograd.\(key)"] = text }, "\(key): \(text)")
    }
  }

  func testInvalidTensorsAreRefused() throws {
    for tensor: SafeTensors.Tensor in [
      .init("layers.2.weight", shape: [1, 1], [0]), .init("optimizer.more", shape: [1], [0]),
      .init("random.more", shape: [1], [0]),
    ] {
      XCTAssertEqual(
        try problemOfChanging { tensors, _ in tensors.append(tensor) }, .unexpected(tensors: [tensor.name]))
    }
    for word in [0.5, -1, 0x1p32, .nan] {
      let problem = try problemOfChanging { tensors, _ in
        tensors.removeAll { $0.name == "random.noise" }
        tensors.append(.init("random.noise", shape: [624], [Double](repeating: word, count: 624)))
      }
      XCTAssertEqual(problem, .state("random.noise", reason: "has numbers that are not 32-bit words"))
    }
  }

  func testReservedNamesAreRefused() {
    let model = Named("optimizer.x")
    XCTAssertEqual(problem { try Checkpoint(model).write(to: url) }, .reservedName("optimizer.x"))
    let other = Checkpoint(Layer(1, 1), metadata: ["micrograd.step": "3"])
    XCTAssertEqual(problem { try other.write(to: url) }, .reservedName("micrograd.step"))
    XCTAssertFalse(FileManager.default.fileExists(atPath: url.path))
  }

  // MARK: - Damage

  private func small() -> Checkpoint {
    var random = PythonRandom(seed: 7)
    return Checkpoint(
      MLP(1, [1], using: &random),
      optimizer: OptimizerState(kind: "A", stepCount: 2, numbers: ["n": 0.1], buffers: ["b": [1, 2]]), step: 3,
      metadata: ["k": "v"])
  }

  func testAFlippedBitGivesAnErrorOrTheSameState() throws {
    let checkpoint = small()
    var bytes = try checkpoint.safeTensors().encoded()
    for k in bytes.indices {
      for bit in 0..<8 {
        bytes[k] ^= 1 << bit
        if let found = try? Checkpoint(bytes: bytes) { XCTAssertEqual(found, checkpoint, "bit \(bit) of byte \(k)") }
        bytes[k] ^= 1 << bit
      }
      XCTAssertThrowsError(try Checkpoint(bytes: Array(bytes[..<k])), "cut at \(k)")
    }
  }

  func testRandomDamageGivesAnErrorOrTheSameState() throws {
    let seed = UInt32.random(in: 0 ... .max)
    var random = MersenneTwister(seed: seed)
    let checkpoint = small()
    let bytes = try checkpoint.safeTensors().encoded()
    for round in 0..<3000 {
      if let found = try? Checkpoint(bytes: damaged(bytes, using: &random)) {
        XCTAssertEqual(found, checkpoint, "seed \(seed), round \(round)")
      }
    }
  }

  func testACheckpointWithoutChecksumIsRefused() throws {
    let (header, data) = try small().safeTensors().parts(as: .float64)
    XCTAssertEqual(
      problem { _ = try Checkpoint(bytes: header.encoded + data) },
      .checksum(reason: "the metadata have no micrograd.checksum"))
  }
}

private struct Pair: CompositeModule {
  let first = Named("x", count: 3)
  let second = Named("y", count: 2)
  let isSwapped: Bool
  var children: KeyValuePairs<String, any Module> {
    isSwapped ? ["b": second, "a": first] : ["a": first, "b": second]
  }
}

private struct Named: Module {
  let name: String
  let values: Parameters
  init(_ name: String, count: Int = 1) {
    self.name = name
    values = Parameters([Double](repeating: 0, count: count))
  }
  var parameters: [Value] { Array(values) }
  var namedParameters: [NamedParameter] { [NamedParameter(name, shape: [values.count], values)] }
}
