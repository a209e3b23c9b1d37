import Micrograd

func aDerivative() throws {
  func f(_ x: Double) -> Double { 3 * x * x - 4 * x + 5 }
  print(f(3))  // 20.0

  let h = 0.001
  print((f(3 + h) - f(3)) / h)  // 14.002999999999588

  for h in [1e-4, 1e-8, 1e-12, 1e-16] {
    print(h, (f(3 + h) - f(3)) / h)
  }

  let x = Value(3)
  let y = 3 * x * x - 4 * x + 5
  print(y.data)  // 20.0

  y.backward()
  print(x.grad)  // 14.0

  let a = Value(2)
  let b = Value(-3)
  let c = Value(10)
  let d = a * b + c
  d.backward()
  print(a.grad, b.grad, c.grad)  // -3.0 2.0 1.0

  let gradient = gradient(at: [2, -3, 10]) { v in v[0] * v[1] + v[2] }
  print(gradient)  // [-3.0, 2.0, 1.0]
}
