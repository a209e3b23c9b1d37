import Micrograd

/// A guess of a model's parameters, from which a fit can start.
public struct ModelStart: Sendable, Equatable {
  /// The parameters, in the order of ``ModelFormula/parameters(columns:)``.
  public var parameters: [Double]
  /// The sum of the squared residuals of the rows that were looked at.
  public var sumOfSquares: Double
}

extension ModelFormula {
  /// Searches starts of a fit, the best first.
  ///
  /// Parameters that enter linearly once the others are known, also those of a fraction's two parts, are solved by linear least
  /// squares. The others are drawn from a fixed stream of random numbers, several thousand times: each in its units, which
  /// follow from the formula and the ranges of the data. So the guess does not depend on the units of the table.
  ///
  /// - Parameters:
  ///   - columns: The names of the columns.
  ///   - rows: The numbers of each row in the order of the columns. At most 150 rows are looked at.
  ///   - responses: The number of the left side for each row.
  ///   - weights: The weight of each squared residual; empty for equal weights.
  ///   - known: Parameters whose starts are known.
  ///   - bounds: The ranges of parameters that have bounds.
  ///   - count: The most starts to return.
  /// - Returns: Starts; none if the model is finite for none of the parameters that were tried.
  public func starts(
    columns: [String], rows: [[Double]], responses: [Double], weights: [Double] = [], known: [String: Double] = [:],
    bounds: [String: ClosedRange<Double>] = [:], count: Int = 16
  ) -> [ModelStart] {
    precondition(
      rows.count == responses.count, "\(rows.count) rows have \(responses.count) responses: give one for each")
    precondition(
      weights.isEmpty || weights.count == rows.count,
      "\(rows.count) rows have \(weights.count) weights: give one for each")
    guard !rows.isEmpty else { return [] }
    return Tape().use {
      var search = StartSearch(self, columns, rows, responses, weights, known, bounds)
      return search.best(count)
    }
  }
}

/// The search for starts of one model and one table.
private struct StartSearch {
  private static let mostRows = 150

  private let names: [String]
  private let parameters: [Int]
  private let linear: [Int]
  private let nonlinear: [Int]
  private let known: [Int: Double]
  private let bounds: [Int: ClosedRange<Double>]
  private let parts: LinearParameters
  private let columnOfInput: [Int?]
  private let rows: [[Double]]
  private let y: [Double]
  private let factors: [Double]
  private let draws: [ParameterDraw]
  private var random = StartRandom()

  init(
    _ model: ModelFormula, _ columns: [String], _ rows: [[Double]], _ y: [Double], _ weights: [Double],
    _ known: [String: Double], _ bounds: [String: ClosedRange<Double>]
  ) {
    let formula = model.prediction
    names = formula.names
    let places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    columnOfInput = names.map { places[$0] }
    let (names, columnOfInput) = (names, columnOfInput)
    parameters = names.indices.filter { columnOfInput[$0] == nil }
    var (knownPlaces, ranges): ([Int: Double], [Int: ClosedRange<Double>]) = ([:], [:])
    for k in parameters {
      knownPlaces[k] = known[names[k]]
      ranges[k] = bounds[names[k]]
      if let range = bounds[names[k]], range.lowerBound == range.upperBound { knownPlaces[k] = range.lowerBound }
    }
    (self.known, self.bounds) = (knownPlaces, ranges)
    let candidates = parameters.filter { knownPlaces[$0] == nil }
    parts = LinearParameters(formula, candidates: candidates)
    let linear = parts.linear
    self.linear = linear
    nonlinear = candidates.filter { !linear.contains($0) }

    let step = max(1, (rows.count + Self.mostRows - 1) / Self.mostRows)
    let chosen = stride(from: 0, to: rows.count, by: step)
    self.rows = chosen.map { rows[$0] }
    self.y = chosen.map { y[$0] }
    factors = chosen.map { weights.isEmpty ? 1 : weights[$0].squareRoot() }

    var spans = columns.indices.map { column in ColumnSpan(rows.map { $0[column] }) }
    spans.append(ColumnSpan(y))
    let dimensions = Dimensions(formula, columns: columnOfInput, columnCount: columns.count)
    let exponents = Dictionary(uniqueKeysWithValues: zip(parameters, dimensions.exponents))
    let used = columns.indices.filter { columnOfInput.contains($0) }
    draws = nonlinear.map { ParameterDraw(exponents[$0] ?? nil, spans, used: used, range: ranges[$0]) }
  }

