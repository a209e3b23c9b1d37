import Micrograd
import TestSupport
import XCTest

/// An `if` or a loop of a compiled function goes for each sample as it would for that sample alone.
final class CompiledBranchingTests: XCTestCase {
  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private func grid(_ range: ClosedRange<Double>, _ count: Int) -> Samples {
    let step = (range.upperBound - range.lowerBound) / Double(count - 1)
    return samples((0..<count).map { range.lowerBound + step * Double($0) })
  }

  // MARK: - Control flow

  func testEachSampleTakesItsBranch() throws {
    func f(_ x: [Value]) -> Value { if x[0] < 1 { sin(x[0]) * 3 } else { x[0] * x[0] } }
    let compiled = try compile(at: [0]) { x in f(x) }
    XCTAssertEqual(compiled.pathCount, 1)
    try assertAgrees(compiled, with: f, at: grid(-3...3, 61))
    XCTAssertEqual(compiled.pathCount, 2)
    try assertAgrees(compiled, with: f, at: grid(-3...0, 61))
    XCTAssertEqual(compiled.pathCount, 2)
  }

  func testEarlyReturnsAndNestedConditionsAreFollowed() throws {
    func f(_ x: [Value]) -> Value {
      if x[0] > 2 { return x[1] }
      var y = x[0] * x[1]
      if x[1] <= 0 {
        if y >= -1 { return exp(y) }
        y += 1
      } else if x[0] != x[1] {
        y -= x[0]
      }
      return y * y
    }
    let compiled = try compile(at: [0, 0]) { x in f(x) }
    var random = SplitMix64(seed: 1)
    let batch = Samples((0..<400).map { _ in .random(in: -3...3, using: &random) } + [0.5, 0.5, 2, -2], width: 2)
    try assertAgrees(compiled, with: f, at: batch)
    XCTAssertEqual(compiled.pathCount, 5)
  }

  func testLoopsRunAsLongAsASampleNeeds() throws {
    /// Newton's iteration for the square root.
    func root(_ x: [Value]) -> Value {
      var y = max(x[0], 1)
      while abs(y * y - x[0]) > 1e-9 { y = 0.5 * (y + x[0] / y) }
      return y
    }
    let compiled = try compile(at: [2]) { x in root(x) }
    let batch = grid(0.5...90, 120)
    try assertAgrees(compiled, with: root, at: batch)
    XCTAssertGreaterThan(compiled.pathCount, 3)
    for (x, y) in zip(batch.numbers, try compiled.values(at: batch)) {
      XCTAssertEqual(y, x.squareRoot(), accuracy: 1e-9)
    }
  }

  func testBisectionHasAProgramForEachSequenceOfHalves() throws {
    func cubeRoot(_ x: [Value]) -> Value {
      var low = Value(0), high = Value(2)
      for _ in 0..<3 {
        let middle = (low + high) / 2
        if middle * middle * middle < x[0] { low = middle } else { high = middle }
      }
      let rest = x[0] - low * low * low, slope = 3 * high * high
      return low + rest / slope
    }
    let compiled = try compile(at: [1]) { x in cubeRoot(x) }
    try assertAgrees(compiled, with: cubeRoot, at: grid(0.001...7.9, 300))
    XCTAssertEqual(compiled.pathCount, 8)
  }

  func testPathsOfDifferentLengthAreToldApart() throws {
    /// As many halvings as it takes to come below 1: the ways differ in how many comparisons they make.
    func f(_ x: [Value]) -> Value {
      var y = x[0], steps = Value(0)
      while y >= 1 {
        y = y / 2
        steps += 1
      }
      return y + steps * x[0]
    }
    let compiled = try compile(at: [5]) { x in f(x) }
    try assertAgrees(compiled, with: f, at: samples([5, 0.5, 1, 2, 1.999, 1000, 4, 8, 0, -3]))
    XCTAssertEqual(compiled.pathCount, 6)
  }

