import Micrograd
import MicrogradOptimization

/// The internal rate of return of payments, with its gradient by all payments: through recorded Newton steps, and by the implicit
/// function theorem.
package func rootCase(payments count: Int) -> Case {
  let payments = (0..<count).map { k -> Double in k == 0 ? -0.6 * Double(count) : 1 + 0.3 * Double(k % 5) }
  /// The payments' value at a rate of interest, by Horner's rule.
  func value(_ payments: [Value], _ rate: Value) -> Value {
    let discount = 1 / (1 + rate)
    return payments.reversed().dropFirst().reduce(payments[count - 1]) { $0 * discount + $1 }
  }
  func recorded(_ payments: [Value]) -> Value {
    var rate = Value.constant(0.02)
    while true {
      let (present, slope) = valueWithGradient(at: rate) { value(payments, $0) }
      let step = present / slope
      rate = rate - step
      // A step later, the derivatives have converged too.
      if abs(step.data) <= 1e-12 * abs(rate.data) { return rate }
    }
  }
  func implicit(_ payments: [Value]) -> Value {
    do {
      return try root(of: { value(payments, $0) }, from: 0.02)
    } catch {
      fatalError("\(error)")  // the payments have a rate of return
    }
  }
  func contestant(_ name: String, _ rate: @escaping ([Value]) -> Value) -> Contestant {
    Contestant(name: name, role: .library) { times in
      var numbers: [Double] = [], nodes = 0
      for _ in 0..<times {
        Tape.scope {
          let values = payments.map { Value($0) }
          let found = rate(values)
          found.backward()
          (numbers, nodes) = ([found.data] + values.map(\.grad), Tape.current.nodeCount)
        }
      }
      return Contestant.Outcome(numbers: numbers, nodes: nodes)
    }
  }
  return Case(
    name: "root", title: "rate of return of \(count) payments, with its gradient", group: "root", iterations: nil,
    contestants: [contestant("Swift, recorded Newton steps", recorded), contestant("Swift, root(of:from:)", implicit)])
}

/// An oscillating integral: on plain numbers, and with its gradient by two parameters and a limit.
package func integralCase() -> Case {
  let (rate, frequency, limit) = (1.0, 30.0, 5.0)
  func integrated<Result>(_ body: () throws -> Result) -> Result {
    do {
      return try body()
    } catch {
      fatalError("\(error)")  // the integral converges
    }
  }
  return Case(
    name: "integral", title: "integral of an oscillation, with its gradient", group: "integral", iterations: nil,
    contestants: [
      Contestant(name: "integral of numbers, no derivatives", role: .primal) { times in
        var sum = 0.0
        for _ in 0..<times {
          sum =
            integrated {
              try integralWithError(of: { (x: Double) in exp(-rate * x) * cos(frequency * x) }, from: 0, to: limit)
            }.value
        }
        return Contestant.Outcome(numbers: [sum], nodes: 0)
      },
      Contestant(name: "Swift, integral and gradient", role: .library) { times in
        var (sum, nodes) = (0.0, 0)
        for _ in 0..<times {
          Tape.scope {
            let a = Value(rate), b = Value(frequency), end = Value(limit)
            let found = integrated { try integral(of: { x in exp(-a * x) * cos(b * x) }, from: 0, to: end) }
            found.backward()
            (sum, nodes) = (found.data, Tape.current.nodeCount)
          }
        }
        return Contestant.Outcome(numbers: [sum], nodes: nodes)
      },
    ])
}
