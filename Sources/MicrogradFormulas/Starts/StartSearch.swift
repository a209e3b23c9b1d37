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
  ///   - rows: The numbers of each row in the order of the columns. At most 250 rows are looked at.
  ///   - responses: The number of the left side for each row.
  ///   - weights: The weight of each squared residual; empty for equal weights.
  ///   - known: Parameters whose starts are known.
  ///   - bounds: The ranges of parameters that have bounds.
  ///   - count: The most starts to return; of a model with more than two nonlinear parameters, four times as many.
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
  private static let mostRows = 250

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
  private let spans: [ColumnSpan]
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
    self.spans = spans
    let dimensions = Dimensions(formula, columns: columnOfInput, columnCount: columns.count)
    let exponents = Dictionary(uniqueKeysWithValues: zip(parameters, dimensions.exponents))
    let used = columns.indices.filter { columnOfInput.contains($0) }
    draws = nonlinear.map { ParameterDraw(exponents[$0] ?? nil, spans, used: used, range: ranges[$0]) }
  }

  /// Returns the best starts.
  mutating func best(_ count: Int) -> [ModelStart] {
    guard let program = try? compiled() else { return [] }
    if nonlinear.isEmpty {
      return distinct(starts(program, [[]])[0].map { Candidate([], $0) }, count, apart: 0.05).map(\.start)
    }
    let isLarge = nonlinear.count > 2
    // Evolution ends in one valley, so that of many parameters is begun anew with other numbers.
    let rounds = isLarge ? 3 : 1
    let tries = isLarge ? 2000 : nonlinear.count == 2 ? 2500 : 400
    var (drawn, evolved): ([Candidate], [Candidate]) = ([], [])
    for _ in 0..<rounds {
      let points = (0..<tries).map { _ in draws.map { $0.number(&random) } }
      let found = zip(points, starts(program, points)).flatMap { point, starts in starts.map { Candidate(point, $0) } }
        .sorted { $0.start.sumOfSquares < $1.start.sumOfSquares }
      drawn += found
      let population = evolve(Array(found.prefix(10 + 12 * nonlinear.count)), program)
      evolved += distinct(population, max(1, count / 2 / rounds), apart: 0.05)
    }
    drawn.sort { $0.start.sumOfSquares < $1.start.sumOfSquares }
    evolved.sort { $0.start.sumOfSquares < $1.start.sumOfSquares }
    // Some of each: evolution may leave a valley that it should not have left.
    let others = distinct(drawn, isLarge ? 3 * count : count - count / 2, apart: isLarge ? 0.3 : 0.05)
    return (evolved + others).map(\.start)
  }

  /// Nonlinear parameters, and the start that follows from them.
  private struct Candidate {
    let point: [Double]
    let start: ModelStart

    init(_ point: [Double], _ start: ModelStart) { (self.point, self.start) = (point, start) }
  }

  /// Improves candidates by differential evolution (Storn, Price): each is replaced by a mixture of others that is better.
  private mutating func evolve(_ candidates: [Candidate], _ program: CompiledFunction) -> [Candidate] {
    guard candidates.count >= 5 else { return candidates }
    var population = candidates
    for _ in 0..<(nonlinear.count <= 2 ? 60 : 90) {
      let mixtures = population.indices.map { k -> [Double] in
        let others = (0..<3).map { _ in population[random.below(population.count)].point }
        // Half of the mixtures begin at one of the best.
        let base = random.uniform() < 0.5 ? population[random.below(5)].point : others[0]
        let (factor, always) = (0.3 + 0.7 * random.uniform(), random.below(nonlinear.count))
        return nonlinear.indices.map { j in
          guard j == always || random.uniform() < 0.8 else { return population[k].point[j] }
          let mixed = base[j] + factor * (others[1][j] - others[2][j])
          return bounds[nonlinear[j]].map { min(max(mixed, $0.lowerBound), $0.upperBound) } ?? mixed
        }
      }
      for (k, starts) in starts(program, mixtures).enumerated() {
        if let start = starts.first, start.sumOfSquares <= population[k].start.sumOfSquares {
          population[k] = Candidate(mixtures[k], start)
        }
      }
      population.sort { $0.start.sumOfSquares < $1.start.sumOfSquares }
    }
    return population
  }

  /// The starts that follow from each list of nonlinear parameters: none if the model is not finite there.
  private func starts(_ program: CompiledFunction, _ points: [[Double]]) -> [[ModelStart]] {
    let width = nonlinear.count + rows[0].count
    let batch = max(1, 4000 / rows.count)
    var found: [[ModelStart]] = []
    for first in stride(from: 0, to: points.count, by: batch) {
      let part = points[first..<min(first + batch, points.count)]
      var samples: [Double] = []
      samples.reserveCapacity(part.count * rows.count * width)
      for point in part {
        for row in rows { samples += point + row }
      }
      let results: Samples?
      if width == 0 {
        results = (try? program.results(at: [])).map { only in Samples(rows.map { _ in only }) }
      } else {
        results = try? program.results(at: Samples(samples, width: width))
      }
      guard let results else {
        found += part.map { _ in [] }
        continue
      }
      let columns = results.columns
      for (k, point) in part.enumerated() {
        found.append(solve(point, columns.map { $0[(k * rows.count)..<((k + 1) * rows.count)] }))
      }
    }
    return found
  }

  /// The best of sorted candidates that are not close to a better one: that differ from it by a share of a parameter.
  private func distinct(_ candidates: [Candidate], _ count: Int, apart: Double) -> [Candidate] {
    var chosen: [Candidate] = []
    for candidate in candidates where chosen.count < count {
      let isClose = chosen.contains { other in
        zip(candidate.start.parameters, other.start.parameters).allSatisfy {
          abs($0 - $1) <= apart * max(abs($0), abs($1))
        }
      }
      if !isClose { chosen.append(candidate) }
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

  /// Solves for the linear parameters.
  ///
  /// - Parameters:
  ///   - point: The nonlinear parameters.
  ///   - results: The results of the program for all rows, by column.
  /// - Returns: Solutions, the best first; none if the model is not finite.
  private func solve(_ point: [Double], _ results: [ArraySlice<Double>]) -> [ModelStart] {
    let n = linear.count
    guard results.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return [] }
    let above = results[0...n].map(Array.init), below = results[(n + 1)...].map(Array.init)
    // The part of each linear parameter.
    let (slopesAbove, slopesBelow) = (
      above.dropFirst().map { difference($0, above[0]) }, below.dropFirst().map { difference($0, below[0]) }
    )
    var solutions: [(sum: Double, solution: [Double])] = []
    // A fraction is solved several times, each time with the denominators that were found before as weights (Sanathanan,
    // Koerner). Where nothing else is to be tried, it begins with several guesses of the denominator.
    let beginnings = parts.isFraction ? (nonlinear.isEmpty ? 6 : 1) : 1
    for beginning in 0..<beginnings {
      var weights = rows.indices.map { row in factors[row] / guessedDenominator(row, power: beginning) }
      for _ in 0..<(parts.isFraction ? (nonlinear.isEmpty ? 15 : 5) : 1) {
        let matrix = (0..<n).map { j in
          rows.indices.map { row in (slopesAbove[j][row] - y[row] * slopesBelow[j][row]) * weights[row] }
        }
        let right = rows.indices.map { row in (y[row] * below[0][row] - above[0][row]) * weights[row] }
        guard right.allSatisfy(\.isFinite), matrix.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { break }
        var solution = SmallLeastSquares.solve(matrix, right)
        for (j, k) in linear.enumerated() {
          if let range = bounds[k] { solution[j] = min(max(solution[j], range.lowerBound), range.upperBound) }
        }
        var sum = 0.0
        for row in rows.indices {
          var (over, under) = (above[0][row], below[0][row])
          for j in 0..<n {
            over += solution[j] * slopesAbove[j][row]
            under += solution[j] * slopesBelow[j][row]
          }
          let residual = (y[row] - over / under) * factors[row]
          sum += residual * residual
          weights[row] = factors[row] / max(abs(under), .leastNormalMagnitude)
        }
        if sum.isFinite { solutions.append((sum, solution)) }
      }
    }
    return solutions.sorted { $0.sum < $1.sum }.map { start(point, $0) }
  }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }

  /// A guess of the denominator of a row: a power of its columns.
  private func guessedDenominator(_ row: Int, power: Int) -> Double {
    rows[row].indices.reduce(1) { $0 * (1 + 4 * abs(rows[row][$1]) / spans[$1].largest.nonzero) ** Double(power) }
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
