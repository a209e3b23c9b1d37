/// What the page asks of the room of fits.
enum FitRequest {
  /// A table that was pasted or dropped.
  struct Table: Decodable {
    let text: String
    /// What the first line is: `names`, `data`, or found from its fields.
    var header: String?
  }

  /// A fit of a formula to the table.
  struct Fit: Decodable {
    struct Bounds: Decodable {
      var low: Double?
      var high: Double?
    }

    let formula: String
    /// Starts that were typed. Those of the other parameters are guessed.
    var starts: [String: Double] = [:]
    /// The numbers of parameters that are held.
    var held: [String: Double] = [:]
    var bounds: [String: Bounds] = [:]
    /// Rows of the table, from 0, that are left out.
    var leftOut: [Int] = []
    var skipsMissing = false
    /// What is known of the scatter: `unknown`, `deviation` with a number, `deviations` or `weights` with a column.
    var scatter = "unknown"
    var scatterColumn: String?
    var scatterNumber: Double?
    /// `squares`, or the name of a robust loss.
    var loss = "squares"
    /// The residual at which a robust loss begins; found from the residuals if it is nil.
    var lossScale: Double?
    /// The probability of intervals and bands.
    var level = 0.95
    /// The column of the horizontal axis, where the formula has several.
    var axis: String?
    /// Parameters from which the fit starts without guessing, while a handle is dragged.
    var near: [String: Double]?

    enum CodingKeys: String, CodingKey {
      case formula, starts, held, bounds, leftOut, skipsMissing, scatter, scatterColumn, scatterNumber, loss, lossScale
      case level, axis, near
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      formula = try values.decode(String.self, forKey: .formula)
      starts = try values.decodeIfPresent([String: Double].self, forKey: .starts) ?? [:]
      held = try values.decodeIfPresent([String: Double].self, forKey: .held) ?? [:]
      bounds = try values.decodeIfPresent([String: Bounds].self, forKey: .bounds) ?? [:]
      leftOut = try values.decodeIfPresent([Int].self, forKey: .leftOut) ?? []
      skipsMissing = try values.decodeIfPresent(Bool.self, forKey: .skipsMissing) ?? false
      scatter = try values.decodeIfPresent(String.self, forKey: .scatter) ?? "unknown"
      scatterColumn = try values.decodeIfPresent(String.self, forKey: .scatterColumn)
      scatterNumber = try values.decodeIfPresent(Double.self, forKey: .scatterNumber)
      loss = try values.decodeIfPresent(String.self, forKey: .loss) ?? "squares"
      lossScale = try values.decodeIfPresent(Double.self, forKey: .lossScale)
      level = try values.decodeIfPresent(Double.self, forKey: .level) ?? 0.95
      axis = try values.decodeIfPresent(String.self, forKey: .axis)
      near = try values.decodeIfPresent([String: Double].self, forKey: .near)
    }
  }

  /// The picture at some parameters: those of an iteration, or set by hand.
  struct View: Decodable {
    let values: [Double]
  }
}

/// What the room of fits answers.
enum FitAnswer {
  struct Table: Encodable {
    var kind = "table"
    let columns: [String]
    let rows: Int
    let hasHeader: Bool
    let notes: [String]
  }

  struct Fit: Encodable {
    struct Parameter: Encodable {
      let name: String
      let value: Double
      let start: Double
      let isGuessed: Bool
      let isHeld: Bool
      let isAtBound: Bool
      let isUndetermined: Bool
      let standardError: Double?
      let interval: [Double]?
      let slider: ParameterSlider
    }

    struct Iteration: Encodable {
      let values: [Double]
      let sum: Double
    }

    struct Statistics: Encodable {
      let points: Int
      let degreesOfFreedom: Int
      let sum: Double
      let deviation: Double?
      let rSquared: Double?
      let reducedChiSquare: Double?
      let aic: Double?
      let bic: Double?
      let loss: String?
      let lossSum: Double?
    }

    var kind = "fit"
    let parameters: [Parameter]
    /// The start, and the parameters after each iteration.
    let iterations: [Iteration]
    let statistics: Statistics
    let isConverged: Bool
    /// Why the fit ended.
    let reason: String
    /// Why there are no standard errors.
    let withoutErrors: String?
    /// The table that the exported program prints.
    let text: String
    let notes: [String]
    let plot: FitPlot
    let view: View
  }

  struct View: Encodable {
    var kind = "view"
    let values: [Double]
    /// The sum of squares at these parameters.
    let sum: Double
    /// Where the formula is not finite; nil if it is finite for all rows.
    let notFinite: String?
    let curve: FitCurve?
    /// For each point of the plot.
    let predicted: [Double]
    let residuals: [Double]
    /// The positions of the predictions on the vertical axis of the plot.
    let predictedAt: [Double?]
    let residualPlot: ResidualPlot
  }

  /// A text for a file.
  struct File: Encodable {
    var kind = "file"
    let text: String
  }
}
