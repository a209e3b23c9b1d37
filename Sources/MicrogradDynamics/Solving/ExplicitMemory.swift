/// The stages of an explicit Runge–Kutta method, its coefficients, and sums of both.
///
/// A sum Σ wᵢ · stage i is added in the order of the stages, for several states side by side.
internal final class ExplicitMemory {
  /// The number of states.
  let count: Int
  /// The number of stages of a step, and with those that only the continuous solution needs.
  let stageCount: Int
  let continuousStageCount: Int
  /// The stages.
  let rows: StageRows
  /// The same, one after the other.
  let stages: UnsafeMutablePointer<Double>
  /// The times of the stages within a step of size 1.
  let nodes: UnsafeMutablePointer<Double>
  /// The coefficients of the stages, a row for each.
  private let coefficients: UnsafeMutablePointer<Double>
  /// The coefficients other than 0 of the stages, then the weights of both error estimates.
  private let terms: UnsafeMutablePointer<Term>
  /// The first term of each row, and the end of the last.
  private let firstTerms: UnsafeMutablePointer<Int>
  /// The number of groups of four powers of the continuous solution.
  private let groupCount: Int
  /// The weights of the continuous solution: four powers for each stage, then the next four.
  private let powers: UnsafeMutablePointer<SIMD4<Double>>
  /// The same times the size of a step.
  private let scaledPowers: UnsafeMutablePointer<SIMD4<Double>>
  /// A row times the size of a step.
  private let weights: UnsafeMutablePointer<Double>

  /// A coefficient, and the place of its stage.
  private struct Term {
    let coefficient: Double
    let offset: Int
  }

  init(_ tableau: RungeKuttaTableau, states: Int) {
    let total = tableau.continuousStageCount
    (count, stageCount, continuousStageCount) = (states, tableau.stageCount, total)
    rows = StageRows(count: total, width: count)
    stages = rows.numbers
    coefficients = .allocate(capacity: total * total)
    coefficients.initialize(repeating: 0, count: total * total)
    var (found, firsts): ([Term], [Int]) = ([], [0])
    for (i, list) in (tableau.coefficients + [tableau.errorWeights, tableau.coarseErrorWeights]).enumerated() {
      for (j, number) in list.enumerated() where number != 0 {
        if i < total { coefficients[i * total + j] = number }
        found.append(Term(coefficient: number, offset: j * states))
      }
      firsts.append(found.count)
    }
    terms = .allocate(capacity: found.count)
    terms.initialize(from: found, count: found.count)
    firstTerms = .allocate(capacity: firsts.count)
    firstTerms.initialize(from: firsts, count: firsts.count)
    nodes = .allocate(capacity: total)
    nodes.initialize(from: tableau.nodes, count: total)
    groupCount = (tableau.interpolant[0].count + 3) / 4
    powers = .allocate(capacity: groupCount * total)
    powers.initialize(repeating: .zero, count: groupCount * total)
    for (i, row) in tableau.interpolant.enumerated() {
      for (power, number) in row.enumerated() { powers[power / 4 * total + i][power % 4] = number }
    }
    scaledPowers = .allocate(capacity: total)
    scaledPowers.initialize(repeating: .zero, count: total)
    weights = .allocate(capacity: total)
    weights.initialize(repeating: 0, count: total)
  }

  deinit {
    coefficients.deallocate()
    terms.deallocate()
    firstTerms.deallocate()
    nodes.deallocate()
    powers.deallocate()
    scaledPowers.deallocate()
    weights.deallocate()
  }

  /// Keeps derivatives as a stage.
  @inline(__always)
  func keep(_ slopes: [Double], _ index: Int) {
    let (stage, count) = (stages + index * count, count)
    slopes.withUnsafeBufferPointer { slopes in
      for k in 0..<count { stage[k] = slopes[k] }
    }
  }

  /// Makes the last stage the first one.
  func beginNext() { stages.update(from: stages + (stageCount - 1) * count, count: count) }

  /// Writes the argument of a stage: the state plus the size of the step times Σ row[i] · stage i.
  @inline(__always)
  func advance(_ row: Int, _ size: Double, from state: [Double], into result: inout [Double]) {
    state.withUnsafeBufferPointer { state in
      result.withUnsafeMutableBufferPointer { result in
        guard let result = result.baseAddress else { return }
        combine(row, size, from: state.baseAddress, into: result)
      }
    }
  }

  /// Writes the argument of a stage as a list: the time, the states, and the parameters, which are there.
  func writeArgument(_ stage: Int, _ step: SolvedStep, into list: inout [Double]) {
    step.state.withUnsafeBufferPointer { state in
      list.withUnsafeMutableBufferPointer { list in
        guard let list = list.baseAddress else { return }
        list[0] = step.time + nodes[stage] * step.size
        combine(stage, step.size, from: state.baseAddress, into: list + 1)
      }
    }
  }

