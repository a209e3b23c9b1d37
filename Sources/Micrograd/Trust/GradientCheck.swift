/// The result of comparing derivatives with finite differences.
///
/// ```swift
/// let check = checkGradient(at: [1, 2]) { x in x[0] * sin(x[1]) }
/// print(check.isConsistent)  // true
/// ```
public struct GradientCheck: Sendable {
  /// The verdict on a derivative.
  public enum Verdict: String, Sendable {
    /// Both agree, within the error of the differences.
    case agrees
    /// The function has a kink or a jump here, and the derivative is between the slopes of both sides.
    case kink
    /// Undecided: rounding, or the shape of the function, hides the slope.
    case undecided
    /// The derivative is wrong.
    case differs
  }

  /// A derivative of one output with respect to one argument.
  public struct Entry: Sendable {
    /// The index of the output; 0 for a function with one output.
    public let output: Int
    /// The index of the argument or parameter.
    public let argument: Int
    /// The derivative from the tape.
    public let analytic: Double
    /// The derivative by finite differences, with its error.
    public let numeric: NumericDerivative
    /// The verdict.
    public let verdict: Verdict
    /// The allowed difference: the tolerance plus twice the error of the differences.
    public let allowed: Double

    /// The difference of the two.
    public var difference: Double { analytic == numeric.value ? 0 : abs(analytic - numeric.value) }
    /// The difference relative to the larger magnitude.
    public var relativeDifference: Double {
      difference == 0 ? 0 : difference / max(abs(analytic), abs(numeric.value))
    }

    /// Compares one derivative.
    ///
    /// - Parameter natural: What the function would have for a slope if it changed as a whole with its argument. What is
    ///   lost beside that is not missed.
    internal init(
      output: Int, argument: Int, analytic: Double, numeric: NumericDerivative, tolerance: Double, natural: Double
    ) {
      (self.output, self.argument, self.analytic, self.numeric) = (output, argument, analytic, numeric)
      let (value, error) = (numeric.value, numeric.error)
      let magnitude = max(abs(analytic), abs(value))
      allowed = tolerance * (magnitude.isFinite ? magnitude : 0) + 2 * error
      if let sides = numeric.sides {
        let (low, high) = (min(sides.left, sides.right), max(sides.left, sides.right))
        verdict = analytic >= low - allowed && analytic <= high + allowed ? .kink : .differs
      } else if value.isNaN || error.isInfinite {
        verdict = .undecided
      } else if value.isInfinite {
        verdict = analytic == value ? .agrees : .differs
      } else if !(abs(analytic - value) <= allowed) {
        verdict = .differs
      } else {
        let isTold = magnitude > 0 && abs(analytic - value) <= tolerance * magnitude
        verdict = isTold || error <= 1e-5 * max(magnitude, natural) ? .agrees : .undecided
      }
    }
  }

  internal init(entries: [Entry], tolerance: Double) {
    self.entries = entries
    self.tolerance = tolerance
  }

  /// All derivatives, output by output.
  public let entries: [Entry]
  /// The allowed relative difference.
  public let tolerance: Double

  /// The derivative with the largest difference; `nil` without derivatives.
  public var worst: Entry? {
    entries.max { a, b in
      a.verdict.rank == b.verdict.rank ? a.excess < b.excess : a.verdict.rank < b.verdict.rank
    }
  }

  /// True if every derivative agrees with finite differences, or is between the slopes of both sides of a kink.
  public var isConsistent: Bool { entries.allSatisfy { $0.verdict == .agrees || $0.verdict == .kink } }
}

extension GradientCheck.Verdict {
  fileprivate var rank: Int {
    switch self {
    case .agrees: 0
    case .kink: 1
    case .undecided: 2
    case .differs: 3
    }
  }
}

extension GradientCheck.Entry {
  /// How many times the allowed difference; 0 between the sides of a kink.
  fileprivate var excess: Double {
    if verdict == .kink || difference == 0 { return 0 }
    let ratio = difference / allowed
    return ratio.isNaN ? .infinity : ratio
  }
}

extension GradientCheck.Entry: CustomStringConvertible {
  /// A line such as `by argument 1: 4.0 on the tape, 4.0 ± 1.2e-14 by differences: agrees`.
  public var description: String {
    let place = output == 0 ? "" : "of output \(output) "
    let found =
      numeric.sides.map { "\(brief($0.left)) on the left and \(brief($0.right)) on the right" }
      ?? "\(numeric.value) ± \(brief(numeric.error))"
    return "\(place)by argument \(argument): \(analytic) on the tape, \(found) by differences: \(verdict.rawValue)"
  }
}

extension GradientCheck: CustomStringConvertible {
  /// The result in a line, then the entries that disagree, or else the worst one.
  public var description: String {
    let broken = entries.filter { $0.verdict == .differs || $0.verdict == .undecided }
    let shown = broken.isEmpty ? worst.map { [$0] } ?? [] : Array(broken.prefix(8))
    let head =
      broken.isEmpty
      ? "all \(entries.count) derivatives agree with differences; the worst:"
      : "\(broken.count) of \(entries.count) derivatives do not agree with differences:"
    return ([head] + shown.map { "  \($0)" } + (broken.count > 8 ? ["  …"] : [])).joined(separator: "\n")
  }
}
