import Micrograd

/// The derivatives of a right-hand side by the states and by the time, on plain numbers.
///
/// A right-hand side of Values has exact ones: by a compiled function, by colours where at most half of the entries can be
/// other than zero; or by a recording, if it cannot be compiled. One of plain numbers has differences.
internal final class StateJacobian {
  private let function: StateFunction
  private let count: Int
  /// ∂f/∂y: the columns of the entries of each row, and the entries.
  private(set) var columnsByRow: [[Int]]
  private(set) var entries: [[Double]]
  /// ∂f/∂t.
  private(set) var byTime: [Double]
  private(set) var order: BandOrder

  private var compiled: CompiledFunction?
  private let parameters: Parameters
  private var sparse: SparseMatrix?
  private var knownPaths = 0
  private var dense: [Double] = []
  private var sample: [Double]

  init(_ function: StateFunction) {
    self.function = function
    count = function.stateCount
    (columnsByRow, entries) = ([], [])
    byTime = [Double](repeating: 0, count: count)
    order = BandOrder(dense: count)
    sample = [Double](repeating: 0, count: 1 + function.stateCount)
    parameters = Parameters([Double](repeating: 0, count: function.parameterCount))
    setDense()
  }

  /// Takes the parameters of the function, and compiles the derivatives at a start if the function was compiled.
  func prepare(time: Double, state: [Double]) {
    setSample(time, state)
    for (k, number) in function.parameters.enumerated() { parameters[k].data = number }
    if function.compiled == nil {
      if compiled != nil { setDense() }
      compiled = nil
      return
    }
    if compiled != nil { return }
    if let flat = function.flat {
      let parameters = Array(self.parameters)
      compiled = try? compile(at: sample) { x in flat(x + parameters) }
      if let compiled { findPattern(compiled) }
    }
  }

  private func setSample(_ time: Double, _ state: [Double]) {
    sample[0] = time
    for k in 0..<count { sample[1 + k] = state[k] }
  }

  private func setDense() {
    columnsByRow = [[Int]](repeating: Array(0..<count), count: count)
    entries = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    (sparse, order) = (nil, BandOrder(dense: count))
  }

  /// Finds which entries can be other than zero at the sample. Entries of other paths stay.
  private func findPattern(_ compiled: CompiledFunction) {
    knownPaths = compiled.pathCount
    guard let flat = function.flat else { return }
    let parameters = function.parameters
    let found = Tape.scope {
      jacobianSparsity(at: sample) { x in flat(x + parameters.map { .constant($0) }) }
    }
    var columns = found.columnsByRow
    if let sparse { columns = zip(columns, sparse.pattern.columnsByRow).map(+) }
    let pattern = SparsityPattern(columns: 1 + count, columnsByRow: columns)
    guard 2 * pattern.count <= count * count,
      let made = try? compiled.sparseJacobian(at: sample, pattern: pattern)
    else { return setDense() }
    sparse = made
    columnsByRow = pattern.columnsByRow.map { $0.filter { $0 > 0 }.map { $0 - 1 } }
    entries = columnsByRow.map { [Double](repeating: 0, count: $0.count) }
    // The diagonal belongs to the linear systems.
    order = BandOrder(columnsByRow: columnsByRow.enumerated().map { $1 + [$0] })
  }

  /// Computes the derivatives.
  ///
  /// - Parameters:
  ///   - slope: The right-hand side at the time and the states.
  ///   - reach: The size of a step, for differences of plain numbers.
  func evaluate(_ time: Double, _ state: [Double], slope: [Double], reach: Double) throws(DynamicsError.Reason) {
    setSample(time, state)
    if let compiled {
      do throws(CompilationError) {
        return try evaluate(compiled)
      } catch {
        // The state takes a path that cannot be compiled.
        self.compiled = nil
        setDense()
      }
    }
    if let flat = function.flat {
      let parameters = function.parameters
      store(Tape.scope { jacobian(at: sample) { x in flat(x + parameters.map { .constant($0) }) } })
    } else {
      try evaluateDifferences(slope, reach)
    }
  }

