import Foundation
import Micrograd
import MicrogradNN
import XCTest

@testable import MicrogradPlayground

/// The room's messages, as the page sends them.
final class NetworkRoomTests: XCTestCase {
  private let session = PlaygroundSession()

  @discardableResult
  private func ask(_ action: String, _ content: [String: Any] = [:]) throws -> [String: Any] {
    let message = content.merging(["id": 1, "room": "network", "action": action]) { $1 }
    let data = try JSONSerialization.data(withJSONObject: message)
    let answers = session.receive(String(decoding: data, as: UTF8.self))
    XCTAssertEqual(answers.count, 1)
    return try XCTUnwrap(JSONSerialization.jsonObject(with: Data(answers[0].utf8)) as? [String: Any])
  }

  private func json(_ settings: NetworkSettings) throws -> Any {
    try JSONSerialization.jsonObject(with: try JSONEncoder().encode(settings))
  }

  @discardableResult
  private func open(_ settings: NetworkSettings, _ more: [String: Any] = [:]) throws -> [String: Any] {
    let answer = try ask("open", more.merging(["settings": try json(settings)]) { $1 })
    XCTAssertEqual(answer["kind"] as? String, "opened", "\(answer["message"] ?? "")")
    return answer
  }

  private func error(_ settings: NetworkSettings) throws -> (message: String, field: String) {
    let answer = try ask("open", ["settings": try json(settings)])
    XCTAssertEqual(answer["kind"] as? String, "error")
    return (answer["message"] as? String ?? "", answer["field"] as? String ?? "")
  }

  private func numbers(_ packed: Any?) throws -> [Double] {
    let text = try XCTUnwrap(packed as? String)
    return try JSONDecoder.forMessages.decode(PackedNumbers.self, from: Data("\"\(text)\"".utf8)).numbers
  }

  private func bytes(_ packed: Any?) throws -> [UInt8] {
    Array(try XCTUnwrap(Data(base64Encoded: try XCTUnwrap(packed as? String))))
  }

  // MARK: - Data

  func testPointsAreThoseOfTheLibrary() throws {
    let opened = try open(.notebook)
    var random = NumPyRandom(seed: 1337)
    let moons = makeMoons(count: 100, noise: 0.1, using: &random)
    XCTAssertEqual(try numbers(opened["points"]), moons.inputs.flatMap { $0 })
    XCTAssertEqual(try bytes(opened["labels"]).map(Int.init), moons.labels)
    XCTAssertEqual(opened["parameterCount"] as? Int, 337)
  }

  func testEveryKindOfDataOpensAndTrains() throws {
    for kind in NetworkSettings.kinds where kind != "points" {
      try open(NetworkSettings.small.with { $0.data.kind = kind })
      let frame = try ask("train", ["steps": 3])
      XCTAssertEqual(frame["step"] as? Int, 3, kind)
    }
  }

  func testClassesOfAFunctionAreAboveAndBelowIt() throws {
    let opened = try open(
      NetworkSettings.small.with {
        $0.data.kind = "function"; $0.data.noise = 0
      })
    let points = try numbers(opened["points"]), labels = try bytes(opened["labels"])
    for (k, label) in labels.enumerated() {
      XCTAssertEqual(label, points[2 * k + 1] > sin(2 * points[2 * k]) ? 1 : 0)
    }
  }

  func testAFunctionThatCannotBeReadHasItsPlace() throws {
    let settings = NetworkSettings.small.with {
      $0.data.kind = "function"; $0.data.formula = "sine(x)"
    }
    XCTAssertEqual(try error(settings).field, "formula")
    XCTAssertTrue(try error(settings.with { $0.data.formula = "a*x" }).message.contains("“a”"))
    XCTAssertTrue(try error(settings.with { $0.data.formula = "x + 100" }).message.contains("one side"))
    XCTAssertTrue(try error(settings.with { $0.data.formula = "log(x)" }).message.contains("not defined"))
  }

  func testATableBecomesPoints() throws {
    let table = try ask("table", ["text": "a,b,kind\n1,2,red\n3,4,blue\n5,6,red\n"])
    XCTAssertEqual(table["kind"] as? String, "table")
    XCTAssertEqual(table["points"] as? [[Double]], [[1, 2, 1], [3, 4, 0], [5, 6, 1]])
    XCTAssertEqual(table["classes"] as? [String], ["blue", "red"])
    XCTAssertEqual(table["names"] as? [String], ["a", "b"])
  }

