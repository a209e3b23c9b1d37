import Foundation
import Micrograd
import MicrogradNN
import MicrogradVisual

func aNetwork() throws {
  var points = NumPyRandom(seed: 1337)
  let moons = makeMoons(count: 100, noise: 0.1, using: &points)
  print(moons.labels[..<10])

  var weights = PythonRandom(seed: 1337)
  let model = MLP(2, [16, 16, 1], using: &weights)
  print(model.parameterCount)  // 337

  func loss() -> Value {
    let scores = moons.inputs.map { model($0)[0] }
    return maxMarginLoss(scores: scores, expected: moons.signedLabels) + l2Penalty(model, weight: 1e-4)
  }

  var optimizer = SGD(model, schedule: .linear(from: 1, to: 0.1, steps: 100))
  var losses: [Double] = []
  for _ in 0..<100 {
    Tape.scope {
      let loss = loss()
      model.zeroGradients()
      loss.backward()
      losses.append(loss.data)
      optimizer.step()
    }
  }
  for step in [0, 9, 99] { print(step, (losses[step] * 10_000).rounded() / 10_000) }

  let predictor = model.predictor()
  let right = zip(predictor(moons.inputs), moons.signedLabels).filter { $0[0] * $1 > 0 }
  print(right.count)  // 100

  let folder = FileManager.default.temporaryDirectory
  let boundary = try DecisionBoundary(points: moons.inputs, labels: moons.labels) { x, y in predictor([x, y])[0] }
  try boundary.svg().write(to: folder.appendingPathComponent("moons.svg"), atomically: true, encoding: .utf8)
}
