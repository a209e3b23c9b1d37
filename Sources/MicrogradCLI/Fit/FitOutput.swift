import Foundation
import Micrograd
import MicrogradFormulaFits
import MicrogradFormulas
import MicrogradOptimization
import MicrogradVisual

/// What `micrograd fit` prints and writes.
struct FitOutput {
  static let names = ["fit.svg", "fit.png", "parameters.json", "residuals.csv"]

  private let problem: FitProblem
  private let result: FitResult
  private let level: Double
  private let profiles: [ProfileInterval]?
  private let guessed: [(name: String, value: Double)]?

  init(
    _ problem: FitProblem, _ result: FitResult, level: Double, profile: Bool, guessed: [(name: String, value: Double)]?
  ) throws {
    (self.problem, self.result, self.level, self.guessed) = (problem, result, level, guessed)
    guard profile else {
      profiles = nil
      return
    }
    do {
      profiles = try result.profileIntervals(inputs: problem.data.rows, y: problem.data.responses, level: level) {
        (p: NamedValues, row: [Double]) in problem.prediction(p.values, row)
      }
    } catch {
      throw ExitMessage("no profile intervals: \(error)")
    }
  }

  private var percent: String { String(format: "%.10g", 100 * level) }

  var text: String {
    var text = result.table(level: level)
    if let profiles {
      text += "\n\nprofile intervals of \(percent) %:\n" + profiles.map { "  \($0)" }.joined(separator: "\n")
    }
    return text
  }

  // MARK: - JSON

  var json: String {
    let intervals = try? result.confidenceIntervals(level: level)
    let parameters = result.names.indices.map { k -> (String, JSONText) in
      var members: [(String, JSONText)] = [("value", .number(result.parameters[k]))]
      if let errors = result.standardErrors, let intervals {
        members.append(("standardError", .number(errors[k])))
        members.append(("interval", .numbers([intervals[k].lowerBound, intervals[k].upperBound])))
      }
      if let profiles {
        let range = profiles[k].range
        members.append(("profileInterval", .numbers([range.lowerBound, range.upperBound])))
      }
      if problem.fixed[result.names[k]] != nil {
        members.append(("isFixed", true))
      } else if result.heldByBounds.contains(k) {
        members.append(("isAtBound", true))
      }
      if result.undetermined.contains(k) { members.append(("isUndetermined", true)) }
      return (result.names[k], .object(members))
    }
    func optional(_ name: String, _ number: Double?) -> [(String, JSONText)] {
      number.map { [(name, .number($0))] } ?? []
    }
    var members: [(String, JSONText)] = [
      ("model", .text(problem.model.description)), ("data", .text(problem.data.source.shown)),
      ("level", .number(level)),
      ("parameters", .object(parameters)), ("points", .integer(result.pointCount)),
      ("degreesOfFreedom", .integer(result.degreesOfFreedom)), ("sumOfSquares", .number(result.residualSumOfSquares)),
    ]
    members += optional("residualStandardDeviation", result.residualStandardDeviation)
    members += optional("rSquared", result.rSquared)
    members += optional("reducedChiSquare", result.reducedChiSquare)
    members += optional("aic", result.akaikeCriterion) + optional("bic", result.bayesianCriterion)
    if result.loss != .squares { members += [("loss", .text("\(result.loss)")), ("lossSum", .number(result.lossSum))] }
    if let correlation = result.correlation { members.append(("correlation", .list(correlation.map { .numbers($0) }))) }
    if let guessed { members.append(("guessedStarts", .object(guessed.map { ($0.name, .number($0.value)) }))) }
    members += [
      ("isConverged", .boolean(result.isConverged)), ("reason", .text("\(result.reason)")),
      ("iterations", .integer(result.iterations)),
    ]
    return JSONText.object(members).text()
  }

  // MARK: - Files

  /// Writes the files. Returns the messages for the user.
  func write(to folder: PictureFolder, path: String) throws -> [String] {
    var messages = try folder.write(json + "\n", as: Self.names[2], "parameters")
    messages += try folder.write(problem.residualsCSV(result.parameters), as: Self.names[3], "residuals")
    let (svg, what) = try picture()
    messages += try folder.write(svg, as: Self.names[0], what)
    messages.append(PNGConverter.message("\(path)/\(Self.names[0])", "\(path)/\(Self.names[1])", what))
    return messages
  }

  private var predictions: [Double] { problem.data.rows.map { problem.prediction(result.parameters, $0) } }

  /// The curve with its bands if the model has one column, else the residuals by the predicted response.
  private func picture() throws -> (svg: String, what: String) {
    let data = problem.data
    guard data.inputs.count == 1 else {
      let predicted = predictions
      let residuals = zip(data.responses, predicted).map { $0 - $1 }
      let ends = [predicted.min() ?? 0, predicted.max() ?? 0]
      let zero = FitPicture.Curve(x: ends, mean: [0, 0])
      var picture = try FitPicture(
        x: predicted, y: residuals, deviations: data.deviations, curves: ["no residual": zero], title: title)
      (picture.xName, picture.yName) = ("predicted \(problem.responseName)", "residual")
      return (picture.svg(), "residuals by predicted response")
    }
    let x = data.rows.map { $0[0] }
    let (lowest, highest) = (x.min() ?? 0, x.max() ?? 0)
    let grid = lowest == highest ? [lowest] : (0...300).map { lowest + (highest - lowest) * Double($0) / 300 }
    let curve = curve(grid)
    var picture = try FitPicture(x: x, y: data.responses, deviations: data.deviations, curve: curve, title: title)
    (picture.xName, picture.yName, picture.level) = (data.inputs[0], problem.responseName, level)
    return (picture.svg(), curve.confidence.isEmpty ? "curve, without bands, which could not be computed" : "curve")
  }

  private var title: String {
    let text = problem.model.description
    return text.count > 70 ? text.prefix(69) + "…" : text
  }

  private func curve(_ grid: [Double]) -> FitPicture.Curve {
    // A curve whose bands cannot be computed, or that is not finite somewhere, is drawn alone.
    let band = try? result.band(inputs: grid.map { [$0] }, level: level, noise: problem.data.noise) {
      (p: NamedValues, row: [Double]) in problem.prediction(p.values, row)
    }
    guard let band else {
      return FitPicture.Curve(x: grid, mean: grid.map { problem.prediction(result.parameters, [$0]) })
    }
    return FitPicture.Curve(x: grid, mean: band.mean, confidence: band.confidence, prediction: band.prediction)
  }
}
