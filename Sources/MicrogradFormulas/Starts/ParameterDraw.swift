import Micrograd

/// The range of a column.
internal struct ColumnSpan {
  let lowest, highest: Double

  init(_ numbers: [Double]) {
    lowest = numbers.min() ?? 0
    highest = numbers.max() ?? 0
  }

  var largest: Double { max(abs(lowest), abs(highest)) }
  /// The width of the range, or the size of the numbers if all are equal; not 0.
  var width: Double {
    let width = highest - lowest
    if width > 0, width.isFinite { return width }
    return largest > 0 ? largest : 1
  }
}

/// Draws one parameter of a model in its units.
internal struct ParameterDraw {
  private enum Kind {
    /// A place in a range of numbers, or a width of that size.
    case place(ColumnSpan)
    /// A number of a size; the second is the size if numbers are measured from 0.
    case scale(Double, Double)
  }
  private let kinds: [Kind]
  private let range: ClosedRange<Double>?

  /// - Parameters:
  ///   - exponents: The unit in powers of the units of columns and the response; nil if it is unknown.
  ///   - spans: The ranges of columns and response.
  ///   - used: The columns that the model uses.
  ///   - range: The bounds.
  init(_ exponents: [Double]?, _ spans: [ColumnSpan], used: [Int], range: ClosedRange<Double>?) {
    self.range = range
    guard let exponents else {
      // Without a known unit: a plain number, or one of a column's size.
      kinds = [.scale(1, 1)] + used.flatMap { [.place(spans[$0]), .scale(1 / spans[$0].width, 1 / spans[$0].width)] }
      return
    }
    let nonzero = exponents.indices.filter { exponents[$0] != 0 }
    if nonzero.count == 1, exponents[nonzero[0]] == 1 {
      kinds = [.place(spans[nonzero[0]])]
      return
    }
    func size(_ span: (ColumnSpan) -> Double) -> Double {
      zip(exponents, spans).reduce(1) { $0 * ($1.0 == 0 ? 1 : span($1.1) ** $1.0) }
    }
    let sizes = (size(\.width), size { $0.largest > 0 ? $0.largest : 1 })
    kinds = [.scale(sizes.0.isNormal ? sizes.0 : 1, sizes.1.isNormal ? sizes.1 : 1)]
  }

  func number(_ random: inout StartRandom) -> Double {
    var number: Double
    if let range, range.lowerBound > -.infinity, range.upperBound < .infinity, random.uniform() < 0.5 {
      return range.lowerBound + random.uniform() * (range.upperBound - range.lowerBound)
    }
    let sign = random.uniform() < 0.3 ? -1.0 : 1.0
    switch kinds[min(Int(random.uniform() * Double(kinds.count)), kinds.count - 1)] {
    case .place(let span):
      if random.uniform() < 0.5 {
        number = span.lowest - 0.2 * span.width + 1.4 * span.width * random.uniform()
      } else {
        number = sign * span.width * 10 ** (5 * random.uniform() - 3)
      }
    case .scale(let size, let other):
      number = sign * (random.uniform() < 0.7 ? size : other) * 10 ** (5 * random.uniform() - 2.5)
    }
    if let range { number = min(max(number, range.lowerBound), range.upperBound) }
    return number
  }
}

extension Double {
  /// The number, or 1 for 0.
  internal var nonzero: Double { self == 0 ? 1 : self }
}

/// Random numbers of a fixed stream: the same guess for the same data.
internal struct StartRandom {
  private var state: UInt64 = 0x5eed

  /// A whole number below a limit.
  mutating func below(_ limit: Int) -> Int { min(Int(uniform() * Double(limit)), limit - 1) }

  /// A number from 0 to 1.
  mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}