  private func evaluate(_ compiled: CompiledFunction) throws(CompilationError) {
    guard sparse != nil else {
      try compiled.jacobian(at: sample, into: &dense)
      for row in 0..<count {
        byTime[row] = dense[row * (1 + count)]
        for column in 0..<count { entries[row][column] = dense[row * (1 + count) + 1 + column] }
      }
      return
    }
    // A path that is new may have other entries.
    _ = try compiled.results(at: sample)
    if compiled.pathCount != knownPaths { findPattern(compiled) }
    guard var matrix = sparse else { return try evaluate(compiled) }
    sparse = nil
    defer { sparse = matrix }
    try compiled.sparseJacobian(at: sample, into: &matrix)
    for (row, columns) in matrix.pattern.columnsByRow.enumerated() {
      let hasTime = columns.first == 0
      byTime[row] = hasTime ? matrix.entries[row][0] : 0
      for k in entries[row].indices { entries[row][k] = matrix.entries[row][hasTime ? k + 1 : k] }
    }
  }

  private func store(_ jacobian: [[Double]]) {
    for (row, numbers) in jacobian.enumerated() {
      byTime[row] = numbers[0]
      for column in 0..<count { entries[row][column] = numbers[1 + column] }
    }
  }

  /// Forward differences, a call of the right-hand side for each state and for the time.
  private func evaluateDifferences(_ slope: [Double], _ reach: Double) throws(DynamicsError.Reason) {
    var moved = slope
    let (time, state) = (sample[0], Array(sample[1...]))
    let largest = state.reduce(0) { max($0, abs($1)) }
    for column in 0..<count {
      let size = max(abs(state[column]), abs(reach * slope[column]))
      let change = Double.ulpOfOne.squareRoot() * (size > 0 ? size : largest > 0 ? largest : 1)
      var other = state
      other[column] += change
      try function.evaluate(time, other, into: &moved)
      for row in 0..<count { entries[row][column] = (moved[row] - slope[row]) / (other[column] - state[column]) }
    }
    let later = time + Double.ulpOfOne.squareRoot() * (abs(time) > abs(reach) ? abs(time) : reach)
    try function.evaluate(later, state, into: &moved)
    for row in 0..<count { byTime[row] = (moved[row] - slope[row]) / (later - time) }
  }

  /// Returns an upper bound of the magnitudes of the eigenvalues of ∂f/∂y: the lesser one of the largest sum of a row and that
  /// of a column, in given units of the states.
  func spectralBound(unit: (Int) -> Double) -> Double {
    let units = (0..<count).map(unit)
    guard units.allSatisfy({ $0 > 0 }) else { return .infinity }
    var (largestRow, columns) = (0.0, [Double](repeating: 0, count: count))
    for row in 0..<count {
      var sum = 0.0
      for (k, column) in columnsByRow[row].enumerated() {
        let size = abs(entries[row][k]) * (units[column] / units[row])
        sum += size
        columns[column] += size
      }
      largestRow = max(largestRow, sum)
    }
    return min(largestRow, columns.reduce(0) { max($0, $1) })
  }

  // MARK: Linear systems

  /// A matrix of zeros with the entries of shift - ∂f/∂y in the order of ``order``.
  var emptyFactors: BandedFactors { BandedFactors(count: count, lower: order.lower, upper: order.upper) }

  /// Factors shift - ∂f/∂y in the order of ``order``.
  ///
  /// - Returns: False if the matrix is singular, or not finite.
  func factor(_ factors: inout BandedFactors, shift: Double) -> Bool {
    factors.clear()
    let places = order.places
    for row in 0..<count {
      factors.set(places[row], places[row], shift)
      for (k, column) in columnsByRow[row].enumerated() {
        let entry = entries[row][k]
        factors.set(places[row], places[column], column == row ? shift - entry : -entry)
      }
    }
    return factors.factor()
  }
}