  // MARK: - What is compared

  func testParametersThatAreComparedTurnAllSamplesAtOnce() throws {
    let w = Parameters([1, 2])
    func f(_ x: [Value]) -> Value { w[0] < w[1] ? w[0] * x[0] : w[1] * x[0] * x[0] }
    let compiled = try compile(at: [0]) { x in f(x) }
    let batch = grid(-1...1, 20)
    try assertAgrees(compiled, with: f, at: batch, parameters: Array(w))
    XCTAssertEqual(compiled.pathCount, 1)
    w[0].data = 3
    try assertAgrees(compiled, with: f, at: batch, parameters: Array(w))
    XCTAssertEqual(compiled.pathCount, 2)
    w[0].data = 2
    try assertAgrees(compiled, with: f, at: batch, parameters: Array(w))
    w[1].data = 2.5
    try assertAgrees(compiled, with: f, at: batch, parameters: Array(w))
    XCTAssertEqual(compiled.pathCount, 2)
  }

  func testEveryRelationGuardsOnBothSidesAndAtTheBoundary() throws {
    typealias Relation = @Sendable (Value) -> Bool
    let relations: [(String, Relation)] = [
      ("<", { $0 < 1 }), ("<=", { $0 <= 1 }), (">", { $0 > 1 }), (">=", { $0 >= 1 }), ("==", { $0 == 1 }),
      ("!=", { $0 != 1 }), ("1 <", { 1 < $0 }), ("1 <=", { 1 <= $0 }), ("1 >", { 1 > $0 }), ("1 >=", { 1 >= $0 }),
      ("1 ==", { 1 == $0 }), ("1 !=", { 1 != $0 }), ("Values", { $0 < $0 * $0 }), ("chained", { 0 < $0 && $0 < 1 }),
    ]
    let numbers = [1, 1.0.nextUp, 1.0.nextDown, 0, -0.0, -1, 2, .infinity, -.infinity, .nan]
    for (name, holds) in relations {
      for start in [0.5, 1, 3, .nan] {
        let compiled = try compile(at: [start]) { x in holds(x[0]) ? 2 * x[0] : Value.constant(7) }
        let values = try compiled.values(at: samples(numbers))
        for (x, y) in zip(numbers, values) {
          let expected = Tape.scope { holds(Value(x)) ? 2 * x : 7 }
          XCTAssertTrue(y == expected || y.isNaN && expected.isNaN, "\(name) at \(x): \(y), not \(expected)")
        }
      }
    }
  }

  func testComparisonsWithoutInputsOrParametersAreNoGuards() throws {
    let compiled = try compile(at: [1], branching: .refuse) { x in
      let c = Value(3) * 2
      return c > 5 ? x[0] * c : x[0]
    }
    XCTAssertEqual(try compiled.values(at: samples([1, -2])), [6, -12])
  }

  func testChoicesOfOperationsNeedNoGuards() throws {
    func f(_ x: [Value]) -> Value {
      select(x[0] < x[1], relu(x[0]), max(x[1], 0.5)) + abs(x[0]) + x[1].clamped(to: 0...1) + min(x[0], x[1])
    }
    let compiled = try compile(at: [1, 2], branching: .refuse) { x in f(x) }
    var random = SplitMix64(seed: 2)
    try assertAgrees(
      compiled, with: f, at: Samples((0..<200).map { _ in .random(in: -2...2, using: &random) }, width: 2))
    XCTAssertEqual(compiled.pathCount, 1)
  }

