import Micrograd

func whenTheCompilerObjects() throws {
  let x = Value(3)
  let inputs = [1.0, 2.0].map { Value($0) }
  print(x, inputs.count)  // Value(data: 3.0, grad: 0.0) 2

  let loss = 2 * x
  let number: Double = loss.data
  print(number)  // 6.0

  let n = 3
  print(Double(n) * x)  // Value(data: 9.0, grad: 0.0)

  func f<Number: DifferentiableNumber>(_ x: Number) -> Number { x * x + 1 }
  print(f(3.0), f(Value(3)))  // 10.0 Value(data: 10.0, grad: 0.0)

  print(x ** 2, sqrt(x).data.rounded())  // Value(data: 9.0, grad: 0.0) 2.0

  func run() {
    let w = Value(2)
    func model(_ x: Double) -> Value { w * x }
    print(model(3))
  }
  run()  // Value(data: 6.0, grad: 0.0)

  let square = x * x
  square.backward()
  square.backward()
  print(x.grad)  // 12.0
  x.grad = 0
  square.backward()
  print(x.grad)  // 6.0

  let result = Tape.scope { (x * x + 1).data }
  print(result)  // 10.0
}
