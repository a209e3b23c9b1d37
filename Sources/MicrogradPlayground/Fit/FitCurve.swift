import Micrograd
import MicrogradFormulaFits
import MicrogradOptimization

/// A curve and its bands, as positions in a plot.
struct FitCurve: Encodable {
  /// The parts in which the curve is finite.
  struct Run: Encodable {
    var x: [Double] = []
    var y: [Double] = []
  }

  struct Band: Encodable {
    let x: [Double]
    let low: [Double]
    let high: [Double]
  }

  let runs: [Run]
  let confidence: Band?
  let prediction: Band?

  /// The curve at some parameters.
  init(_ problem: FitProblem, _ plot: FitPlot, at parameters: [Double], band: CurveBand? = nil) {
    let hasColumn = !problem.data.inputs.isEmpty
    var (runs, isOpen): ([Run], Bool) = ([], false)
    for (k, x) in plot.grid.enumerated() {
      let y = band?.mean[k] ?? problem.prediction(parameters, hasColumn ? [x] : [])
      guard let column = plot.x.position(x), let row = plot.y.position(y) else {
        isOpen = false
        continue
      }
      if !isOpen { runs.append(Run()) }
      isOpen = true
      runs[runs.count - 1].x.append(column)
      runs[runs.count - 1].y.append(row)
    }
    self.runs = runs
    confidence = band.flatMap { Self.band($0, $0.confidence, plot) }
    prediction = band.flatMap { band in band.prediction.flatMap { Self.band(band, $0, plot) } }
  }

  private static func band(_ band: CurveBand, _ widths: [Double], _ plot: FitPlot) -> Band? {
    let x = plot.grid.compactMap(plot.x.position)
    let low = band.mean.indices.compactMap { plot.y.position(band.mean[$0] - widths[$0]) }
    let high = band.mean.indices.compactMap { plot.y.position(band.mean[$0] + widths[$0]) }
    guard x.count == low.count, x.count == high.count else { return nil }
    return Band(x: x, low: low, high: high)
  }
}

/// The residuals below the curve, or over the predictions where the model has several columns.
struct ResidualPlot: Encodable {
  /// The axis of predictions; nil if it is that of the plot.
  let x: PlotAxis?
  let y: PlotAxis
  /// The position of no residual.
  let zero: Double?
  /// The positions of the points.
  let at: [[Double?]]

  /// - Parameter kept: The residuals of the points that are not left out, which the axis covers.
  init(_ plot: FitPlot, predicted: [Double], residuals: [Double], covering kept: [Double], responseName: String) {
    let own = plot.isCurve ? nil : PlotAxis("predicted \(responseName)", covering: predicted, count: 7)
    let axis = PlotAxis("residual", covering: kept, count: 6, always: 0)
    (x, y, zero) = (own, axis, axis.position(0))
    at = plot.points.indices.map { k in
      [own.map { $0.position(predicted[k]) } ?? plot.points[k].at[0], axis.position(residuals[k])]
    }
  }
}
