import Micrograd
import MicrogradFormulaFits
import MicrogradTables

/// The room of fits: a table, a formula, and the curve with its parameters.
struct FitRoom {
  private var pasted: PastedTable?
  private var fitted: FittedModel?
  /// The ranges of the sliders, by parameter.
  private var sliders: [String: ParameterSlider] = [:]

  mutating func answer(_ request: Request) throws -> [any Encodable] {
    switch request.action {
    case "table": return [try open(request.content())]
    case "fit": return [try fit(request.content())]
    case "view":
      let view: FitRequest.View = try request.content()
      return [try current().view(view.values)]
    case "csv":
      let fitted = try current()
      return [FitAnswer.File(text: fitted.problem.residualsCSV(fitted.outcome.result.parameters))]
    case "swift": return [FitAnswer.File(text: try FitProgram(current()).text)]
    default: throw request.unknownAction
    }
  }

  private mutating func open(_ request: FitRequest.Table) throws -> FitAnswer.Table {
    // A table that cannot be read leaves no older one behind.
    (pasted, fitted, sliders) = (nil, nil, [:])
    let read = try PastedTable(request)
    pasted = read
    return read.answer
  }

  private mutating func fit(_ request: FitRequest.Fit) throws -> FitAnswer.Fit {
    guard let pasted else { throw PlaygroundError("there is no table: paste one", field: "table") }
    fitted = nil
    do {
      let new = try FittedModel(request, pasted)
      let answer = new.answer(sliders: sliders)
      fitted = new
      for parameter in answer.parameters { sliders[parameter.name] = parameter.slider }
      return answer
    } catch let error as FitMessage {
      throw PlaygroundError(error, pasted)
    } catch let error as CSVError {
      throw pasted.problem(error)
    }
  }

  private func current() throws(PlaygroundError) -> FittedModel {
    guard let fitted else { throw PlaygroundError("nothing is fitted: mend the table or the formula first") }
    return fitted
  }
}

extension PlaygroundError {
  /// An error of a fit, with the remedy as the page names it.
  init(_ error: FitMessage, _ pasted: PastedTable) {
    let (field, start): (String, String) =
      switch error.subject {
      case .formula: ("formula", "")
      case .table: ("table", "")
      case .sigma: ("scatter", error.line == nil ? "the column of deviations is " : "")
      case .weights: ("scatter", error.line == nil ? "the column of weights is " : "")
      case .start: ("parameters", "")
      }
    let end: String =
      switch error.remedy {
      case .none: ""
      case .otherStarts: ": type other starts"
      case .rowsOrFixedParameters: ": add rows, or hold parameters"
      case .freeParameter: ": free one"
      case .skippedRows: "; or leave out all rows with missing values, below the table"
      }
    self.init(start + error.message + end, field: field, place: error.line.flatMap(pasted.place(ofLine:)))
  }
}
