/// The stages of an explicit Runge–Kutta method, its coefficients, and sums of both.
///
/// A sum Σ wᵢ · stage i is added in the order of the stages, for several states side by side.
internal final class ExplicitMemory {
  /// The number of states.
  let count: Int
  let stageCount: Int
  /// The stages.
  let rows: StageRows
  /// The same, one after the other.
  let stages: UnsafeMutablePointer<Double>
  /// The times of the stages within a step of size 1.
  let nodes: UnsafeMutablePointer<Double>
  /// The coefficients of the stages, a row for each, then the weights of the errors.
  private let coefficients: UnsafeMutablePointer<Double>
  /// The weights of the continuous solution, those of all powers for each stage.
  private let powers: UnsafeMutablePointer<SIMD4<Double>>
  /// The same times the size of a step.
  private let scaledPowers: UnsafeMutablePointer<SIMD4<Double>>
  /// A row times the size of a step.
  private let weights: UnsafeMutablePointer<Double>

  init(_ tableau: RungeKuttaTableau, states: Int) {
    (count, stageCount) = (states, tableau.stageCount)
    let lists = tableau.coefficients + [tableau.errorWeights]
    rows = StageRows(count: stageCount, width: count)
    stages = rows.numbers
    coefficients = .allocate(capacity: lists.count * stageCount)
    coefficients.initialize(repeating: 0, count: lists.count * stageCount)
    for (i, list) in lists.enumerated() {
      for (j, number) in list.enumerated() { coefficients[i * stageCount + j] = number }
    }
    nodes = .allocate(capacity: stageCount)
    nodes.initialize(from: tableau.nodes, count: stageCount)
    powers = .allocate(capacity: stageCount)
    powers.initialize(from: tableau.interpolant.map { SIMD4($0) }, count: stageCount)
    scaledPowers = .allocate(capacity: stageCount)
    scaledPowers.initialize(repeating: .zero, count: stageCount)
    weights = .allocate(capacity: stageCount)
    weights.initialize(repeating: 0, count: stageCount)
  }

  deinit {
    coefficients.deallocate()
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
        combine(row, row, size, from: state.baseAddress, into: result)
      }
    }
  }

  /// Writes the argument of a stage as a list: the time, the states, and the parameters, which are there.
  func writeArgument(_ stage: Int, _ step: SolvedStep, into list: inout [Double]) {
    step.state.withUnsafeBufferPointer { state in
      list.withUnsafeMutableBufferPointer { list in
        guard let list = list.baseAddress else { return }
        list[0] = step.time + nodes[stage] * step.size
        combine(stage, stage, step.size, from: state.baseAddress, into: list + 1)
      }
    }
  }

  /// The coefficient of an earlier stage in the argument of a stage.
  func coefficient(_ stage: Int, _ earlier: Int) -> Double { coefficients[stage * stageCount + earlier] }

  /// Writes the errors of a step.
  @inline(__always)
  func estimateErrors(_ size: Double, into errors: inout [Double]) {
    errors.withUnsafeMutableBufferPointer { errors in
      if let errors = errors.baseAddress { combine(stageCount, stageCount, size, from: nil, into: errors) }
    }
  }

  private func combine(
    _ row: Int, _ used: Int, _ size: Double, from start: UnsafePointer<Double>?,
    into result: UnsafeMutablePointer<Double>
  ) {
    let row = coefficients + row * stageCount, count = count
    if count < 8 { return combineFew(row, used, size, from: start, into: result) }
    for i in 0..<used { weights[i] = size * row[i] }
    var k = 0
    while k + 8 <= count {
      combineEight(k, used, start, result)
      k += 8
    }
    // The last numbers, some of them again.
    if k < count { combineEight(count - 8, used, start, result) }
  }

  /// Computes the sums of a few states as single numbers: a vector that was just written in parts is slow to read.
  @inline(__always)
  private func combineFew(
    _ row: UnsafeMutablePointer<Double>, _ used: Int, _ size: Double, from start: UnsafePointer<Double>?,
    into result: UnsafeMutablePointer<Double>
  ) {
    let count = count
    var k = 0
    while k + 3 <= count {
      var (a, b, c, stage) = (0.0, 0.0, 0.0, stages + k)
      for i in 0..<used {
        let weight = size * row[i]
        a += weight * stage[0]
        b += weight * stage[1]
        c += weight * stage[2]
        stage += count
      }
      if let start { (a, b, c) = (start[k] + a, start[k + 1] + b, start[k + 2] + c) }
      (result[k], result[k + 1], result[k + 2]) = (a, b, c)
      k += 3
    }
    while k < count {
      var (sum, stage) = (0.0, stages + k)
      for i in 0..<used {
        sum += size * row[i] * stage.pointee
        stage += count
      }
      result[k] = start.map { $0[k] + sum } ?? sum
      k += 1
    }
  }

  /// Computes the sums of eight states, from state k on.
  @inline(__always)
  private func combineEight(
    _ k: Int, _ used: Int, _ start: UnsafePointer<Double>?, _ result: UnsafeMutablePointer<Double>
  ) {
    var sum = SIMD8<Double>.zero
    var stage = UnsafeRawPointer(stages + k)
    let stride = count * MemoryLayout<Double>.stride
    for i in 0..<used {
      sum += weights[i] * stage.loadUnaligned(as: SIMD8<Double>.self)
      stage += stride
    }
    if let start { sum = UnsafeRawPointer(start + k).loadUnaligned(as: SIMD8<Double>.self) + sum }
    UnsafeMutableRawPointer(result + k).storeBytes(of: sum, as: SIMD8<Double>.self)
  }

  /// Writes the continuous solution of a step: ``Trajectory/degree`` numbers for each state.
  func interpolate(_ size: Double, into piece: UnsafeMutablePointer<Double>) {
    for i in 0..<stageCount { scaledPowers[i] = size * powers[i] }
    let (powers, stages, count, stageCount) = (scaledPowers, stages, count, stageCount)
    let piece = UnsafeMutableRawPointer(piece), stride = Trajectory.degree * MemoryLayout<Double>.stride
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
