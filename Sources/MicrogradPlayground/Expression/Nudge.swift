import Micrograd
import MicrogradFormulas

/// What happens if an input is changed a little: the true change of the result, beside the one that the gradient predicts.
struct Nudge: Encodable {
  struct Question: Decodable {
    let input: String
    let by: Double
  }

  struct Point: Encodable {
    /// The change of the input, and the changes of the result.
    let by, change, predicted: Double
  }

  let input: String
  let by: Double
  let gradient: Double
  let before, after: Double
  /// The true change, and the gradient times the change of the input.
  let change, predicted: Double
  /// The difference of both in per cent of the true change.
  let percent: Double
  /// Changes of both signs, for a plot.
  let points: [Point]
  /// How far the prediction is right.
  let reach: String

  /// The difference in per cent up to which a prediction is called right.
  fileprivate static let rightPercent = 1.0
}

extension OpenedExpression {
  /// Changes an input, and compares.
  func nudged(_ question: Nudge.Question, _ point: [Double], _ evaluated: EvaluatedExpression) throws -> Nudge {
    guard let k = formula.names.firstIndex(of: question.input) else {
      throw PlaygroundError("the formula has no input “\(question.input)”: choose another one", field: "nudge-input")
    }
    let gradient = inputNodes[k].map { evaluated.graph.nodes[$0].grad } ?? 0
    let trial = Trial(formula: formula, point: point, input: k, gradient: gradient, before: evaluated.value)
    let isLarge = evaluated.graph.nodes.count > 2000, half = isLarge ? 5 : 20
    let point = trial.at(question.by)
    return Nudge(
      input: question.input, by: question.by, gradient: gradient, before: trial.before,
      after: trial.value(question.by), change: point.change, predicted: point.predicted,
      percent: trial.percent(point),
      points: (-half...half).map { trial.at(2 * question.by.magnitude * Double($0) / Double(half)) },
      reach: trial.reach(steps: isLarge ? [1] : [1, 2, 5]))
  }
}

/// An input that takes other numbers.
private struct Trial {
  let formula: Formula
  let point: [Double]
  let input: Int
  let gradient: Double
  let before: Double

  func value(_ change: Double) -> Double {
    var point = point
    point[input] += change
    return formula(point)
  }

  func at(_ change: Double) -> Nudge.Point {
    Nudge.Point(by: change, change: value(change) - before, predicted: gradient * change)
  }

  func percent(_ point: Nudge.Point) -> Double {
    let difference = (point.predicted - point.change).magnitude
    // Differences that only rounding makes are none.
    return difference <= 4 * before.magnitude.ulp ? 0 : 100 * difference / point.change.magnitude
  }

  /// Tries changes from a millionth of the input to a thousand times the input, in both directions.
  ///
  /// - Parameter steps: The changes that are tried within a power of ten.
  func reach(steps: [Double]) -> String {
    let size = point[input] == 0 || !point[input].isFinite ? 1 : point[input].magnitude
    var right: Double?, wrong: Double?
    search: for power in [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100] {
      for step in steps {
        let change = rounded(size * power * step)
        let isRight = [-change, change].allSatisfy { percent(at($0)) <= Nudge.rightPercent }
        guard isRight else {
          wrong = change
          break search
        }
        right = change
      }
    }
    switch (right, wrong) {
    case (nil, _):
      let least = numberText(rounded(size * 1e-6))
      return "The prediction is off by more than 1 % even for a change of \(least)."
    case (let right?, nil):
      return "The prediction is right to 1 % for every change that was tried: up to \(numberText(right))."
    case (let right?, let wrong?):
      let (right, wrong) = (numberText(right), numberText(wrong))
      return "The prediction is right to 1 % for changes up to ± \(right), but not for ± \(wrong)."
    }
  }

  /// The number with two digits.
  private func rounded(_ number: Double) -> Double {
    var unit = 1.0
    while number / unit >= 100 { unit *= 10 }
    while number / unit < 10, unit > 1e-300 { unit /= 10 }
    return (number / unit).rounded() * unit
  }
}
