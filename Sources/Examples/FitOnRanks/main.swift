// A decay fitted on one rank and on several, with the same bits. Ranks are threads of this process here.
// To measure the efficiency with a million points on two ranks: swift run -c release FitOnRanks 1000000 2
import Foundation
import Micrograd
import MicrogradDistributed
import MicrogradNN
import MicrogradOptimization

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let count = arguments.first ?? 20_000
let ranks = arguments.dropFirst().first ?? 3

// y = 2.5 exp(-1.3 x) + 0.5, with noise of 0.02. Each rank draws the noise of all points, and keeps its own.
@Sendable func decay() -> RankedData {
  var random = NumPyRandom(seed: 3)
  let noise = random.normal(standardDeviation: 0.02, count: count)
  let x = (0..<count).map { 4 * Double($0) / Double(count) }
  return RankedData([x, x.indices.map { 2.5 * exp(-1.3 * x[$0]) + 0.5 + noise[$0] }])
}

/// Returns the fit on some ranks and its time in seconds: the shortest of several, if it is measured.
func fit(ranks: Int) throws -> (fit: FitResult, seconds: Double) {
  var best = try fitOnce(ranks: ranks)
  for _ in 0..<(arguments.isEmpty ? 0 : 14) {
    let next = try fitOnce(ranks: ranks)
    if next.seconds < best.seconds { best = next }
  }
  return best
}

func fitOnce(ranks: Int) throws -> (fit: FitResult, seconds: Double) {
  let results = try InProcessCommunicator.run(ranks: ranks) { ranks in
    let data = decay()
    try ranks.barrier()
    let clock = ContinuousClock(), start = clock.now
    let fit = try fitCurve(over: ranks, data, from: [1, 1, 0]) { p, x in p[0] * exp(-p[1] * x[0]) + p[2] }
    return (fit, (clock.now - start) / .seconds(1))
  }
  return results[0]
}

let one = try fit(ranks: 1)
let several = try fit(ranks: ranks)
let parameters = one.fit.parameters.map { String(format: "%.2f", $0) }
print("parameters:", parameters.joined(separator: " "))  // prints: parameters: 2.50 1.30 0.50
print("the same bits:", several.fit == one.fit)  // prints: the same bits: true

/// Returns the seconds that it takes to add 337 numbers of each rank, and to give all ranks the sums.
func secondsOfASum(ranks: Int) throws -> Double {
  let rounds = 2000
  let seconds = try InProcessCommunicator.run(ranks: ranks) { communicator in
    let numbers = [Double](repeating: 1, count: 337)
    try communicator.barrier()
    let clock = ContinuousClock(), start = clock.now
    for _ in 0..<rounds { _ = try communicator.allReduce(blocks: ranks, width: numbers.count) { _ in numbers } }
    return (clock.now - start) / .seconds(rounds)
  }
  return seconds[0]
}

if !arguments.isEmpty {
  let efficiency = one.seconds / several.seconds / Double(ranks)
  print(
    "\(count) points, \(one.fit.iterations) iterations: \(String(format: "%.3f", one.seconds)) s on 1 rank, "
      + "\(String(format: "%.3f", several.seconds)) s on \(ranks), efficiency \(String(format: "%.2f", efficiency))")
  let microseconds = String(format: "%.1f", 1e6 * (try secondsOfASum(ranks: ranks)))
  print("a sum of 337 numbers over \(ranks) ranks: \(microseconds) µs")
}