  func testASampleAtWhichRoundingDiffersIsNotRecordedAgainAndAgain() throws {
    // A sum that is added in another order may come out on the other side of what the recording compared it with.
    func norm(_ x: [Value]) -> Value {
      let squares = x[0] * x[0] + x[1] * x[1]
      return squares + x[2] * x[2] - x[0] * x[1]
    }
    var random = SplitMix64(seed: 3)
    for _ in 0..<20 {
      let sample = (0..<3).map { _ in Double.random(in: -2...2, using: &random) }
      let limit = Tape.scope { norm(sample.map { Value($0) }).data }
      for isStrict in [true, false] {
        let compiled = try compile(at: [0, 0, 0], branching: .record(limit: 2)) { x in
          let y = norm(x)
          return (isStrict ? y < limit : y <= limit) ? 2 * y : -y
        }
        for _ in 0..<4 {
          let value = try compiled.values(at: Samples([sample]))[0]
          XCTAssertEqual(value < 0 ? -value : value / 2, limit, accuracy: 1e-14 * (1 + abs(limit)))
        }
        XCTAssertLessThanOrEqual(compiled.pathCount, 2)
      }
    }
  }

  // MARK: - Limits

  func testMorePathsThanAllowedAreAnErrorThatNamesComparisonAndSample() throws {
    let w = Parameters([0.5])
    let compiled = try compile(at: [0], branching: .record(limit: 2)) { x in
      if x[0] < 1 { return w[0] * x[0] }
      return x[0] < 2 ? w[0] : -w[0]
    }
    w[0].grad = 4
    XCTAssertThrowsError(try compiled.backward(at: samples([0, 1.5, 0.5, 1.7, 2.5, 3]))) { error in
      guard case CompilationError.tooManyPaths(let limit, let comparison, let sample) = error else {
        return XCTFail("\(error)")
      }
      XCTAssertEqual([limit, sample], [2, 4])
      XCTAssertTrue(comparison.contains("x[0] <"), comparison)
      XCTAssertTrue("\(error)".contains(".record(limit:)"), "\(error)")
    }
    XCTAssertEqual(w[0].grad, 4)
    XCTAssertEqual(compiled.pathCount, 2)
    XCTAssertEqual(try compiled.values(at: samples([0, 1.5])), [0, 0.5])
  }

  func testRefusedBranchesAreAnErrorThatNamesComparisonAndSample() throws {
    let compiled = try compile(at: [0, 0], branching: .refuse) { x in
      let y = x[0] * x[1] + 1
      return y > 2 * x[0] ? y : x[0]
    }
    XCTAssertEqual(try compiled.values(at: Samples([[0.25, 0]])), [1])
    XCTAssertThrowsError(try compiled.gradients(at: Samples([[0, 0], [0.25, 0], [4, 1]]))) { error in
      guard case CompilationError.wouldBranch(let comparison, let sample) = error else { return XCTFail("\(error)") }
      XCTAssertEqual(sample, 2)
      #if DEBUG
        XCTAssertTrue(comparison.hasPrefix("((x[0] * x[1]) + 1.0) > (x[0] * 2.0)"), comparison)
        XCTAssertTrue(comparison.contains("CompiledBranchingTests.swift:"), comparison)
      #else
        XCTAssertEqual(comparison, "((x[0] * x[1]) + 1.0) > (x[0] * 2.0)")
      #endif
    }
    XCTAssertEqual(compiled.pathCount, 1)
  }

  func testManyBlocksOfSamplesAreSortedByTheirPaths() throws {
    func f(_ x: [Value]) -> Value { if x[0] > x[1] { x[0] * sin(x[1]) } else if x[1] > 1 { x[1] } else { x[0] / 3 } }
    let compiled = try compile(at: [0, 0]) { x in f(x) }
    var random = SplitMix64(seed: 4)
    let batch = Samples((0..<5000).map { _ in .random(in: -2...2, using: &random) }, width: 2)
    let one = try compiled.valuesWithGradients(at: batch)
    compiled.threads = 3
    let three = try compiled.valuesWithGradients(at: batch)
    XCTAssertEqual(one.values, three.values)
    XCTAssertEqual(one.gradients, three.gradients)
    try assertAgrees(compiled, with: f, at: batch, accuracy: 1e-12)
  }
}
