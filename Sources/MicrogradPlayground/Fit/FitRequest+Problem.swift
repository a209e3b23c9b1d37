import MicrogradFormulaFits
import MicrogradFormulas

extension FitRequest.Fit {
  func knownScatter() throws(PlaygroundError) -> FitTable.Scatter {
    switch scatter {
    case "unknown": return .unknown
    case "deviation":
      guard let number = scatterNumber, number > 0, number.isFinite else {
        throw PlaygroundError("the standard deviation is no number above 0: type one", field: "scatter")
      }
      return .deviation(number)
    case "deviations", "weights":
      guard let column = scatterColumn else {
        throw PlaygroundError("no column of \(scatter) is chosen: choose one", field: "scatter")
      }
      return scatter == "weights" ? .weights(column) : .deviations(column)
    default: throw PlaygroundError("the scatter “\(scatter)” is unknown: reload the page", field: "scatter")
    }
  }

  func robust() throws(PlaygroundError) -> RobustChoice? {
    if loss == "squares" { return nil }
    if let lossScale, !(lossScale > 0 && lossScale.isFinite) {
      throw PlaygroundError("the scale of the loss is \(lossScale): give a number above 0", field: "loss")
    }
    guard let choice = RobustChoice(text: lossScale.map { "\(loss):\($0)" } ?? loss) else {
      throw PlaygroundError("there is no loss “\(loss)”: choose squares, huber, soft-l1 or cauchy", field: "loss")
    }
    return choice
  }

  /// What is known of the parameters. Names that the formula does not have are kept by the page, and do not count.
  func problem(_ model: ModelFormula, _ data: FitTable) throws -> FitProblem {
    var (fixed, ranges, given): ([String: Double], [String: ClosedRange<Double>], [String: Double]) = ([:], [:], [:])
    for name in data.parameters {
      if let number = held[name] {
        fixed[name] = try finite(number, name)
        continue
      }
      if let bound = bounds[name] {
        let (low, high) = (bound.low ?? -.infinity, bound.high ?? .infinity)
        guard low <= high, low < .infinity, high > -.infinity else {
          throw PlaygroundError(
            "the lower bound of “\(name)” is above the upper one: type the lower one first", field: "parameters")
        }
        if low == high {
          fixed[name] = low
          continue
        }
        if low > -.infinity || high < .infinity { ranges[name] = low...high }
      }
      if let start = starts[name] { given[name] = try finite(start, name) }
      if let number = near?[name] {
        let near = try finite(number, name)
        given[name] = ranges[name].map { min(max(near, $0.lowerBound), $0.upperBound) } ?? near
      }
    }
    return try FitProblem(model, data, starts: given, fixed: fixed, bounds: ranges)
  }

  private func finite(_ number: Double, _ name: String) throws(PlaygroundError) -> Double {
    guard number.isFinite else {
      throw PlaygroundError("the number of “\(name)” is not finite: type another", field: "parameters")
    }
    return number
  }
}
