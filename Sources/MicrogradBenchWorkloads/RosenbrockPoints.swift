import CMicrogradBaselines
import Micrograd

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Σ 100 (x[i+1] - x[i]²)² + (1 - x[i])², of plain numbers and of Values.
package func rosenbrock<T: DifferentiableNumber>(at x: [T]) -> T {
  var sum = T(constant: 0)
  for i in 0..<x.count - 1 {
    let (r, q) = (x[i + 1] - x[i] * x[i], 1 - x[i])
    sum += 100 * (r * r) + q * q
  }
  return sum
}

/// Points at which the function is evaluated, in no order.
package func rosenbrockPoints(count: Int, variables n: Int) -> [[Double]] {
  (0..<count).map { k in (0..<n).map { 0.3 + 0.4 * sin(Double(n * k + $0)) } }
}

/// The gradients of Rosenbrock's function at many points, beside the value alone of the same function in Swift.
///
/// Gradients are an outcome of a hundred of the points: to copy all would take longer than to compute them.
package func rosenbrockPointsCase(count: Int, variables n: Int = 8) -> Case {
  let points = rosenbrockPoints(count: count, variables: n)
  let gradients = RosenbrockGradients(points)
  let seen = stride(from: 0, to: count, by: max(1, count / 100))
  return Case(
    name: "rosenbrock-points", title: "Rosenbrock, \(n) variables, \(grouped(count)) points: a point",
    group: "rosenbrock-points", iterations: 10,
    contestants: [
      Contestant(name: "Swift, Double", role: .primal) { iterations in
        var values = [Double](repeating: 0, count: count)
        for _ in 0..<iterations {
          for i in points.indices { values[i] = rosenbrock(at: points[i]) }
        }
        return Contestant.Outcome(numbers: seen.map { values[$0] }, nodes: 0)
      },
      Contestant(name: "hand-written C, gradients", role: .handWritten) { iterations in
        gradients.runByHand(iterations)
        return Contestant.Outcome(numbers: seen.flatMap { gradients.all[$0] }, nodes: 0)
      },
      Contestant(name: "Swift, gradients, compiled", role: .library) { iterations in
        gradients.runCompiled(iterations, threads: 1)
        return Contestant.Outcome(numbers: seen.flatMap { gradients.all[$0] }, nodes: 0)
      },
      Contestant(name: "Swift, gradients, compiled, 2 threads", role: .library) { iterations in
        gradients.runCompiled(iterations, threads: 2)
        return Contestant.Outcome(numbers: seen.flatMap { gradients.all[$0] }, nodes: 0)
      },
    ], parts: count)
}

private final class RosenbrockGradients {
  private let points: Micrograd.Samples
  private let function: CompiledFunction
  /// The gradient at each point, as whoever ran last computed it.
  private(set) var all: Micrograd.Samples

  init(_ points: [[Double]]) {
    self.points = Micrograd.Samples(columns: points[0].indices.map { column in points.map { $0[column] } })
    all = self.points
    function = compiled(at: points[0]) { rosenbrock(at: $0) }
  }

  func runByHand(_ iterations: Int) {
    let (n, count) = (Int64(points.width), Int64(points.count))
    mgb_hand_rosenbrock_points(Int64(iterations), points.numbers, n, count, &all.numbers)
  }

  func runCompiled(_ iterations: Int, threads: Int) {
    function.threads = threads
    do {
      for _ in 0..<iterations { try function.gradients(at: points, into: &all) }
    } catch {
      fatalError("\(error)")  // it compares nothing
    }
  }
}