  func testErrorsOfATableNameLineAndColumn() throws {
    let answer = try ask("table", ["text": "a,b,kind\n1,2,red\n3,four,blue\n"])
    let message = try XCTUnwrap(answer["message"] as? String)
    XCTAssertEqual(answer["field"] as? String, "table")
    XCTAssertTrue(message.contains("line 3") && message.contains("“b”"), message)
    for text in ["", "a,b\n1,2\n", "a,b,c\n1,2,x\n3,4,y\n5,6,z\n", "a,b,c\n1,2,x\n", "\u{0}", "a,b,c\n\"1,2,3"] {
      XCTAssertEqual(try ask("table", ["text": text])["kind"] as? String, "error", text)
    }
  }

  func testALongTableIsThinnedOut() throws {
    let text = "x,y,class\n" + (0..<100_000).map { "\($0),\($0 % 7),\($0 % 2 == 0 ? "even" : "odd")\n" }.joined()
    let table = try ask("table", ["text": text])
    let points = try XCTUnwrap(table["points"] as? [[Double]])
    XCTAssertLessThanOrEqual(points.count, NetworkSettings.mostPoints)
    XCTAssertEqual(table["note"] as? String, "every 20th of 100000 rows")
  }

  func testPointsOfATableAreStandardisedForTheNetwork() throws {
    let rows = (0..<40).map { (k: Int) -> [Double] in
      let label = k % 3 == 0 ? 1.0 : 0.0
      return [Double(k) * 1000, Double(k % 5) / 1000, label]
    }
    let settings = NetworkSettings.small.with {
      $0.data.kind = "points"
      $0.data.points = rows
      $0.data.standardise = true
      $0.data.validation = 0
    }
    try open(settings)
    let inputs = try (0..<40).map { row in
      try XCTUnwrap(try ask("walk", ["sample": row])["inputs"] as? [Double])
    }
    for k in 0..<2 {
      let column = inputs.map { $0[k] }
      XCTAssertEqual(column.reduce(0, +) / 40, 0, accuracy: 1e-14)
      XCTAssertEqual(column.map { $0 * $0 }.reduce(0, +) / 40, 1, accuracy: 1e-14)
    }
  }

  // MARK: - Frames

  func testAFramesLossesAreThoseOfTheRunWhateverItsSize() throws {
    try open(.small)
    var losses: [Double] = []
    for steps in [1, 7, 2] {
      let frame = try ask("train", ["steps": steps])
      losses += try numbers((frame["losses"] as? [String: Any])?["total"])
    }
    try open(NetworkSettings.small.with { $0.seed = 1 })
    try open(.small)
    let frame = try ask("train", ["steps": 10])
    XCTAssertEqual(losses, try numbers((frame["losses"] as? [String: Any])?["total"]))
    XCTAssertEqual((frame["losses"] as? [String: Any])?["from"] as? Int, 0)
  }

  func testTheLossOfAFrameIsTheNextStepsLoss() throws {
    for settings in [NetworkSettings.notebook, .small] {
      try open(settings)
      let frame = try ask("train", ["steps": 4])
      let now = try XCTUnwrap((frame["now"] as? [String: Any])?["total"] as? NSNumber)
      let next = try numbers((try ask("train", ["steps": 1])["losses"] as? [String: Any])?["total"])
      // Foundation's JSONSerialization rounds numbers of 17 digits wrongly: JSONDecoder and browsers do not.
      XCTAssertEqual(next[0], now.doubleValue, accuracy: next[0].ulp)
    }
  }

  func testTheFieldIsTheNetworksOutput() throws {
    try open(.notebook)
    let frame = try ask("train", ["steps": 30, "view": ["size": 40]])
    let field = try XCTUnwrap(frame["field"] as? [String: Any])
    let bytes = try bytes(field["bytes"])
    XCTAssertEqual(bytes.count, 1600)
    // The same network by the library, at the middles of the cells.
    var python = PythonRandom(seed: 1337)
    let model = MLP(2, [16, 16, 1], using: &python)
    model.trainedParameters.data = try numbers(frame["weights"])
    let box = try XCTUnwrap(try open(.notebook)["box"] as? [String: [Double]])
    let (x, y) = (try XCTUnwrap(box["x"]), try XCTUnwrap(box["y"]))
    for (row, column) in [(0, 0), (3, 17), (20, 20), (39, 39), (12, 33)] {
      let point = [
        x[0] + (Double(column) + 0.5) / 40 * (x[1] - x[0]), y[1] - (Double(row) + 0.5) / 40 * (y[1] - y[0]),
      ]
      let score = min(max(model(point)[0].data, -1), 1)
      XCTAssertEqual(Double(bytes[40 * row + column]), 128 + 127 * score, accuracy: 0.51)
    }
    XCTAssertTrue((field["boundary"] as? String ?? "").hasPrefix("M"))
  }