  /// Returns the best starts.
  mutating func best(_ count: Int) -> [ModelStart] {
    let tries = nonlinear.isEmpty ? 1 : nonlinear.count == 1 ? 400 : nonlinear.count == 2 ? 2000 : 5000
    guard let program = try? compiled() else { return [] }
    var found: [ModelStart] = []
    let batch = max(1, 4000 / rows.count)
    for start in stride(from: 0, to: tries, by: batch) {
      let points = (start..<min(start + batch, tries)).map { _ in draws.map { $0.number(&random) } }
      var samples: [Double] = []
      for point in points { for row in rows { samples += point + row } }
      let width = nonlinear.count + rows[0].count
      let results: [[Double]]
      if width == 0 {
        guard let only = try? program.results(at: []) else { return [] }
        results = Array(repeating: only, count: points.count * rows.count)
      } else {
        guard let all = try? program.results(at: Samples(samples, width: width)) else { continue }
        results = all.rows
      }
      for (k, point) in points.enumerated() {
        if let start = solve(point, results[(k * rows.count)..<((k + 1) * rows.count)]) { found.append(start) }
      }
    }
    found.sort { $0.sumOfSquares < $1.sumOfSquares }
    return distinct(found, count)
  }

  /// The best starts that are not close to a better one.
  private func distinct(_ starts: [ModelStart], _ count: Int) -> [ModelStart] {
    var chosen: [ModelStart] = []
    for start in starts where chosen.count < count {
      let isClose = chosen.contains { other in
        zip(start.parameters, other.parameters).allSatisfy { abs($0 - $1) <= 0.05 * max(abs($0), abs($1)) }
      }
      if !isClose { chosen.append(start) }
    }
    return chosen
  }

  /// The numerator and the denominator where the linear parameters are 0, and with each of them 1, as a function of the nonlinear
  /// parameters and the columns.
  private func compiled() throws(CompilationError) -> CompiledFunction {
    let sample = [Double](repeating: 1, count: nonlinear.count + rows[0].count)
    return try compile(at: sample) { [self] x in
      var results: [Value] = []
      for part in [parts.numerator, parts.denominator] {
        for one in [nil] + linear.map({ Optional($0) }) {
          let inputs = names.indices.map { k -> Value in
            if let column = columnOfInput[k] { return x[nonlinear.count + column] }
            if let number = known[k] { return .constant(number) }
            if let place = nonlinear.firstIndex(of: k) { return x[place] }
            return .constant(k == one ? 1 : 0)
          }
          results.append(part(inputs))
        }
      }
      return results
    }
  }

  /// Solves for the linear parameters, given the results of all rows; nil if the model is not finite.
  private func solve(_ point: [Double], _ results: ArraySlice<[Double]>) -> ModelStart? {
    let n = linear.count
    var best: (sum: Double, solution: [Double])?
    var below = [Double](repeating: 1, count: rows.count)
    // A fraction is solved several times, each time with the denominators that were found before as weights (Sanathanan, Koerner).
    for _ in 0..<(parts.isFraction ? 6 : 1) {
      var (matrix, right): ([[Double]], [Double]) = ([], [])
      for (row, r) in results.enumerated() {
        let weight = factors[row] / below[row]
        let (above0, below0) = (r[0], r[n + 1])
        let line = (0..<n).map { j in ((r[j + 1] - above0) - y[row] * (r[n + 2 + j] - below0)) * weight }
        let number = (y[row] * below0 - above0) * weight
        guard number.isFinite, line.allSatisfy(\.isFinite) else { return best.map { start(point, $0) } }
        matrix.append(line)
        right.append(number)
      }
      var solution = SmallLeastSquares.solve(matrix, right)
      for (j, k) in linear.enumerated() {
        if let range = bounds[k] { solution[j] = min(max(solution[j], range.lowerBound), range.upperBound) }
      }
      var sum = 0.0
      for (row, r) in results.enumerated() {
        let above = (0..<n).reduce(r[0]) { $0 + solution[$1] * (r[$1 + 1] - r[0]) }
        let under = (0..<n).reduce(r[n + 1]) { $0 + solution[$1] * (r[n + 2 + $1] - r[n + 1]) }
        let residual = (y[row] - above / under) * factors[row]
        sum += residual * residual
        below[row] = under == 0 ? .leastNormalMagnitude : abs(under)
      }
      if sum.isFinite, sum < best?.sum ?? .infinity { best = (sum, solution) }
    }
    return best.map { start(point, $0) }
  }

  private func start(_ point: [Double], _ best: (sum: Double, solution: [Double])) -> ModelStart {
    let numbers = parameters.map { k -> Double in
      if let number = known[k] { return number }
      if let place = linear.firstIndex(of: k) { return best.solution[place] }
      return nonlinear.firstIndex(of: k).map { point[$0] } ?? 0
    }
    return ModelStart(parameters: numbers, sumOfSquares: best.sum)
  }
}
