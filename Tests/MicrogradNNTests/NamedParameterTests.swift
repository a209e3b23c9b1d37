import Micrograd
import MicrogradNN
import XCTest

private struct Line: Module {
  let w = Parameters([0.5, -1])
  var parameters: [Value] { Array(w) }
}

private struct Pair: CompositeModule {
  let first: any Module
  let second: any Module
  var children: KeyValuePairs<String, any Module> { ["first": first, "second": second] }
}

final class NamedParameterTests: XCTestCase {
  func testNetworkNamesItsLayersByPath() {
    let model = MLP(2, [3, 1])
    XCTAssertEqual(
      model.namedParameters.map(\.name), ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
    XCTAssertEqual(model.namedParameters.map(\.shape), [[3, 2], [3], [1, 3], [1]])
  }

  func testWeightsAreRowMajorOneRowANeuron() {
    let layer = Layer(3, 2)
    XCTAssertEqual(layer.namedParameters[0].data, layer.neurons.flatMap { $0.weights.map(\.data) })
    XCTAssertEqual(layer.neurons[1].namedParameters[0].data, layer.neurons[1].weights.map(\.data))
  }

  func testModuleOfOnesOwnHasOneTensorUnlessItNamesMore() {
    let line = Line()
    XCTAssertEqual(line.namedParameters.map(\.name), ["parameters"])
    XCTAssertEqual(line.namedParameters[0].data, [0.5, -1])
  }

  func testCompositePathsBeginWithTheChildsName() {
    let pair = Pair(first: Line(), second: Pair(first: Line(), second: Layer(1, 1)))
    XCTAssertEqual(
      pair.namedParameters.map(\.name),
      ["first.parameters", "second.first.parameters", "second.second.weight", "second.second.bias"])
    XCTAssertEqual(pair.parameterCount, 6)
  }

  func testSharedParametersCountOnceUnderTheFirstName() {
    let line = Line()
    let pair = Pair(first: line, second: line)
    XCTAssertEqual(pair.namedParameters.map(\.name), ["first.parameters"])
    XCTAssertEqual(pair.parameters.count, 2)
  }

  func testSettingDataAndGradientsReachesTheValues() {
    let line = Line()
    line.namedParameters[0].data = [3, 4]
    line.namedParameters[0].gradients = [5, 6]
    XCTAssertEqual(line.parameters.map(\.data), [3, 4])
    XCTAssertEqual(line.parameters.map(\.grad), [5, 6])
    line.zeroGradients()
    XCTAssertEqual(line.parameters.map(\.grad), [0, 0])
  }

  func testGradientsOfLeavesAreForgottenWithTheirScope() {
    Tape.scope {
      let leaves = ParameterRuns([Value(1.0), Value(2.0)])
      leaves.gradients = [7, 8]
      XCTAssertEqual(leaves.values.map(\.grad), [7, 8])
    }
    Tape.scope { XCTAssertEqual([Value(1.0), Value(2.0)].map(\.grad), [0, 0]) }
  }

  func testRunsKeepTheOrderGiven() {
    let block = Parameters([1, 2, 3, 4])
    XCTAssertEqual(ParameterRuns([block[2], block[3], block[0], block[2]]).data, [3, 4, 1])
    XCTAssertEqual(ParameterRuns(joining: [ParameterRuns(block, 0..<2), ParameterRuns(block, 2..<4)]).data, block.data)
  }
}