  func testChangingTheRateKeepsTheStepAndChangingTheLayersDoesNot() throws {
    try open(.small)
    try ask("train", ["steps": 5])
    let slower = try open(NetworkSettings.small.with { $0.rate = 0.01 })
    XCTAssertEqual(slower["isNew"] as? Bool, false)
    XCTAssertEqual((slower["frame"] as? [String: Any])?["step"] as? Int, 5)
    let wider = try open(NetworkSettings.small.with { $0.hidden[0].neurons = 5 })
    XCTAssertEqual(wider["isNew"] as? Bool, true)
    XCTAssertEqual((wider["frame"] as? [String: Any])?["step"] as? Int, 0)
  }

  func testASnapshotOpensInAnotherSession() throws {
    try open(.small)
    try ask("train", ["steps": 6])
    let snapshot = try ask("snapshot")
    let expected = try ask("train", ["steps": 4])
    let opened = try open(NetworkSettings.small.with { $0.seed = 9 })
    XCTAssertEqual(opened["isNew"] as? Bool, true)
    let again = try open(.small, ["snapshot": snapshot])
    XCTAssertEqual((again["frame"] as? [String: Any])?["step"] as? Int, 6)
    let found = try ask("train", ["steps": 4])
    XCTAssertEqual(found["weights"] as? String, expected["weights"] as? String)
    var damaged = snapshot
    damaged["parameters"] = ""
    let note = try open(.small, ["snapshot": damaged])["note"] as? String
    XCTAssertTrue(note?.contains("anew") == true, note ?? "")
  }

  // MARK: - One step

  func testAWalkObeysTheChainRule() throws {
    try open(.small)
    try ask("train", ["steps": 3])
    let walk = try ask("walk", ["sample": 5])
    let (sums, outputs) = (try numbers(walk["sums"]), try numbers(walk["outputs"]))
    let (slopes, outputGradients) = (try numbers(walk["slopes"]), try numbers(walk["outputGradients"]))
    let (sumGradients, ofSample) = (try numbers(walk["sumGradients"]), try numbers(walk["sampleGradients"]))
    let weights = try numbers(walk["before"]), inputs = try XCTUnwrap(walk["inputs"] as? [Double])
    XCTAssertEqual(sums.count, 4 + 3 + 1)
    // The first neuron: its sum, its output, and the gradients of its weights.
    XCTAssertEqual(sums[0], weights[0] * inputs[0] + weights[1] * inputs[1] + weights[8], accuracy: 1e-14)
    XCTAssertEqual(outputs[0], tanh(sums[0]), accuracy: 1e-15)
    XCTAssertEqual(slopes[0], 1 - tanh(sums[0]) * tanh(sums[0]), accuracy: 1e-15)
    for k in sums.indices { XCTAssertEqual(sumGradients[k], outputGradients[k] * slopes[k], accuracy: 1e-14) }
    XCTAssertEqual(ofSample[0], sumGradients[0] * inputs[0], accuracy: 1e-14)
    XCTAssertEqual(ofSample[8], sumGradients[0], accuracy: 1e-15)
    // The loss of the point: −log of the probability of its class.
    let target = try XCTUnwrap(walk["target"] as? Double), probability = 1 / (1 + exp(-outputs[7]))
    let loss = try XCTUnwrap(walk["loss"] as? Double)
    XCTAssertEqual(loss, -log(target == 1 ? probability : 1 - probability), accuracy: 1e-13)
    // The update is w − rate · gradient, and the step takes it.
    let (gradients, after) = (try numbers(walk["gradients"]), try numbers(walk["after"]))
    for k in weights.indices { XCTAssertEqual(after[k], weights[k] - 0.1 * gradients[k], accuracy: 1e-15) }
    XCTAssertEqual(try numbers(try ask("look")["weights"]), weights)
    XCTAssertEqual(try numbers(try ask("train", ["steps": 1])["weights"]), after)
  }

  // MARK: - Bad messages

