import Micrograd
import MicrogradNN

func aNeuron() throws {
  let x1 = Value(2)
  let x2 = Value(0)
  let w1 = Value(-3)
  let w2 = Value(1)
  let b = Value(6.8813735870195432)
  let o = tanh(x1 * w1 + x2 * w2 + b)
  o.backward()
  print(o)  // Value(data: 0.7071, grad: 1.0)
  print(w1)  // Value(data: -3.0, grad: 1.0)
  print(w2)  // Value(data: 1.0, grad: 0.0)

  func output() -> Value { tanh(x1 * w1 + x2 * w2 + b) }
  for _ in 0..<20 {
    let loss = (output() - 0.2) ** 2
    w1.grad = 0
    w2.grad = 0
    b.grad = 0
    loss.backward()
    w1.data -= 0.1 * w1.grad
    w2.data -= 0.1 * w2.grad
    b.data -= 0.1 * b.grad
  }
  print(output())

  var random = PythonRandom(seed: 1337)
  let neuron = Neuron(2, activation: .tanh, using: &random)
  print(neuron)  // TanhNeuron(2)
  print(neuron([2, 0]))

  let model = MLP(
    3, [4, 4, 1], activation: .tanh, outputActivation: .tanh, initializer: .lecture, using: &random)
  print(model.parameterCount)  // 41

  let xs: [[Double]] = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]]
  let ys: [Double] = [1, -1, -1, 1]

  for step in 0..<40 {
    let loss = zip(xs, ys).map { x, y in (model(x)[0] - y) ** 2 }.sum()
    model.zeroGradients()
    loss.backward()
    for p in model.parameters { p.data -= 0.1 * p.grad }
    if step % 10 == 0 { print(step, loss) }
  }
  print(xs.map { model($0)[0] })
}
