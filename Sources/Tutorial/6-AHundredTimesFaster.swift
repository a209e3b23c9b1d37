import Foundation
import Micrograd
import MicrogradNN

func aHundredTimesFaster() throws {
  var random = PythonRandom(seed: 1337)
  var points = NumPyRandom(seed: 1337)
  let moons = makeMoons(count: 1000, noise: 0.1, using: &points)
  let model = MLP(2, [16, 16, 1], evaluation: .scalar, using: &random)

  func recorded() -> Double {
    Tape.scope {
      let scores = moons.inputs.map { model($0)[0] }
      let loss = maxMarginLoss(scores: scores, expected: moons.signedLabels)
      model.zeroGradients()
      loss.backward()
      return loss.data
    }
  }

  let loss = try compile(at: [0, 0, 1]) { x in
    maxMarginLoss(scores: model([x[0], x[1]]), expected: [x[2]])
  }
  print(loss.pathCount)  // 1

  let samples = Samples(zip(moons.inputs, moons.signedLabels).map { $0 + [$1] })
  func compiled() throws -> Double {
    model.zeroGradients()
    return try loss.backward(at: samples)
  }

  let slow = recorded()
  let gradients = model.parameters.map(\.grad)
  let fast = try compiled()
  print(abs(slow - fast) < 1e-12)  // true
  print(zip(gradients, model.parameters).allSatisfy { abs($0 - $1.grad) < 1e-12 })  // true

  func show(_ name: String, _ body: () throws -> Double) rethrows {
    let clock = ContinuousClock()
    let times = try (0..<20).map { _ in try clock.measure { _ = try body() } / .milliseconds(1) }
    print("time: \((times.min() ?? 0).formatted(.number.precision(.fractionLength(3)))) ms, \(name)")
  }
  show("recorded", recorded)
  try show("compiled", compiled)

  let float = try compile(at: [0, 0, 1], precision: .float) { x in
    maxMarginLoss(scores: model([x[0], x[1]]), expected: [x[2]])
  }
  float.threads = 2
  try show("compiled, in single precision, on two threads") {
    model.zeroGradients()
    return try float.backward(at: samples)
  }
}
