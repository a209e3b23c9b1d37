import Micrograd
import MicrogradNN
import MicrogradTables
import MicrogradVisual

/// The pictures of a run.
struct TrainingPictures {
  static let names = ["loss.svg", "boundary.svg", "confusion.svg", "calibration.svg", "predicted.svg"]

  let run: TrainingRun
  let history: TrainingHistory
  /// The name of the data.
  let name: String

  /// Writes the pictures. Returns the messages for the user.
  func write(to folder: PictureFolder) throws -> [String] {
    var messages = try folder.write(curve(), as: Self.names[0], "loss by epoch")
    if let boundary = try boundary() {
      messages += try folder.write(boundary, as: Self.names[1], "decision boundary")
    } else if run.data.encoder.areMeasured == [true, true], let classes = run.data.classNames {
      messages.append("no decision boundary: it is drawn for two classes only, and there are \(classes.count)")
    }
    let (part, rows, scores) = try run.scores()
    let shownRows = count(rows, "\(part) row")
    if let classification = scores.classification {
      if scores.names.count <= ConfusionPicture.greatestClassCount {
        let picture = ConfusionPicture(
          counts: classification.confusion, classNames: scores.names,
          title: "\(run.data.target), \(shownRows)")
        messages += try folder.write(picture.svg(), as: Self.names[2], "confusion matrix")
      } else {
        messages.append(
          "no confusion matrix: it is drawn for up to \(ConfusionPicture.greatestClassCount) classes, and there are "
            + "\(scores.names.count)")
      }
    }
    if let calibration = scores.calibration {
      messages += try folder.write(Self.picture(calibration, shownRows), as: Self.names[3], "calibration")
    }
    if scores.regression != nil {
      var picture = AgreementPicture(
        x: scores.numbers.expected, y: scores.numbers.predicted, title: "\(run.data.target), \(shownRows)")
      picture.note = scores.text
      messages += try folder.write(picture.svg(), as: Self.names[4], "predicted and true")
    }
    return messages
  }

  private static func picture(_ calibration: Calibration, _ rows: String) -> String {
    let bins = calibration.bins
    var picture = AgreementPicture(
      x: bins.map(\.meanProbability), y: bins.map(\.fractionRight), weights: bins.map { Double($0.count) },
      title: "Calibration, \(rows)")
    (picture.xName, picture.yName) = ("mean probability of the predicted class", "fraction of right predictions")
    picture.note = "expected calibration error \(shown(calibration.expectedError)); areas show numbers of rows"
    picture.range = 0...1
    picture.isConnected = true
    return picture.svg()
  }

  private func curve() -> String {
    let epochs = history.epochs
    let accuracies = run.data.classNames == nil ? [] : epochs.compactMap { $0.validationMetric ?? $0.metric }
    let judged = run.data.validation == nil || accuracies.isEmpty ? "" : "; accuracy in validation"
    var picture = TrainingCurve(
      loss: epochs.map(\.loss), accuracy: accuracies, title: "Training on \(name)\(judged)",
      firstStep: epochs.first?.epoch ?? 1)
    picture.stepName = "epoch"
    return picture.svg()
  }

  /// Returns the decision boundary over all rows, in the units of the table; `nil` unless there are two inputs and two
  /// classes.
  private func boundary() throws -> String? {
    guard run.data.encoder.areMeasured == [true, true], let names = run.data.classNames, names.count == 2 else {
      return nil
    }
    var points: [[Double]] = []
    var labels: [Int] = []
    for part in try [run.data.training, run.data.validation].compactMap(\.self).map(run.data.sample(of:)) {
      points += (0..<part.count).map(part.row)
      if case .classes(let classes, _) = part.targets { labels += classes }
    }
    let predictor = try run.model.predictor()
    let scale = run.data.scaling.inputs
    var picture = try DecisionBoundary(
      points: points, labels: labels, title: "\(name), separated by \(run.model.parameterCount) parameters",
      classNames: names
    ) { x, y in
      let outputs = predictor(scale?.transform([x, y]) ?? [x, y])
      // With two outputs, their difference is the score.
      return outputs.count == 2 ? outputs[1] - outputs[0] : outputs[0]
    }
    (picture.xName, picture.yName) = (run.data.inputNames[0], run.data.inputNames[1])
    return picture.svg()
  }
}
