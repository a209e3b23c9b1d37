import Micrograd
import MicrogradFormulas
import MicrogradNN

/// The points of the plane that the network separates.
struct NetworkPoints {
  let inputs: [[Double]]
  /// The class of each point, 0 or 1.
  let labels: [Int]
  /// The indices of the points that are trained on, and of those that are held out.
  let training: [Int], validation: [Int]
  /// The shift and scale of the network's inputs.
  let standardizer: Standardizer?
  /// What the picture shows.
  let box: Box

  struct Box: Encodable, Equatable {
    var x: [Double], y: [Double]
  }

  init(_ settings: NetworkSettings.Points) throws {
    let points = try Self.made(settings)
    (inputs, labels) = (points.inputs, points.labels)
    guard labels.count >= 2, labels.contains(0), labels.contains(1) else {
      throw PlaygroundError("a network needs points of both classes: add at least one of each", field: "kind")
    }
    if settings.validation > 0 {
      // The rows' numbers as targets: so the split is that of a data set.
      let rows = try Dataset(inputs: inputs, numbers: labels.indices.map(Double.init))
      var random = PythonRandom(seed: settings.seed)
      let parts = try rows.split(validation: settings.validation, using: &random)
      (training, validation) = (Self.rows(parts.training), Self.rows(parts.validation))
    } else {
      (training, validation) = (Array(labels.indices), [])
    }
    let trained = inputs.isEmpty ? [] : training.flatMap { [inputs] in inputs[$0] }
    standardizer = settings.standardise ? try Standardizer(fitting: trained, columns: 2) : nil
    box = Self.box(around: inputs, settings.kind)
  }

  /// The names of the classes of a kind of points.
  static func classes(_ settings: NetworkSettings.Points) -> [String] {
    switch settings.kind {
    case "moons": ["upper moon", "lower moon"]
    case "circles": ["outer circle", "inner circle"]
    case "spirals": ["first arm", "second arm"]
    case "xor": ["equal", "different"]
    case "function": ["below", "above"]
    default: settings.classes
    }
  }

  private static func rows(_ data: Dataset) -> [Int] {
    guard case .numbers(let numbers, _) = data.targets else { return [] }
    return numbers.map { Int($0) }
  }

  private static func made(_ settings: NetworkSettings.Points) throws -> LabeledPoints {
    var random = NumPyRandom(seed: UInt32(settings.seed))
    let (count, noise) = (settings.count, settings.noise)
    return switch settings.kind {
    case "moons": makeMoons(count: count, noise: noise, using: &random)
    case "circles": makeCircles(count: count, noise: noise, factor: 0.5, using: &random)
    case "spirals": makeSpirals(count: count, turns: 1, noise: noise, using: &random)
    case "xor": makeXOR(count: count, noise: noise, using: &random)
    case "function": try aboveAFunction(settings, &random)
    default: LabeledPoints(inputs: settings.points.map { Array($0[..<2]) }, labels: settings.points.map { Int($0[2]) })
    }
  }

  /// The half width of the square in which points above and below a function are drawn.
  static let reach = 3.0

  /// Draws x and y uniformly; a point above the function has class 1. Noise moves it afterwards.
  private static func aboveAFunction(
    _ settings: NetworkSettings.Points, _ random: inout NumPyRandom
  ) throws -> LabeledPoints {
    let f = try formula(settings.formula)
    var (inputs, labels): ([[Double]], [Int]) = ([], [])
    for _ in 0..<settings.count {
      let (x, y) = (random.uniform(-reach, reach), random.uniform(-reach, reach))
      let border = f(f.names.map { _ in x })
      guard !border.isNaN else {
        throw PlaygroundError(
          "the function is not defined at x = \(x): give one that is, from −3 to 3", field: "formula")
      }
      labels.append(y > border ? 1 : 0)
      inputs.append([x, y])
    }
    if settings.noise > 0 {
      inputs = inputs.map { row in row.map { $0 + random.normal(standardDeviation: settings.noise) } }
    }
    guard labels.contains(0), labels.contains(1) else {
      throw PlaygroundError(
        "all points are on one side of the function: give one that crosses the square from −3 to 3", field: "formula")
    }
    return LabeledPoints(inputs: inputs, labels: labels)
  }

  private static func formula(_ text: String) throws -> Formula {
    let formula: Formula
    do {
      formula = try Formula(text)
    } catch {
      throw PlaygroundError(error, in: text, field: "formula")
    }
    if let other = formula.names.first(where: { $0 != "x" }) {
      throw PlaygroundError("“\(other)” is not known: the function is of x alone", field: "formula")
    }
    return formula
  }

  /// A box around the points, with a margin. Both axes have one scale, unless the points are far longer than wide.
  private static func box(around inputs: [[Double]], _ kind: String) -> Box {
    func range(_ k: Int) -> (middle: Double, half: Double) {
      let numbers = inputs.map { $0[k] }
      let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
      return (low / 2 + high / 2, max((high - low) / 2, 1e-9 * max(1, abs(low)), 1e-6))
    }
    let (x, y) = (range(0), range(1))
    let larger = max(x.half, y.half), isEven = larger <= 4 * min(x.half, y.half)
    func bounds(_ r: (middle: Double, half: Double)) -> [Double] {
      let half = 1.15 * (isEven ? larger : r.half)
      return [r.middle - half, r.middle + half]
    }
    return Box(x: bounds(x), y: bounds(y))
  }

  /// The inputs of the network for points of the plane, x and y of each.
  func networkInputs(_ numbers: [Double]) -> [Double] { standardizer?.transform(numbers) ?? numbers }

  /// The target of a point.
  func target(_ row: Int, _ loss: Loss) -> Double { labels[row] == 1 ? 1 : loss == .binaryCrossEntropy ? 0 : -1 }

  /// Inputs and targets of some points, a sample each.
  func samples(_ rows: [Int], _ loss: Loss) -> Samples {
    let numbers = networkInputs(rows.flatMap { inputs[$0] })
    let (x, y) = (rows.indices.map { numbers[2 * $0] }, rows.indices.map { numbers[2 * $0 + 1] })
    return Samples(columns: [x, y, rows.map { target($0, loss) }])
  }
}
