extension CompiledFunction {
  /// The type of numbers that a compiled function computes with.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2], precision: .float) { x in x[0] * x[1] + exp(-x[0]) }
  /// try f.values(at: Samples([[1, 2], [3, 4]]))  // [2.3679, 12.0498], to some 7 digits
  /// try f(at: [1, 2])  // 2.3679, to 16 digits
  /// ```
  ///
  /// With `.float`, calls for many samples round inputs, parameters and constants to 32 bits, and compute each value of each
  /// sample in 32 bits. A call for thousands of samples takes about half of the time of `.double`. It saves less for a dozen
  /// samples, or where a sample has few operations, because samples are read and written as `Double`.
  ///
  /// - The value of an operation is within 2 units in the last place of `Float`, 1.2e-7 relative, of the exact result for its
  ///   rounded operands, its first derivative within 4. Errors add up over operations. A difference of nearly equal numbers
  ///   loses digits, as always, and has fewer to lose.
  /// - Numbers above 3.4e38 become infinite, and those below 1.4e-45 zero. Kinks and NaN are as in `.double`.
  /// - Samples, results and gradients are `Double` arrays, which are rounded on the way in.
  /// - Sums over samples are added in `Float` within a block of samples, at most 512, and in `Double` over blocks. Their order depends
  ///   on the number of samples only, so results are the same, bit for bit, for any number of threads.
  /// - Parameters stay `Double`. What depends on parameters only is computed in `Double`, then rounded. Gradients are added to
  ///   those of parameters in `Double`.
  /// - Comparisons that decide a path are made in `Double`, so a sample takes the same path in both precisions.
  /// - Custom operations run their rules in `Double`. `pick` finds places up to 2²⁴ in a table.
  ///
  /// Calls for one sample, such as `f(at:)`, an ``Evaluator``, and native code compute in `Double` in either case: there is
  /// nothing to gain from `Float`. They differ from calls for many samples by the roundings of `Float`.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// 64 bits.
    case double
    /// 32 bits for calls with many samples.
    case float
  }
}
