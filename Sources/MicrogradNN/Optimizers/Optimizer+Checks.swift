import Micrograd

/// An optimiser of this library. Its parameters can be checked.
internal protocol KnownOptimizer: ResumableOptimizer {
  /// The module or parameters, which the optimiser keeps alive.
  var trained: any Trainable { get }
  /// The parameters of `trained` at the time when the optimiser was created.
  var trainedRuns: ParameterRuns { get }
}

extension KnownOptimizer {
  /// Traps if the schedule's learning rate is not finite.
  internal func requireFiniteRate(_ rate: Double) {
    require(
      rate.isFinite,
      """
      the learning rate of step \(stepCount + 1) is \(rate), by the schedule \(schedule): a schedule gives a finite \
      number for every step, counted from 0
      """)
  }

  /// Traps if a gradient is not finite. The step, counted from 1, would make the parameters not finite.
  internal func requireFiniteGradients(step: Int) {
    if !trainedRuns.hasFiniteGradients { trap(messageOnGradients(step)) }
  }

  private func messageOnGradients(_ step: Int) -> String {
    let tensors = (trained as? any Module)?.namedParameters ?? []
    var place = "a parameter"
    if let tensor = tensors.first(where: { !$0.runs.hasFiniteGradients }) {
      place = described("of \(tensor.name)", tensor.gradients)
    } else if tensors.isEmpty {
      place = described("in the order given to the optimiser", trainedRuns.gradients)
    }
    return """
      the gradient of \(place) is not finite at step \(step): no step can be taken. Ask \
      Tape.current.firstNonFinite after backward() for the operation where it began; a smaller learning rate, gradient \
      clipping or standardised inputs often help
      """
  }

  private func described(_ what: String, _ gradients: [Double]) -> String {
    let index = gradients.firstIndex { !$0.isFinite } ?? 0
    return "the number at index \(index) \(what), \(gradients[index]),"
  }
}

extension ParameterRuns {
  /// Returns true if each of these parameters is one of the others.
  internal func isPart(of others: ParameterRuns) -> Bool {
    func places(_ runs: ParameterRuns) -> [Range<UInt>] {
      var places: [Range<UInt>] = []
      runs.forEachRun { values, _, count, _ in
        let start = UInt(bitPattern: values)
        places.append(start..<start + UInt(count * MemoryLayout<Double>.stride))
      }
      return places.sorted { $0.lowerBound < $1.lowerBound }
    }
    // Joins runs that touch.
    var joined: [Range<UInt>] = []
    for place in places(others) {
      if let last = joined.last, last.upperBound >= place.lowerBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, place.upperBound)
      } else {
        joined.append(place)
      }
    }
    return places(self).allSatisfy { place in
      joined.contains { $0.lowerBound <= place.lowerBound && place.upperBound <= $0.upperBound }
    }
  }
}
