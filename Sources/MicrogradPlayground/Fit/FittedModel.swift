import Micrograd
import MicrogradFormulaFits
import MicrogradFormulas
import MicrogradOptimization

/// A formula that was fitted to the table, and what the page shows of it.
struct FittedModel {
  static let longestFormula = 1000
  static let mostParameters = 20
  static let mostInputs = 20
  /// The time of a guess grows with the parameters.
  static let mostGuesses = 9

  let problem: FitProblem
  let level: Double
  let outcome: FitRun.Outcome
  let plot: FitPlot
  private let all: FitTable
  private let band: CurveBand?
  private let iterations: [FitAnswer.Fit.Iteration]
  private let isCutShort: Bool
  private let request: FitRequest.Fit

  /// Fits a formula.
  init(_ request: FitRequest.Fit, _ pasted: PastedTable) throws {
    let model = try Self.model(request.formula)
    guard request.level > 0, request.level < 1 else {
      throw PlaygroundError("the probability is \(request.level): give one above 0 and below 1", field: "level")
    }
    let scatter = try request.knownScatter()
    let robust = try request.robust()
    let leftOut = Set(request.leftOut)
    func table(leavingOut rows: Set<Int>) throws -> FitTable {
      try FitTable(
        pasted.table, source: .init(file: nil, shown: "the table"), model: model, scatter: scatter,
        skipsMissing: request.skipsMissing, leavingOut: rows)
    }
    let data = try table(leavingOut: leftOut)
    guard data.parameters.count <= Self.mostParameters, data.inputs.count <= Self.mostInputs else {
      throw PlaygroundError(
        "the formula has \(data.parameters.count) parameters and \(data.inputs.count) columns, and the most are \(Self.mostParameters) and \(Self.mostInputs): use “micrograd fit”",
        field: "formula")
    }
    let problem = try request.problem(model, data)
    let known = problem.starts.count + problem.fixed.count
    guard data.parameters.count - known <= Self.mostGuesses else {
      throw PlaygroundError(
        "at most \(Self.mostGuesses) starts are guessed, and \(data.parameters.count - known) parameters have none: type starts, or hold parameters",
        field: "parameters")
    }
    var recorded: [FitAnswer.Fit.Iteration] = []
    let most = Self.mostIterations(rows: data.rows.count, formula: request.formula)
    let outcome = try Tape().use {
      try FitRun(problem, robust: robust) { progress in
        recorded.append(.init(values: progress.position, sum: progress.value))
        return recorded.count < most ? .goOn : .stop
      }.run()
    }
    self.problem = problem
    (self.outcome, level, self.request) = (outcome, request.level, request)
    isCutShort = recorded.count >= most
    // The left-out rows may be such that the left side is not finite; then they are not drawn.
    all = leftOut.isEmpty ? data : (try? table(leavingOut: [])) ?? data
    let band = Self.band(problem, outcome.result, FitPlot.grid(all), request.level)
    plot = FitPlot(problem, all: all, axis: request.axis, outcome, band: band)
    self.band = band
    let first = FitAnswer.Fit.Iteration(values: outcome.start, sum: Self.sum(problem, outcome.start))
    iterations = [first] + recorded
  }

  private static func model(_ text: String) throws -> ModelFormula {
    guard text.utf16.count <= longestFormula else {
      throw PlaygroundError(
        "the formula has \(text.utf16.count) characters, and the longest has \(longestFormula): shorten it",
        field: "formula", place: longestFormula)
    }
    do {
      return try ModelFormula(text)
    } catch {
      throw PlaygroundError(error, in: text, field: "formula")
    }
  }

  /// The most iterations, so that a fit takes about a second.
  private static func mostIterations(rows: Int, formula: String) -> Int {
    min(1000, max(8, 60_000_000 / (rows * max(10, formula.utf16.count))))
  }

  private static func sum(_ problem: FitProblem, _ parameters: [Double]) -> Double {
    problem.data.rows.indices.reduce(0) { sum, k in
      let residual = problem.data.responses[k] - problem.prediction(parameters, problem.data.rows[k])
      let weighted = residual * problem.factor(k)
      return sum + weighted * weighted
    }
  }

  // MARK: - Answers

