import Foundation
import Micrograd
import MicrogradVisual

func theGraph() throws {
  let a = Value(2)
  let b = Value(-3)
  let c = Value(10)
  let f = Value(-2)
  let e = a * b
  let d = e + c
  let L = d * f

  let steps = BackwardSteps(
    of: L, labels: ["a": a, "b": b, "c": c, "f": f, "e": e, "d": d, "L": L])
  print(steps)

  L.backward()
  let graph = Graph(of: L, labels: ["a": a, "b": b, "c": c, "f": f, "e": e, "d": d, "L": L])
  print(graph)

  let folder = FileManager.default.temporaryDirectory
  try GraphPicture(graph).svg()
    .write(to: folder.appendingPathComponent("graph.svg"), atomically: true, encoding: .utf8)
  try BackwardStepsPicture(steps).svg(at: 1)
    .write(to: folder.appendingPathComponent("step.svg"), atomically: true, encoding: .utf8)

  let x = Value(3)
  let y = x * x
  print(BackwardSteps(of: y, labels: ["x": x, "y": y]))

  y.backward()
  print(x.grad)  // 6.0
  y.backward()
  print(x.grad)  // 12.0
}
