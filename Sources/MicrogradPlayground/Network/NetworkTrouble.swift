import Micrograd

/// Why a run cannot go on, in words and numbers.
struct NetworkTrouble: Encodable {
  /// What is not finite, or too large.
  let what: String
  /// The step that was not taken, or whose result is not finite; counted from 0.
  let step: Int
  /// The largest gradient of the step before, and its parameter; nil at the first step.
  let gradient: Double?
  let parameter: String?
  let rate: Double
  /// The step to which one can go back, where the loss had not begun to rise; nil if none is remembered.
  let goodStep: Int?
  /// True if training can go on from here all the same.
  let canGoOn: Bool
}

extension NetworkRun {
  func notFinite(_ outcome: NetworkLoss.Outcome, _ rows: [Int]) -> NetworkTrouble {
    let (_, place) = largestGradient()
    var what =
      outcome.total.isFinite
      ? "The gradient by \(model.name(ofParameter: place)) is not finite." : "The loss is \(outcome.total)."
    if let origin = loss.firstNonFinite(rows) { what += " First: \(origin)." }
    return trouble(what, canGoOn: false)
  }

  func exploded(_ record: Record) -> NetworkTrouble {
    trouble("The loss is \(record.total): it explodes.", canGoOn: true)
  }

  func weightsNotFinite() -> NetworkTrouble {
    let numbers = model.runs.data
    let place = numbers.firstIndex { !$0.isFinite } ?? 0
    return trouble("The step made \(model.name(ofParameter: place)) \(numbers[place]).", canGoOn: false)
  }

  private func trouble(_ what: String, canGoOn: Bool) -> NetworkTrouble {
    let last = records.last
    return NetworkTrouble(
      what: what, step: step, gradient: last?.largest, parameter: last.map { model.name(ofParameter: $0.place) },
      rate: rate, goodStep: remembered(from: stepBeforeRise), canGoOn: canGoOn)
  }

  /// The last step before the loss rose for good.
  private var stepBeforeRise: Int {
    var k = records.count - 1
    while k > 0, !(records[k - 1].total >= records[k].total) { k -= 1 }
    return max(step - records.count + k, 0)
  }
}
