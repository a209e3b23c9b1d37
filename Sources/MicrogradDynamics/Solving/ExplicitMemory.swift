/// The stages of an explicit Runge–Kutta method, its coefficients, and sums of both.
///
/// A sum Σ wᵢ · stage i is added in the order of the stages, for several states side by side.
internal final class ExplicitMemory {
  /// The number of states.
  let count: Int
  let stageCount: Int
  /// The stages, one after the other.
  let stages: UnsafeMutablePointer<Double>
  /// The times of the stages within a step of size 1.
  let nodes: UnsafeMutablePointer<Double>
  /// The coefficients of the stages, a row for each, then the weights of the errors.
  private let rows: UnsafeMutablePointer<Double>
  /// The weights of the continuous solution, those of all powers for each stage.
  private let powers: UnsafeMutablePointer<SIMD4<Double>>
  /// A row times the size of a step.
  private let weights: UnsafeMutablePointer<Double>

  init(_ tableau: RungeKuttaTableau, states: Int) {
    (count, stageCount) = (states, tableau.stageCount)
    let lists = tableau.coefficients + [tableau.errorWeights]
    stages = .allocate(capacity: stageCount * count)
    stages.initialize(repeating: 0, count: stageCount * count)
    rows = .allocate(capacity: lists.count * stageCount)
    rows.initialize(repeating: 0, count: lists.count * stageCount)
    for (i, list) in lists.enumerated() {
      for (j, number) in list.enumerated() { rows[i * stageCount + j] = number }
    }
    nodes = .allocate(capacity: stageCount)
    nodes.initialize(from: tableau.nodes, count: stageCount)
    powers = .allocate(capacity: stageCount)
    powers.initialize(from: tableau.interpolant.map { SIMD4($0) }, count: stageCount)
    weights = .allocate(capacity: stageCount)
    weights.initialize(repeating: 0, count: stageCount)
  }

  deinit {
    stages.deallocate()
    rows.deallocate()
    nodes.deallocate()
    powers.deallocate()
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
    let (row, weights, count) = (rows + row * stageCount, weights, count)
    for i in 0..<used { weights[i] = size * row[i] }
    var k = 0
    while k + 8 <= count {
      combine(SIMD8<Double>.self, k, used, start, result)
      k += 8
    }
    while k + 2 <= count {
      combine(SIMD2<Double>.self, k, used, start, result)
      k += 2
    }
    guard k < count else { return }
    var (sum, stage) = (0.0, stages + k)
    for i in 0..<used {
      sum += weights[i] * stage.pointee
      stage += count
    }
    result[k] = start.map { $0[k] + sum } ?? sum
  }

  /// Computes the sums of several states, from state k on.
  @inline(__always)
  private func combine<Numbers: SIMD>(
    _ type: Numbers.Type, _ k: Int, _ used: Int, _ start: UnsafePointer<Double>?,
    _ result: UnsafeMutablePointer<Double>
  ) where Numbers.Scalar == Double {
    var sum = Numbers.zero
    var stage = UnsafeRawPointer(stages + k)
    let stride = count * MemoryLayout<Double>.stride
    for i in 0..<used {
      sum += weights[i] * stage.loadUnaligned(as: type)
      stage += stride
    }
    if let start { sum = UnsafeRawPointer(start + k).loadUnaligned(as: type) + sum }
    UnsafeMutableRawPointer(result + k).storeBytes(of: sum, as: type)
  }

  /// Writes the continuous solution of a step: ``Trajectory/degree`` numbers for each state.
  func interpolate(_ size: Double, into piece: UnsafeMutablePointer<Double>) {
    let (powers, stages, count, stageCount) = (powers, stages, count, stageCount)
    for k in 0..<count {
      var sum = SIMD4<Double>.zero
      for i in 0..<stageCount { sum += (size * powers[i]) * stages[i * count + k] }
      UnsafeMutableRawPointer(piece + k * Trajectory.degree).storeBytes(of: sum, as: SIMD4<Double>.self)
    }
  }
}
