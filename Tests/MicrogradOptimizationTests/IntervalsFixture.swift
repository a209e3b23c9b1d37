import Foundation
import Micrograd
import MicrogradOptimization

/// What make_fit_intervals.py wrote.
struct IntervalsFixture: Decodable {
  struct Quantile: Decodable {
    /// `nil` for the normal distribution.
    let degreesOfFreedom: Int?
    let level, t: Double
  }

  struct Statistics: Decodable {
    let model, kind: String
    let x, y, start, weights, parameters, halfWidths95, halfWidths68: [Double]
    let covariance: [[Double]]
    let residualSumOfSquares, rSquared, akaike, bayesian: Double
    let reducedChiSquare, noise: Double?
    let grid, mean, curveErrors, confidence, prediction: [Double]

    var weighting: Weighting {
      switch kind {
      case "weights": .weights(weights)
      case "deviations": .standardDeviations(weights)
      default: .equal
      }
    }

    func fit() throws -> FitResult {
      try fitCurve(x: x, y: y, from: start, weighting: weighting, model: fixtureModel(model))
    }
  }

  struct Robust: Decodable {
    let loss, model: String
    let x, y, start, parameters: [Double]
    let scale, lossSum: Double
    let deviations: [Double]?
    let bounds, covariance: [[Double]]?
  }

  struct Profile: Decodable {
    let model: String
    let x, y, start: [Double]
    let level: Double
    let deviations: [Double]?
    let ends: [[Double]]
  }

  struct Outputs: Decodable {
    let x, parameters: [Double]
    let rows, covariance: [[Double]]
    let deviations: [Double]?
    let residualSumOfSquares, rSquared: Double
  }

  let quantiles: [Quantile]
  let statistics: [Statistics]
  let robust: [Robust]
  let profiles: [Profile]
  let outputs: [Outputs]
}

/// The models of make_fit_intervals.py, by name.
func fixtureModel(_ name: String) -> ([Value], Double) -> Value {
  switch name {
  case "line": { p, x in p[0] + p[1] * x }
  case "michaelis": { p, x in p[0] * x / (p[1] + x) }
  default: { p, x in p[0] * exp(-p[1] * x) + p[2] }
  }
}
