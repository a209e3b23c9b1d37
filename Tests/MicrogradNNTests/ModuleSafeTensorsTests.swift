import Foundation
import Micrograd
import MicrogradNN
import XCTest

final class ModuleSafeTensorsTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")

  override func setUpWithError() throws { folder = try temporaryFolder() }
  override func tearDownWithError() throws { try FileManager.default.removeItem(at: folder) }

  private var url: URL { folder.appendingPathComponent("model.safetensors") }

  // MARK: - PyTorch

  func testASequentialOfPyTorchComputesTheSameHere() throws {
    let fixture = SafeTensorsFixture.all.model
    for (type, outputs) in fixture.outputs {
      let model = MLP(3, [4, 2])
      try model.load(from: SafeTensorsFixture.url("sequential_\(type)"), renaming: MLP.nameInSequential)
      for (input, output) in zip(fixture.inputs, outputs) { assertClose(model(input).map(\.data), output, 1e-12) }
    }
  }

  func testNamesInSequentialCountTheActivations() {
    let names = MLP(1, [1, 1, 1]).namedParameters.map { MLP.nameInSequential($0.name) }
    XCTAssertEqual(names, ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"])
    for name in ["head.weight", "layers.x.weight", "layers.-1.weight", "layers.0", "a.layers.0.weight"] {
      XCTAssertEqual(MLP.nameInSequential(name), name)
    }
  }

  // MARK: - Saving and loading

  func testSavedParametersAreLoaded() throws {
    let model = MLP(3, [4, 2])
    try model.save(to: url)
    let other = MLP(3, [4, 2])
    try other.load(from: url)
    XCTAssertEqual(other.parameters.map(\.data), model.parameters.map(\.data))
    XCTAssertEqual(try SafeTensors(contentsOf: url)["layers.0.weight"]?.shape, [4, 3])
  }

  func testFloat32KeepsWhatFloat32Holds() throws {
    let model = MLP(3, [4, 2])
    try model.save(to: url, as: .float32)
    let other = MLP(3, [4, 2])
    try other.load(from: url)
    XCTAssertEqual(other.parameters.map(\.data), model.parameters.map { Double(Float($0.data)) })
  }

  func testRenamingGoesBothWays() throws {
    let model = MLP(3, [4, 2])
    try model.save(to: url, renaming: MLP.nameInSequential)
    XCTAssertEqual(
      try SafeTensors(contentsOf: url).tensors.map(\.name), ["0.bias", "0.weight", "2.bias", "2.weight"])
    let other = MLP(3, [4, 2])
    try other.load(from: url, renaming: MLP.nameInSequential)
    XCTAssertEqual(other.parameters.map(\.data), model.parameters.map(\.data))
  }

  func testGradientsStayAsTheyAre() throws {
    let layer = Layer(1, 1)
    layer.namedParameters[0].gradients = [3]
    try layer.load(layer.safeTensors())
    XCTAssertEqual(layer.parameters.map(\.grad), [3, 0])
  }

  // MARK: - What does not fit

  /// The problem of loading a file with these tensors into a layer of 3 inputs and 2 outputs, which is to be as it was.
  private func problemOfLoading(
    _ tensors: [SafeTensors.Tensor], strict: Bool = true, file: StaticString = #filePath, line: UInt = #line
  ) -> CheckpointError.Problem? {
    let layer = Layer(3, 2)
    let before = layer.parameters.map(\.data)
    let found = problem { try layer.load(SafeTensors(tensors), strict: strict) }
    if found != nil { XCTAssertEqual(layer.parameters.map(\.data), before, "half-loaded", file: file, line: line) }
    return found
  }

  private let weight = SafeTensors.Tensor("weight", shape: [2, 3], [1, 2, 3, 4, 5, 6])
  private let bias = SafeTensors.Tensor("bias", shape: [2], [7, 8])

  func testTensorsThatAreMissingAreNamed() {
    XCTAssertNil(problemOfLoading([weight, bias]))
    XCTAssertEqual(problemOfLoading([weight]), .missing(tensors: ["bias"]))
    XCTAssertEqual(problemOfLoading([], strict: false), .missing(tensors: ["weight", "bias"]))
  }

  func testExtraTensorsAreAnErrorUnlessAllowed() {
    let more: [SafeTensors.Tensor] = [weight, bias, .init("z", shape: [], [0]), .init("a", shape: [], [0])]
    XCTAssertEqual(problemOfLoading(more), .unexpected(tensors: ["a", "z"]))
    XCTAssertNil(problemOfLoading(more, strict: false))
  }

  func testAnotherShapeIsAnErrorThatSaysWhetherToTranspose() throws {
    let transposed = SafeTensors.Tensor("weight", shape: [3, 2], weight.data)
    XCTAssertEqual(
      problemOfLoading([transposed, bias]), .shape(tensor: "weight", expected: [2, 3], found: [3, 2]))
    XCTAssertEqual(
      problemOfLoading([weight, .init("bias", shape: [2, 1], [7, 8])]),
      .shape(tensor: "bias", expected: [2], found: [2, 1]))
    XCTAssertThrowsError(try Layer(3, 2).load(SafeTensors([transposed, bias]))) {
      XCTAssertEqual(
        "\($0)",
        "the tensor \"weight\" has the shape [3, 2], but [2, 3] is expected: transpose it, weights are [outputs, inputs]"
      )
    }
  }

  func testTypesThatAreNotReadAreAnErrorWhereTheyAreWanted() throws {
    let mixed = try SafeTensors(contentsOf: SafeTensorsFixture.url("mixed"))
    let value = ModuleOfOne("scalar")
    XCTAssertEqual(
      problem { try value.load(mixed) },
      .unexpected(tensors: ["Größe/\"\\\n", "empty", "half", "mask", "num_batches_tracked"]))
    try value.load(mixed, strict: false)
    XCTAssertEqual(value.parameters.map(\.data), [2.5])
    XCTAssertEqual(
      problem { try ModuleOfOne("num_batches_tracked").load(mixed, strict: false) },
      .elementType("I64", tensor: "num_batches_tracked"))
  }

  func testTheErrorOfAFileNamesIt() throws {
    try Layer(2, 1).save(to: url)
    XCTAssertThrowsError(try Layer(3, 1).load(from: url)) {
      XCTAssertEqual(
        "\($0)", "\(url.path): the tensor \"weight\" has the shape [1, 2], but [1, 3] is expected")
    }
  }
}

/// A single number with a name.
private struct ModuleOfOne: Module {
  let value = Parameters([0])
  let name: String
  init(_ name: String) { self.name = name }
  var parameters: [Value] { Array(value) }
  var namedParameters: [NamedParameter] { [NamedParameter(name, shape: [], value)] }
}
