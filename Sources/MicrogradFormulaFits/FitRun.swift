import Foundation
import Micrograd
import MicrogradFormulas
import MicrogradOptimization

/// Runs a fit: guesses starts, fits from the best of them, and finds the scale of a robust loss.
package struct FitRun {
  package struct Outcome {
    package var result: FitResult
    /// The guessed starts by name; nil if all were given.
    package var guess: [(name: String, value: Double)]?
    /// The parameters where the last fit of all rows began, and where the first one did. They differ for a robust loss.
    package var lastStart, start: [Double]
    package var notes: [String]
  }

  /// A report of each iteration of the fits of all rows.
  package typealias Progress = (OptimizationProgress) -> OptimizationProgress.Decision

  /// Starts are compared on at most so many rows.
  private static let mostRows = 500

  private let problem: FitProblem
  private let robust: RobustChoice?
  private let progress: Progress

  /// Creates a fit.
  ///
  /// - Parameters:
  ///   - problem: The model, the data, and what is known of the parameters.
  ///   - robust: The robust loss; nil for least squares.
  ///   - progress: Called after every iteration of a fit of all rows.
  package init(_ problem: FitProblem, robust: RobustChoice?, progress: @escaping Progress = { _ in .goOn }) {
    (self.problem, self.robust, self.progress) = (problem, robust, progress)
  }

  /// Runs the fit.
  ///
  /// - Throws: ``FitMessage``.
  package func run() throws(FitMessage) -> Outcome {
    let names = problem.data.parameters
    var (start, guess, notes): ([Double], [(name: String, value: Double)]?, [String]) = ([], nil, [])
    let given = names.map { problem.starts[$0] ?? problem.fixed[$0] }
    if given.allSatisfy({ $0 != nil }) {
      start = given.compactMap(\.self)
    } else {
      start = try guessed()
      let guesses = zip(names, start).filter { name, _ in problem.starts[name] == nil && problem.fixed[name] == nil }
      guess = guesses.map { (name: $0.0, value: $0.1) }
      notes.append("starts, guessed: " + guesses.map { "\($0)=\(FitText.rounded($1))" }.joined(separator: " "))
    }
    var (result, lastStart) = (try fit(from: start, .squares, progress: progress), start)
    if let robust {
      (result, lastStart) = try self.robust(robust, from: result)
      if robust.scale == nil { notes.append("robust loss: \(result.loss), from the median of the residuals") }
    }
    return Outcome(result: result, guess: guess, lastStart: lastStart, start: start, notes: notes)
  }

  private func fit(
    from start: [Double], _ loss: FitLoss, rows: [Int]? = nil, iterations: Int = 1000,
    progress: Progress = { _ in .goOn }
  ) throws(FitMessage) -> FitResult {
    let data = problem.data
    let named = Named(names: data.parameters, values: start)
    do {
      guard let rows else {
        return try fitCurve(
          inputs: data.rows, y: data.responses, from: named, weighting: data.weighting, bounds: problem.namedBounds,
          loss: loss, options: FitOptions(maximumIterations: iterations), progress: progress
        ) { (p: NamedValues, row: [Double]) in problem.prediction(p.values, row) }
      }
      return try fitCurve(
        inputs: rows.map { data.rows[$0] }, y: rows.map { data.responses[$0] }, from: named,
        weighting: data.weighting.at(rows), bounds: problem.namedBounds, loss: loss,
        options: FitOptions(maximumIterations: iterations), progress: progress
      ) { (p: NamedValues, row: [Double]) in problem.prediction(p.values, row) }
    } catch {
      throw message(error, start)
    }
  }

  /// Names lines of the table.
  private func message(_ error: OptimizationError, _ start: [Double]) -> FitMessage {
    let source = problem.data.source.shown
    if let place = problem.notFinite(start) {
      let at = zip(problem.data.parameters, start).map { "\($0)=\(FitText.rounded($1))" }.joined(separator: " ")
      return FitMessage(.start, "\(place) of \(source), where the fit starts (\(at))", remedy: .otherStarts)
    }
    switch error {
    case .tooFewResiduals(let rows, let parameters):
      let (found, wanted) = (FitText.count(rows, "row"), FitText.count(parameters, "parameter"))
      return FitMessage(.table, "\(found) of \(source) cannot determine \(wanted)", remedy: .rowsOrFixedParameters)
    default: return FitMessage(.start, "\(error)", remedy: .otherStarts)
    }
  }

  // MARK: - Starts

  private func guessed() throws(FitMessage) -> [Double] {
    let data = problem.data
    let weights: [Double] =
      switch data.weighting {
      case .equal: []
      case .weights(let weights): weights
      case .standardDeviations(let deviations): deviations.map { 1 / ($0 * $0) }
      }
    var known = problem.starts
    for (name, number) in problem.fixed { known[name] = number }
    let starts = problem.model.starts(
      columns: data.inputs, rows: data.rows, responses: data.responses, weights: weights, known: known,
      bounds: problem.bounds)
    guard let first = starts.first else {
      throw FitMessage(
        .start, "no starts could be guessed: the model is not finite for any parameters that were tried",
        remedy: .otherStarts)
    }
    if starts.count == 1 { return first.parameters }
    let step = max(1, (data.rows.count + Self.mostRows - 1) / Self.mostRows)
    let rows = Array(stride(from: 0, to: data.rows.count, by: step))
    guard rows.count >= data.parameters.count else { return first.parameters }
    let areAll = rows.count == data.rows.count
    var best = (start: first.parameters, sum: Double.infinity, order: Order([]))
    for start in starts {
      guard let found = try? fit(from: start.parameters, .squares, rows: rows, iterations: 200) else { continue }
      // Of equal minima, such as those of a phase, the one of the simplest parameters.
      let order = Order(found.parameters)
      let isEqual = found.residualSumOfSquares <= best.sum * (1 + 1e-9)
      guard found.residualSumOfSquares < best.sum * (1 - 1e-9) || (isEqual && order < best.order) else { continue }
      // On all rows, the fit takes the same way from the start again; on some, it may not.
      best = (areAll ? start.parameters : found.parameters, found.residualSumOfSquares, order)
    }
    return best.start
  }

  /// Parameters with few minus signs come first, then small ones.
  private struct Order: Comparable {
    let negatives: Int
    let size: Double

    init(_ parameters: [Double]) {
      negatives = parameters.count { $0 < 0 }
      // In decades, rounded: rounding errors of the parameters decide nothing.
      size = parameters.reduce(0) { $0 + ($1 == 0 ? 0 : log10(abs($1))) }.rounded(.toNearestOrEven)
    }

    static func < (a: Order, b: Order) -> Bool { (a.negatives, a.size) < (b.negatives, b.size) }
  }

  // MARK: - Robust losses

  /// Fits with a robust loss. Without a scale, it is 1.345 standard deviations, estimated by the median of the residuals of
  /// the fit itself, in a few rounds.
  private func robust(
    _ choice: RobustChoice, from first: FitResult
  ) throws(FitMessage) -> (result: FitResult, start: [Double]) {
    if let scale = choice.scale {
      return (try fit(from: first.parameters, choice.loss(scale: scale), progress: progress), first.parameters)
    }
    var (result, start) = (first, first.parameters)
    for _ in 0..<5 {
      let sizes = result.residuals.map { abs($0) }.sorted()
      var scale = 1.345 * sizes.deviationByMedian
      if !(scale > 0) { scale = sizes[sizes.count - 1] > 0 ? sizes[sizes.count - 1] : 1 }
      start = result.parameters
      result = try fit(from: start, choice.loss(scale: scale), progress: progress)
    }
    return (result, start)
  }
}

extension [Double] {
  /// The standard deviation of a normal distribution whose magnitudes these are, in ascending order; there is at least one. Outliers
  /// hardly move it.
  package var deviationByMedian: Double {
    // The median of a normal distribution's magnitudes is 0.6745 standard deviations.
    self[count / 2] / 0.6745
  }
}

extension Weighting {
  /// The weighting of some rows.
  fileprivate func at(_ rows: [Int]) -> Weighting {
    switch self {
    case .equal: .equal
    case .weights(let weights): .weights(rows.map { weights[$0] })
    case .standardDeviations(let deviations): .standardDeviations(rows.map { deviations[$0] })
    }
  }
}
