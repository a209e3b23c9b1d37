import Foundation
import Micrograd

extension FitResult: CustomStringConvertible {
  /// A table of the parameters with their standard errors and intervals of 95 %, and below it what else one asks of a fit.
  ///
  /// Numbers are rounded to two digits of the standard error. A dash stands for what the data do not tell; a line says why.
  public var description: String { table() }

  /// Returns the table of ``description`` with intervals of another level.
  ///
  /// - Parameter level: The probability of the intervals, above 0 and below 1.
  public func table(level: Double = 0.95) -> String {
    var lines = alignedTable(parameterRows(level))
    lines.append("")
    if let reason = reasonWithoutErrors { lines.append(reason) }
    lines.append("points: \(pointCount), degrees of freedom: \(degreesOfFreedom)")
    var sums = "sum of squares: \(Self.text(residualSumOfSquares))"
    if let deviation = residualStandardDeviation { sums += ", residual standard deviation: \(Self.text(deviation))" }
    lines.append(sums)
    let criteria: [(String, Double?)] = [
      ("R²", rSquared), ("reduced χ²", reducedChiSquare), ("AIC", akaikeCriterion), ("BIC", bayesianCriterion),
    ]
    let known = criteria.compactMap { name, value in value.map { "\(name): \(Self.text($0))" } }
    if !known.isEmpty { lines.append(known.joined(separator: ", ")) }
    if loss != .squares { lines.append("loss: \(loss), sum: \(Self.text(lossSum))") }
    lines.append("\(iterations) iteration\(iterations == 1 ? "" : "s"): \(reason)")
    return lines.joined(separator: "\n")
  }

  private func parameterRows(_ level: Double) -> [[String]] {
    let errors = try? requiredErrors()
    let factor = errors.map { _ in intervalFactor(level: level) } ?? 0
    let header = ["parameter", "value", "standard error", "\(Self.text(percent: level)) % interval", ""]
    return [header]
      + parameters.indices.map { k in
        let remark = heldByBounds.contains(k) ? "at its bound" : undetermined.contains(k) ? "undetermined" : ""
        guard let error = errors?[k], error.isFinite, !heldByBounds.contains(k) else {
          return [names[k], Self.text(parameters[k]), "–", "–", remark]
        }
        let format = RoundedNumber(value: parameters[k], error: error)
        let ends = [parameters[k] - factor * error, parameters[k] + factor * error].map(format.text)
        return [names[k], format.text(parameters[k]), format.text(error), ends.joined(separator: " … "), remark]
      }
  }

  /// A probability in per cent, with as many digits as it has.
  private static func text(percent level: Double) -> String { String(format: "%.10g", 100 * level) }

  /// A line that says why there are no standard errors.
  private var reasonWithoutErrors: String? {
    do throws(OptimizationError) {
      _ = try requiredErrors()
      return nil
    } catch {
      return "no standard errors: \(error)"
    }
  }

  /// Six significant digits.
  private static func text(_ number: Double) -> String { RoundedNumber(value: number, digits: 6).text(number) }
}