  /// The picture at some parameters, in the order of the formula.
  func view(_ parameters: [Double]) throws -> FitAnswer.View {
    guard parameters.count == problem.data.parameters.count, parameters.allSatisfy(\.isFinite) else {
      throw PlaygroundError("the view has other parameters than the fit: reload the page")
    }
    return view(parameters, band: nil, sum: Self.sum(problem, parameters))
  }

  private func view(_ parameters: [Double], band: CurveBand?, sum: Double) -> FitAnswer.View {
    let predicted = plot.drawn.map { problem.prediction(parameters, all.rows[$0]) }
    let residuals = zip(plot.drawn, predicted).map { all.responses[$0] - $1 }
    let kept = residuals.indices.filter { !plot.points[$0].isLeftOut }.map { residuals[$0] }
    return FitAnswer.View(
      values: parameters, sum: sum, notFinite: problem.notFinite(parameters),
      curve: plot.isCurve ? FitCurve(problem, plot, at: parameters, band: band) : nil,
      predicted: predicted, residuals: residuals, predictedAt: predicted.map(plot.y.position),
      residualPlot: ResidualPlot(
        plot, predicted: predicted, residuals: residuals, covering: kept, responseName: problem.responseName))
  }

  private static func band(
    _ problem: FitProblem, _ result: FitResult, _ grid: [Double], _ level: Double
  ) -> CurveBand? {
    guard !grid.isEmpty else { return nil }
    let inputs = grid.map { problem.data.inputs.isEmpty ? [] : [$0] }
    // A curve whose bands cannot be computed, or that is not finite somewhere, is drawn alone.
    return try? Tape().use {
      try result.band(inputs: inputs, level: level, noise: problem.data.noise) {
        (p: NamedValues, row: [Double]) in problem.prediction(p.values, row)
      }
    }
  }

  /// Everything about the fit.
  ///
  /// - Parameter sliders: The ranges of the sliders before; they stay while they suit.
  func answer(sliders: [String: ParameterSlider]) -> FitAnswer.Fit {
    let result = outcome.result
    var (intervals, withoutErrors): ([ClosedRange<Double>]?, String?) = (nil, nil)
    do {
      intervals = try result.confidenceIntervals(level: level)
    } catch {
      withoutErrors = "no standard errors: \(error)"
    }
    let guessed = Set((outcome.guess ?? []).map(\.name))
    let parameters = result.names.indices.map { k -> FitAnswer.Fit.Parameter in
      let name = result.names[k], isHeld = problem.fixed[name] != nil
      let isAtBound = !isHeld && result.heldByBounds.contains(k)
      let hasError = intervals != nil && !isHeld && !isAtBound
      let error = hasError ? result.standardErrors?[k] : nil
      let interval = hasError ? intervals.map { [$0[k].lowerBound, $0[k].upperBound] } : nil
      let new = ParameterSlider(
        result.parameters[k], standardError: error, bounds: isHeld ? nil : problem.bounds[name])
      let slider = sliders[name].flatMap { $0.suits(result.parameters[k], new) ? $0 : nil } ?? new
      return FitAnswer.Fit.Parameter(
        name: name, value: result.parameters[k], start: outcome.start[k],
        isGuessed: guessed.contains(name) && request.near == nil, isHeld: isHeld, isAtBound: isAtBound,
        isUndetermined: result.undetermined.contains(k), standardError: error, interval: interval, slider: slider)
    }
    let statistics = FitAnswer.Fit.Statistics(
      points: result.pointCount, degreesOfFreedom: result.degreesOfFreedom, sum: result.residualSumOfSquares,
      deviation: result.residualStandardDeviation, rSquared: result.rSquared,
      reducedChiSquare: result.reducedChiSquare, aic: result.akaikeCriterion, bic: result.bayesianCriterion,
      loss: result.loss == .squares ? nil : "\(result.loss)", lossSum: result.loss == .squares ? nil : result.lossSum)
    let reason =
      isCutShort && result.reason == .stopped
      ? "stopped after \(iterations.count - 1) iterations, to keep the page quick; run “micrograd fit” for this table"
      : "\(result.reason)"
    return FitAnswer.Fit(
      parameters: parameters, iterations: iterations, statistics: statistics, isConverged: result.isConverged,
      reason: reason, withoutErrors: withoutErrors, text: result.table(level: level),
      notes: problem.data.notes + outcome.notes.filter { !$0.hasPrefix("starts") }, plot: plot,
      view: view(result.parameters, band: band, sum: result.residualSumOfSquares))
  }
}
