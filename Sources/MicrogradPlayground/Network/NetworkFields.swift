import Micrograd
import MicrogradNN
import MicrogradVisual

/// What the network and its neurons compute over the plane.
final class NetworkFields {
  /// A function on a square grid, row by row from the top: 255 is the largest, 128 about 0, 1 the smallest; 0 is not finite.
  struct Field: Encodable {
    let size: Int
    let bytes: PackedBytes
    /// The contour of 0 as the data of an SVG path in a square of side 1000; nil for neurons.
    let boundary: String?
    /// The number that 255 stands for.
    let scale: Double
  }

  /// The fields of all neurons, layer by layer, one after the other.
  struct Units: Encodable {
    let size: Int
    let bytes: PackedBytes
  }

  private let model: NetworkModel
  private let points: NetworkPoints
  private let loss: Loss
  private let output: CompiledFunction
  private let units: CompiledFunction
  private var unit: (index: Int, function: CompiledFunction)?
  private var grids: [Int: Samples] = [:]

  init(_ model: NetworkModel, _ points: NetworkPoints, _ loss: Loss) throws {
    (self.model, self.points, self.loss) = (model, points, loss)
    output = try compile(at: [0, 0]) { [model] x in model.sequential(x) }
    units = try compile(at: [0, 0]) { [model] x in model.units(x).flatMap { $0 } }
  }

  /// The output over the plane, with its boundary.
  func output(size: Int) throws -> Field {
    let side = limited(size)
    let numbers = try output.results(at: grid(side)).numbers
    let isProbability = loss == .binaryCrossEntropy
    let shown = numbers.map { isProbability ? 2 * (1 / (1 + exp(-$0))) - 1 : min(max($0, -1), 1) }
    return Field(
      size: side, bytes: PackedBytes(bytes: zip(shown, numbers).map { $1.isFinite ? Self.byte($0) : 0 }),
      boundary: boundary(numbers, side), scale: 1)
  }

  /// A neuron's output over the plane; nil if there is no such neuron.
  func neuron(_ index: Int, size: Int) throws -> Field? {
    guard index >= 0, index < units.resultCount else { return nil }
    if unit?.index != index {
      let function = try compile(at: [0, 0]) { [model] x in [model.units(x).flatMap { $0 }[index]] }
      unit = (index, function)
    }
    guard let unit else { return nil }
    let side = limited(size)
    let numbers = try unit.function.results(at: grid(side)).numbers
    let scale = Self.scale(numbers)
    return Field(
      size: side, bytes: PackedBytes(bytes: numbers.map { Self.byte($0 / scale) }), boundary: nil, scale: scale)
  }

  /// The outputs of all neurons over the plane, coarsely.
  func allNeurons() throws -> Units {
    let side = units.resultCount > 60 ? 12 : 20
    let count = units.resultCount
    let numbers = try units.results(at: grid(side)).numbers
    var bytes: [UInt8] = []
    bytes.reserveCapacity(numbers.count)
    for k in 0..<count {
      let column = stride(from: k, to: numbers.count, by: count).map { numbers[$0] }
      let scale = Self.scale(column)
      for number in column { bytes.append(Self.byte(number / scale)) }
    }
    return Units(size: side, bytes: PackedBytes(bytes: bytes))
  }

  /// The outputs at some points.
  func outputs(_ rows: [Int]) throws -> [Double] {
    if rows.isEmpty { return [] }
    let numbers = points.networkInputs(rows.flatMap { points.inputs[$0] })
    return try output.results(at: Samples(numbers, width: 2)).numbers
  }

  /// The fraction of points whose score has the sign of their class; nil if there are no points.
  func accuracy(_ rows: [Int]) throws -> Double? {
    if rows.isEmpty { return nil }
    return signAccuracy(scores: try outputs(rows), expected: rows.map { points.labels[$0] == 1 ? 1 : -1 })
  }

  // MARK: - Grids

  /// A side for which the work stays within some milliseconds.
  private func limited(_ size: Int) -> Int {
    let most = (Double(size > 100 ? 40_000_000 : 4_000_000) / Double(model.runs.count)).squareRoot()
    return min(max(size, 16), max(32, Int(most)), 200)
  }

  /// The middles of the cells, row by row from the top.
  private func grid(_ side: Int) -> Samples {
    if let known = grids[side] { return known }
    let (x, y) = (points.box.x, points.box.y)
    var numbers: [Double] = []
    for row in 0..<side {
      for column in 0..<side {
        let (right, down) = ((Double(column) + 0.5) / Double(side), (Double(row) + 0.5) / Double(side))
        numbers += [x[0] + right * (x[1] - x[0]), y[1] - down * (y[1] - y[0])]
      }
    }
    let inputs = points.networkInputs(numbers)
    let samples = Samples(columns: [
      stride(from: 0, to: inputs.count, by: 2).map { inputs[$0] },
      stride(from: 1, to: inputs.count, by: 2).map { inputs[$0] },
    ])
    if grids.count > 4 { grids = [:] }
    grids[side] = samples
    return samples
  }

  private func boundary(_ numbers: [Double], _ side: Int) -> String {
    let half = 500 / Double(side)
    // Rows go down, as y does in pictures; so the grid's lowest row is the picture's top.
    let range = half...(1000 - half)
    let grid = ContourGrid(xRange: range, yRange: range, columns: side, rows: side, values: numbers)
    var text = ""
    for path in grid.lines(at: 0) {
      for (k, point) in path.points.enumerated() {
        text += "\(k == 0 ? "M" : k == 1 ? "L" : " ")\(Int(point.x.rounded())) \(Int(point.y.rounded()))"
      }
      if path.isClosed { text += "Z" }
    }
    return text
  }

  private static func scale(_ numbers: [Double]) -> Double {
    let largest = numbers.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    return largest > 0 ? largest : 1
  }

  /// A number from −1 to 1 as 1 to 255.
  private static func byte(_ x: Double) -> UInt8 {
    x.isFinite ? UInt8((128 + 127 * min(max(x, -1), 1)).rounded()) : 0
  }
}
