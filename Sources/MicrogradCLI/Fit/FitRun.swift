import Foundation
import Micrograd
import MicrogradFormulas
import MicrogradOptimization

/// Runs a fit: guesses starts, fits from the best of them, and finds the scale of a robust loss.
struct FitRun {
  struct Outcome {
    var result: FitResult
    /// The guessed starts by name; nil if all were given.
    var guess: [(name: String, value: Double)]?
    var notes: [String]
  }

  /// Starts are compared on at most so many rows.
  private static let mostRows = 500

  private let setup: FitSetup
  private let robust: RobustChoice?

  init(_ setup: FitSetup, robust: RobustChoice?) {
    (self.setup, self.robust) = (setup, robust)
  }

  func run() throws -> Outcome {
    let names = setup.data.parameters
    var (start, guess, notes): ([Double], [(name: String, value: Double)]?, [String]) = ([], nil, [])
    let given = names.map { setup.starts[$0] ?? setup.fixed[$0] }
    if given.allSatisfy({ $0 != nil }) {
      start = given.compactMap(\.self)
    } else {
      start = try guessed()
      let guesses = zip(names, start).filter { name, _ in setup.starts[name] == nil && setup.fixed[name] == nil }
      guess = guesses.map { (name: $0.0, value: $0.1) }
      notes.append("starts, guessed: " + guesses.map { "\($0)=\(shown($1))" }.joined(separator: " "))
    }
    var result = try fit(from: start, .squares)
    if let robust {
      let (loss, again) = try self.robust(robust, from: result)
      result = again
      if robust.scale == nil { notes.append("robust loss: \(loss), from the median of the residuals") }
    }
    return Outcome(result: result, guess: guess, notes: notes)
  }

  private func fit(
    from start: [Double], _ loss: FitLoss, rows: [Int]? = nil, iterations: Int = 1000
  ) throws -> FitResult {
    let data = setup.data
    let named = Named(names: data.parameters, values: start)
    do {
      guard let rows else {
        return try fitCurve(
          inputs: data.rows, y: data.responses, from: named, weighting: data.weighting, bounds: setup.namedBounds,
          loss: loss,
          options: FitOptions(maximumIterations: iterations)
        ) { (p: NamedValues, row: [Double]) in setup.prediction(p.values, row) }
      }
      return try fitCurve(
        inputs: rows.map { data.rows[$0] }, y: rows.map { data.responses[$0] }, from: named,
        weighting: data.weighting.at(rows), bounds: setup.namedBounds, loss: loss,
        options: FitOptions(maximumIterations: iterations)
      ) { (p: NamedValues, row: [Double]) in setup.prediction(p.values, row) }
    } catch {
      throw message(error, start)
    }
  }

  /// Names lines of the file and flags of the command.
  private func message(_ error: OptimizationError, _ start: [Double]) -> ExitMessage {
    if let place = setup.notFinite(start) {
      let at = zip(setup.data.parameters, start).map { "\($0)=\(shown($1))" }.joined(separator: " ")
      return ExitMessage(
        "\(place) of \(setup.data.file), where the fit starts (\(at)): give other starts with --start.")
    }
    switch error {
    case .tooFewResiduals(let rows, let parameters):
      return ExitMessage(
        "\(count(rows, "row")) of \(setup.data.file) cannot determine \(count(parameters, "parameter")): add rows, or fix parameters with --fix."
      )
    default: return ExitMessage("\(error): give other starts with --start.")
    }
  }

  // MARK: - Starts

  private func guessed() throws -> [Double] {
    let data = setup.data
    let weights: [Double] =
      switch data.weighting {
      case .equal: []
      case .weights(let weights): weights
      case .standardDeviations(let deviations): deviations.map { 1 / ($0 * $0) }
      }
    var known = setup.starts.numbers
    for (name, number) in setup.fixed.numbers { known[name] = number }
    let starts = setup.model.starts(
      columns: data.inputs, rows: data.rows, responses: data.responses, weights: weights, known: known,
      bounds: setup.bounds)
    guard let first = starts.first else {
      throw ExitMessage(
        "no starts could be guessed: the model is not finite for any parameters that were tried. Give starts with --start."
      )
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
  private func robust(_ choice: RobustChoice, from first: FitResult) throws -> (FitLoss, FitResult) {
    if let scale = choice.scale {
      let loss = choice.loss(scale: scale)
      return (loss, try fit(from: first.parameters, loss))
    }
    var (result, loss) = (first, choice.loss(scale: 1))
    for _ in 0..<5 {
      let sizes = result.residuals.map { abs($0) }.sorted()
      // The median of a normal distribution's magnitudes is 0.6745 standard deviations.
      var scale = 1.345 * sizes[sizes.count / 2] / 0.6745
      if !(scale > 0) { scale = sizes[sizes.count - 1] > 0 ? sizes[sizes.count - 1] : 1 }
      loss = choice.loss(scale: scale)
      result = try fit(from: result.parameters, loss)
    }
    return (loss, result)
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