  /// The coefficient of an earlier stage in the argument of a stage.
  func coefficient(_ stage: Int, _ earlier: Int) -> Double { coefficients[stage * continuousStageCount + earlier] }

  /// Writes the errors of a step by the first or the second estimate.
  @inline(__always)
  func estimateErrors(_ estimate: Int, _ size: Double, into errors: inout [Double]) {
    errors.withUnsafeMutableBufferPointer { errors in
      if let errors = errors.baseAddress { combine(continuousStageCount + estimate, size, from: nil, into: errors) }
    }
  }

  private func combine(
    _ row: Int, _ size: Double, from start: UnsafePointer<Double>?, into result: UnsafeMutablePointer<Double>
  ) {
    let terms = terms + firstTerms[row], used = firstTerms[row + 1] - firstTerms[row], count = count
    if count < 8 { return combineFew(terms, used, size, from: start, into: result) }
    for i in 0..<used { weights[i] = size * terms[i].coefficient }
    var k = 0
    while k + 8 <= count {
      combineEight(k, terms, used, start, result)
      k += 8
    }
    // The last numbers, some of them again.
    if k < count { combineEight(count - 8, terms, used, start, result) }
  }

  /// Computes the sums of a few states as single numbers: a vector that was just written in parts is slow to read.
  @inline(__always)
  private func combineFew(
    _ terms: UnsafeMutablePointer<Term>, _ used: Int, _ size: Double, from start: UnsafePointer<Double>?,
    into result: UnsafeMutablePointer<Double>
  ) {
    let count = count
    var k = 0
    while k + 3 <= count {
      var (a, b, c) = (0.0, 0.0, 0.0)
      let stages = stages + k
      for i in 0..<used {
        let weight = size * terms[i].coefficient, stage = stages + terms[i].offset
        a += weight * stage[0]
        b += weight * stage[1]
        c += weight * stage[2]
      }
      if let start { (a, b, c) = (start[k] + a, start[k + 1] + b, start[k + 2] + c) }
      (result[k], result[k + 1], result[k + 2]) = (a, b, c)
      k += 3
    }
    while k < count {
      var sum = 0.0
      for i in 0..<used { sum += size * terms[i].coefficient * stages[terms[i].offset + k] }
      result[k] = start.map { $0[k] + sum } ?? sum
      k += 1
    }
  }

  /// Computes the sums of eight states, from state k on.
  @inline(__always)
  private func combineEight(
    _ k: Int, _ terms: UnsafeMutablePointer<Term>, _ used: Int, _ start: UnsafePointer<Double>?,
    _ result: UnsafeMutablePointer<Double>
  ) {
    var sum = SIMD8<Double>.zero
    let stages = stages + k
    for i in 0..<used {
      sum += weights[i] * UnsafeRawPointer(stages + terms[i].offset).loadUnaligned(as: SIMD8<Double>.self)
    }
    if let start { sum = UnsafeRawPointer(start + k).loadUnaligned(as: SIMD8<Double>.self) + sum }
    UnsafeMutableRawPointer(result + k).storeBytes(of: sum, as: SIMD8<Double>.self)
  }

  /// Writes the continuous solution of a step: polynomial coefficients for each state, ``IntegrationMethod/degree`` or more.
  func interpolate(_ size: Double, into piece: inout [Double]) {
    let degree = piece.count / count
    piece.withUnsafeMutableBufferPointer { piece in
      guard let piece = piece.baseAddress else { return }
      for group in 0..<groupCount { interpolate(group, size, into: piece + 4 * group, degree) }
    }
  }

  /// Writes four powers for each state.
  private func interpolate(_ group: Int, _ size: Double, into piece: UnsafeMutablePointer<Double>, _ degree: Int) {
    let first = group * continuousStageCount
    for i in 0..<continuousStageCount { scaledPowers[i] = size * powers[first + i] }
    let (powers, stages, count, stageCount) = (scaledPowers, stages, count, continuousStageCount)
    let piece = UnsafeMutableRawPointer(piece), stride = degree * MemoryLayout<Double>.stride
    var k = 0
    while k + 3 <= count {
      var (a, b, c) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
      var stage = stages + k
      for i in 0..<stageCount {
        let weights = powers[i]
        a += weights * stage[0]
        b += weights * stage[1]
        c += weights * stage[2]
        stage += count
      }
      (piece + k * stride).storeBytes(of: a, as: SIMD4<Double>.self)
      (piece + (k + 1) * stride).storeBytes(of: b, as: SIMD4<Double>.self)
      (piece + (k + 2) * stride).storeBytes(of: c, as: SIMD4<Double>.self)
      k += 3
    }
    while k < count {
      var sum = SIMD4<Double>.zero
      for i in 0..<stageCount { sum += powers[i] * stages[i * count + k] }
      (piece + k * stride).storeBytes(of: sum, as: SIMD4<Double>.self)
      k += 1
    }
  }
}
