import Micrograd
import MicrogradFormulaFits
import MicrogradOptimization

/// The fixed part of a fit's picture: the axes and the points. Curves and residuals are those of a view.
struct FitPlot: Encodable {
  struct Point: Encodable {
    /// The row of the table, from 0, and its line.
    let row: Int
    let line: Int
    let x: Double
    let y: Double
    let at: [Double?]
    /// The ends of the error bar.
    let bar: [Double?]?
    let isLeftOut: Bool
    /// True if the residual of the fit is much larger than most.
    let isFar: Bool
  }

  /// More points are not drawn.
  static let mostPoints = 1500

  let x: PlotAxis
  let y: PlotAxis
  let points: [Point]
  /// The number of rows, drawn or not.
  let rows: Int
  /// The columns that the horizontal axis may show.
  let choices: [String]
  /// True if the model is a curve over the horizontal axis; otherwise it has other columns, and its predictions are marks.
  let isCurve: Bool
  /// Rows whose residuals are much larger than most.
  let far: [Int]

  /// The drawn rows of the table with all rows.
  let drawn: [Int]
  /// Where the curve is computed.
  let grid: [Double]

  enum CodingKeys: CodingKey { case x, y, points, rows, choices, isCurve, far }

  /// - Parameters:
  ///   - problem: The problem that was fitted.
  ///   - all: The table with the rows that are left out.
  ///   - axis: The column of the horizontal axis.
  ///   - outcome: The fit.
  ///   - band: The band at ``grid(_:)``, if there is one.
  init(_ problem: FitProblem, all: FitTable, axis: String?, _ outcome: FitRun.Outcome, band: CurveBand?) {
    let result = outcome.result
    let leftOut = Set(all.places).subtracting(problem.data.places)
    let far = Self.far(problem, result.parameters)
    isCurve = all.inputs.count <= 1
    choices = all.inputs.isEmpty ? ["row"] : all.inputs
    let column = axis.flatMap { all.inputs.firstIndex(of: $0) } ?? 0
    let x = Self.x(all, column)
    let drawn = Self.drawn(all, Set(far))
    let grid = Self.grid(all)
    self.grid = grid
    let inputs = grid.isEmpty ? all.rows : grid.map { all.inputs.isEmpty ? [] : [$0] }
    let curves = [result.parameters, outcome.start].flatMap { parameters in
      inputs.map { problem.prediction(parameters, $0) }
    }
    let edges = band.map { Self.edges($0.mean, $0.confidence) } ?? []
    let outer = band.map { Self.edges($0.mean, $0.prediction ?? []) } ?? []
    let deviations = all.deviations
    let bars = deviations.indices.flatMap { [all.responses[$0] - deviations[$0], all.responses[$0] + deviations[$0]] }
    let xAxis = PlotAxis(choices[column], covering: x, count: 8)
    let shown = Self.near(all.responses + bars, curves + edges, outer)
    let yAxis = PlotAxis(problem.responseName, covering: shown, count: 8)
    (self.x, self.y, self.drawn, self.far, rows) = (xAxis, yAxis, drawn, far, all.rows.count)
    let isFar = Set(far)
    points = drawn.map { k in
      let place = all.places[k]
      let ends =
        deviations.isEmpty ? nil : [-deviations[k], deviations[k]].map { yAxis.position(all.responses[k] + $0) }
      return Point(
        row: place, line: all.lines[k], x: x[k], y: all.responses[k],
        at: [xAxis.position(x[k]), yAxis.position(all.responses[k])], bar: ends, isLeftOut: leftOut.contains(place),
        isFar: isFar.contains(place))
    }
  }

  /// The numbers of the data, those of curves that are not far beyond them, and those of outer bands that are near.
  private static func near(_ data: [Double], _ curves: [Double], _ outer: [Double]) -> [Double] {
    let (least, most) = (data.min() ?? 0, data.max() ?? 0)
    let extent = most - least
    func part(_ numbers: [Double], _ share: Double) -> [Double] {
      numbers.filter { $0 >= least - share * extent && $0 <= most + share * extent }
    }
    return data + part(curves, 1) + part(outer, 0.5)
  }

  private static func edges(_ mean: [Double], _ widths: [Double]) -> [Double] {
    zip(mean, widths).flatMap { [$0 - $1, $0 + $1] }
  }

  private static func x(_ all: FitTable, _ column: Int) -> [Double] {
    all.inputs.isEmpty ? all.places.map { Double($0 + 1) } : all.rows.map { $0[column] }
  }

  /// At most ``mostPoints`` rows, evenly chosen, and those that are far.
  private static func drawn(_ all: FitTable, _ far: Set<Int>) -> [Int] {
    let step = max(1, (all.rows.count + mostPoints - 1) / mostPoints)
    guard step > 1 else { return Array(all.rows.indices) }
    let marked = all.places.indices.filter { far.contains(all.places[$0]) }.prefix(100)
    return Set(stride(from: 0, to: all.rows.count, by: step)).union(marked).sorted()
  }

  /// Where the curve over a table's only column is computed: even points, and those of the data if they are few, so that a
  /// narrow peak is not missed. Empty for several columns.
  static func grid(_ all: FitTable) -> [Double] {
    guard all.inputs.count <= 1 else { return [] }
    let x = Self.x(all, 0)
    guard let low = x.min(), let high = x.max(), low < high else { return x.first.map { [$0] } ?? [] }
    let even = (0...240).map { step -> Double in
      let share = Double(step) / 240
      return low * (1 - share) + high * share
    }
    return Set(x.count <= 400 ? even + x : even).sorted()
  }

  /// The rows whose residual is more than three standard deviations, estimated by the median, which outliers hardly move.
  private static func far(_ problem: FitProblem, _ parameters: [Double]) -> [Int] {
    let residuals = zip(problem.data.rows, problem.data.responses).enumerated().map { k, pair in
      (pair.1 - problem.prediction(parameters, pair.0)) * problem.factor(k)
    }
    guard residuals.count >= 6, residuals.allSatisfy(\.isFinite) else { return [] }
    let sizes = residuals.map(\.magnitude).sorted()
    let limit = 3 * sizes.deviationByMedian
    let rounding = 1e-12 * (problem.data.responses.map(\.magnitude).max() ?? 0)
    let places = residuals.indices.filter { residuals[$0].magnitude > limit && residuals[$0].magnitude > rounding }
    return places.prefix(1000).map { problem.data.places[$0] }
  }
}

extension FitProblem {
  /// The square root of the weight of a row.
  func factor(_ row: Int) -> Double {
    switch data.weighting {
    case .equal: 1
    case .weights(let weights): weights[row].squareRoot()
    case .standardDeviations(let deviations): 1 / deviations[row]
    }
  }
}
