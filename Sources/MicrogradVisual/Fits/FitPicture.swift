/// A picture of a fit: the data with their error bars, the curve, its confidence band and its prediction band.
///
/// ```swift
/// let curve = FitPicture.Curve(x: [0, 1, 2], mean: [1, 3, 5], confidence: [0.3, 0.2, 0.3], prediction: [0.6, 0.5, 0.6])
/// let picture = try FitPicture(x: [0, 1, 2], y: [1.1, 2.9, 5], curve: curve)
/// picture.svg()  // <svg xmlns="http://www.w3.org/2000/svg" width="720" height="480" …
/// ```
///
/// The picture takes plain numbers, so that they may come from any fit. With `MicrogradOptimization`, they are those of a band:
/// `FitPicture.Curve(x: grid, mean: band.mean, confidence: band.confidence, prediction: band.prediction)`.
///
/// Points that are not finite are not drawn; a curve that is not finite has a gap, and the picture says how many points are missing. The
/// axes cover the data, the curve and the confidence band; of the prediction band only what is near.
public struct FitPicture: Sendable {
  /// A curve and the half widths of its bands.
  public struct Curve: Sendable, Equatable {
    /// Where the curve is given, in rising order.
    public var x: [Double]
    /// The curve.
    public var mean: [Double]
    /// The half widths of the confidence band; empty for none.
    public var confidence: [Double]
    /// The half widths of the prediction band; empty for none.
    public var prediction: [Double]

    /// Creates a curve from numbers for each `x`.
    public init(x: [Double], mean: [Double], confidence: [Double] = [], prediction: [Double]? = nil) {
      self.x = x
      self.mean = mean
      self.confidence = confidence
      self.prediction = prediction ?? []
    }
  }

  /// The title, which screen readers also read.
  public var title: String
  /// The label of the horizontal axis.
  public var xName = "x"
  /// The label of the vertical axis.
  public var yName = "y"
  /// The probability of the bands in the legend, as a fraction.
  public var level = 0.95

  let x, y, deviations: [Double]
  let curves: [Curve]
  let curveNames: [String]

  /// Creates a picture of one curve.
  ///
  /// - Parameters:
  ///   - x: The predictors of the data; may be empty.
  ///   - y: The responses.
  ///   - deviations: The standard deviations of the responses, drawn as error bars; empty for none.
  ///   - curve: The curve and its bands.
  ///   - title: The title.
  /// - Throws: ``PictureError`` for lists of different lengths.
  public init(
    x: [Double], y: [Double], deviations: [Double] = [], curve: Curve, title: String = "Fit"
  ) throws {
    try self.init(x: x, y: y, deviations: deviations, curves: ["fit": curve], title: title)
  }

  /// Creates a picture of several curves, such as an ordinary fit and a robust one, each with its own colour.
  ///
  /// - Parameters:
  ///   - x: The predictors of the data; may be empty.
  ///   - y: The responses.
  ///   - deviations: The standard deviations of the responses, drawn as error bars; empty for none.
  ///   - curves: The curves by the names that the legend shows. After four, colours repeat.
  ///   - title: The title.
  /// - Throws: ``PictureError`` for lists of different lengths.
  public init(
    x: [Double], y: [Double], deviations: [Double] = [], curves: KeyValuePairs<String, Curve>, title: String = "Fit"
  ) throws {
    func check(_ name: String, _ list: [Double], _ expected: Int, mayBeEmpty: Bool = false) throws {
      if list.count == expected || (mayBeEmpty && list.isEmpty) { return }
      throw PictureError.listCount(name: name, found: list.count, expected: expected)
    }
    try check("y", y, x.count)
    try check("deviations", deviations, x.count, mayBeEmpty: true)
    for (_, curve) in curves {
      try check("mean", curve.mean, curve.x.count)
      try check("confidence", curve.confidence, curve.x.count, mayBeEmpty: true)
      try check("prediction", curve.prediction, curve.x.count, mayBeEmpty: true)
    }
    self.x = x
    self.y = y
    self.deviations = deviations
    self.curves = curves.map(\.value)
    curveNames = curves.map(\.key)
    self.title = title
  }

  static let size = (width: 720.0, height: 480.0)
  static let plot = Frame(left: 78, top: 84, right: 690, bottom: 420)
}