  func testSettingsOutOfRangeNameTheirControl() throws {
    let changes: [(field: String, change: (inout NetworkSettings) -> Void)] = [
      ("count", { $0.data.count = 5001 }), ("count", { $0.data.count = 1 }), ("noise", { $0.data.noise = -1 }),
      ("dataSeed", { $0.data.seed = -1 }), ("validation", { $0.data.validation = 1 }), ("kind", { $0.data.kind = "x" }),
      ("layers", { $0.hidden = Array(repeating: $0.hidden[0], count: 7) }), ("neurons1", { $0.hidden[1].neurons = 65 }),
      ("activation0", { $0.hidden[0].activation = "sine" }), ("output", { $0.output = "" }),
      ("initializer", { $0.initializer = "random" }), ("seed", { $0.seed = 1 << 33 }), ("loss", { $0.loss = "l1" }),
      ("optimizer", { $0.optimizer.kind = "newton" }), ("momentum", { $0.optimizer.momentum = 1 }),
      ("beta1", { $0.optimizer.beta1 = 1 }), ("beta2", { $0.optimizer.beta2 = -0.1 }),
      ("alpha", { $0.optimizer.alpha = 2 }),
      ("decay", { $0.optimizer.decay = -1 }), ("memory", { $0.optimizer.memory = 0 }), ("rate", { $0.rate = -1 }),
      ("fall", { $0.fall = -1 }), ("penalty", { $0.penalty = 1e9 }), ("batch", { $0.batch = -1 }),
      (
        "batch",
        {
          $0.batch = 10; $0.optimizer.kind = "lbfgs"
        }
      ), ("kind", { $0.data.kind = "points" }),
      (
        "kind",
        {
          $0.data.kind = "points"; $0.data.points = [[1, 2, 3], [1, 2, 0]]
        }
      ),
      ("kind", { $0.data.points = Array(repeating: [0, 0, 1], count: 5001) }),
      ("formula", { $0.data.formula = String(repeating: "x", count: 2001) }),
    ]
    let large: (inout NetworkSettings) -> Void = {
      $0.data.count = 5000
      $0.hidden = Array(repeating: .init(neurons: 64, activation: "relu"), count: 6)
    }
    XCTAssertEqual(
      try error(
        NetworkSettings.small.with {
          large(&$0); $0.python = true
        }
      ).field, "python")
    XCTAssertEqual(
      try error(
        NetworkSettings.small.with {
          large(&$0); $0.optimizer.kind = "lbfgs"
        }
      ).field, "optimizer")
    for (field, change) in changes { XCTAssertEqual(try error(NetworkSettings.small.with(change)).field, field) }
  }

  func testActionsBeforeOpenAndBadNumbersAreErrors() throws {
    for action in ["train", "back", "reset", "look", "walk", "snapshot", "swift", "dance"] {
      XCTAssertEqual(try ask(action, ["steps": 1, "sample": 0])["kind"] as? String, "error", action)
    }
    try open(.small)
    for steps in [0, -1, 1_000_000_000, Int.max] {
      XCTAssertEqual(try ask("train", ["steps": steps])["kind"] as? String, "error")
      if steps != 1_000_000 { XCTAssertEqual(try ask("swift", ["steps": steps])["kind"] as? String, "error") }
    }
    for sample in [-1, 64, Int.min] { XCTAssertEqual(try ask("walk", ["sample": sample])["kind"] as? String, "error") }
    XCTAssertEqual(try ask("back")["kind"] as? String, "error")
    for size in [-5, 0, 1_000_000] {
      XCTAssertEqual(try ask("look", ["view": ["size": size, "neuron": size]])["kind"] as? String, "frame")
    }
  }

  func testEveryActivationInitializerAndLossTrains() throws {
    for activation in Activation.all {
      try open(
        NetworkSettings.small.with {
          $0.hidden[0].activation = activation.name; $0.output = activation.name
        })
      XCTAssertEqual(try ask("train", ["steps": 2])["step"] as? Int, 2, activation.name)
    }
    for rule in NetworkSettings.initializers {
      try open(NetworkSettings.small.with { $0.initializer = rule.name })
      XCTAssertEqual(try ask("train", ["steps": 2])["step"] as? Int, 2, rule.name)
    }
    for loss in NetworkSettings.losses {
      for isPython in [true, false] {
        try open(
          NetworkSettings.small.with {
            $0.loss = loss.name; $0.python = isPython
          })
        XCTAssertEqual(try ask("train", ["steps": 2])["step"] as? Int, 2, loss.name)
      }
    }
  }

  func testTheLargestNetworkAnswers() throws {
    try open(
      NetworkSettings.small.with { $0.hidden = Array(repeating: .init(neurons: 64, activation: "tanh"), count: 6) })
    XCTAssertEqual(try ask("train", ["steps": 1])["step"] as? Int, 1)
    try open(NetworkSettings.small.with { $0.hidden = [] })
    XCTAssertEqual(try ask("train", ["steps": 1])["step"] as? Int, 1)
  }
}
