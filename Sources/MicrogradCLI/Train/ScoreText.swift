import Micrograd
import MicrogradNN
import MicrogradTables

/// The scores of a model on rows, as text: R² and errors of numbers; accuracy, confusion matrix, scores of each class and
/// calibration of classes.
struct ScoreText {
  /// The scores of predicted classes; nil for numbers.
  let classification: ClassificationScores?
  /// The scores of predicted numbers; nil for classes.
  let regression: RegressionScores?
  /// The calibration; nil for numbers and for losses without probabilities.
  let calibration: Calibration?
  /// The names of the classes.
  let names: [String]
  /// The predicted and the true numbers; empty for classes.
  let numbers: (predicted: [Double], expected: [Double])

  /// - Parameters:
  ///   - model: The model.
  ///   - outputs: The outputs of its network, row by row.
  ///   - targets: The targets of the rows in the units of the table.
  init(_ model: TrainedModel, _ outputs: Matrix, _ targets: Dataset.Targets) {
    switch targets {
    case .numbers(let numbers, _):
      let predicted = model.numbers(outputs)
      regression = RegressionScores(predicted: predicted, expected: numbers)
      self.numbers = (predicted, numbers)
      (classification, calibration, names) = (nil, nil, [])
    case .classes(let classes, let names):
      let predicted = model.classes(outputs)
      classification = ClassificationScores(predicted: predicted, expected: classes, classCount: names.count)
      calibration =
        model.hasProbabilities
        ? Calibration(
          probabilities: zip(model.probabilities(outputs), predicted).map { $0[$1] },
          areRight: zip(predicted, classes).map { $0 == $1 }) : nil
      regression = nil
      self.names = names
      numbers = ([], [])
    }
  }

  /// The largest number of classes for which the confusion matrix is printed.
  private static let greatestMatrix = 12
  /// The largest number of classes whose scores are printed.
  private static let greatestList = 30

  var text: String {
    if let regression {
      let rSquared = regression.rSquared.isNaN ? "undefined, as all true values are equal" : shown(regression.rSquared)
      return "R² \(rSquared), root mean squared error \(shown(regression.rootMeanSquaredError)), "
        + "mean absolute error \(shown(regression.meanAbsoluteError))"
    }
    guard let classification else { return "" }
    var parts = [scoresOfClasses(classification)]
    if names.count <= Self.greatestMatrix { parts.append(matrix(classification)) }
    if let calibration { parts.append(reliability(calibration)) }
    return parts.joined(separator: "\n")
  }

  private func scoresOfClasses(_ scores: ClassificationScores) -> String {
    var rows = [["class", "precision", "recall", "F1", "rows"]]
    func fixed(_ number: Double?) -> String { number.map { TextColumns.fixed($0, decimals: 3) } ?? "–" }
    for (index, name) in names.prefix(Self.greatestList).enumerated() {
      rows.append([
        name, fixed(scores.precision(of: index)), fixed(scores.recall(of: index)), fixed(scores.f1(of: index)),
        "\(scores.expectedCount(of: index))",
      ])
    }
    let rest = names.count > Self.greatestList ? "\n… and \(names.count - Self.greatestList) more classes" : ""
    return TextColumns(rows).text + rest
  }

  private func matrix(_ scores: ClassificationScores) -> String {
    let rows = zip(names, scores.confusion).map { name, counts in [name] + counts.map(String.init) }
    return "confusion matrix (rows: true class, columns: predicted class)\n" + TextColumns([[""] + names] + rows).text
  }

  private func reliability(_ calibration: Calibration) -> String {
    let rows = calibration.bins.map { bin in
      [
        "\(TextColumns.fixed(bin.range.lowerBound, decimals: 1))–\(TextColumns.fixed(bin.range.upperBound, decimals: 1))",
        TextColumns.fixed(bin.meanProbability, decimals: 3), TextColumns.fixed(bin.fractionRight, decimals: 3),
        "\(bin.count)",
      ]
    }
    return "calibration: expected calibration error \(shown(calibration.expectedError))\n"
      + TextColumns([["probability", "predicted", "right", "rows"]] + rows).text
  }
}
