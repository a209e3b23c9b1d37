import Micrograd
import MicrogradFormulas
import MicrogradOptimization

/// A model, its data, and what the arguments say of its parameters.
struct FitSetup {
  let text: String
  let model: ModelFormula
  let data: FitTable
  let starts: NamedNumbers
  let fixed: NamedNumbers
  let bounds: [String: ClosedRange<Double>]
  let notes: [String]
  private let columns: [Int?]

  init(_ command: FitCommand, _ model: ModelFormula, _ data: FitTable) throws {
    (self.model, self.data) = (model, data)
    text = command.model
    starts = try NamedNumbers(command.start, flag: "--start")
    fixed = try NamedNumbers(command.fix, flag: "--fix")
    var bounds = try Self.bounds(command.bounds)
    for (names, flag) in [(starts.names, "--start"), (fixed.names, "--fix"), (bounds.keys.sorted(), "--bounds")] {
      for name in names where !data.parameters.contains(name) {
        let what = data.inputs.contains(name) ? "a column of the table" : "no parameter of the model"
        throw ExitMessage(
          "\(flag): “\(name)” is \(what)\(FitTable.meant(name, data.parameters)). The parameters are \(FitTable.listed(data.parameters))."
        )
      }
    }
    for name in fixed.names {
      if starts[name] != nil || bounds[name] != nil {
        throw ExitMessage("“\(name)” is fixed by --fix, and has a start or bounds too: give one of them.")
      }
      if let number = fixed[name] { bounds[name] = number...number }
    }
    for name in starts.names {
      if let start = starts[name], let range = bounds[name], !range.contains(start) {
        throw ExitMessage(
          "“\(name)” starts at \(AlignedNumbers.text(start)), outside its bounds \(Self.text(range)): start within them."
        )
      }
    }
    self.bounds = bounds
    let places = Dictionary(uniqueKeysWithValues: data.inputs.enumerated().map { ($1, $0) })
    columns = model.prediction.names.map { places[$0] }
    let (parameters, inputs) = (data.parameters.joined(separator: ", "), data.inputs.joined(separator: ", "))
    notes = [
      "parameters: \(parameters); columns: \(inputs.isEmpty ? "none" : inputs); \(count(data.rows.count, "row"))"
    ]
    if bounds.count == data.parameters.count, bounds.values.allSatisfy({ $0.lowerBound == $0.upperBound }) {
      throw ExitMessage("all parameters are fixed, so there is nothing to fit: leave one out of --fix.")
    }
  }

  /// Reads `a=0:10`, `a=0:` and `a=:10`.
  private static func bounds(_ words: [String]) throws(ExitMessage) -> [String: ClosedRange<Double>] {
    var bounds: [String: ClosedRange<Double>] = [:]
    for word in words {
      let (name, text) = try NamedNumbers.parts(word, "--bounds", example: "a=0:10")
      let ends = text.split(separator: ":", omittingEmptySubsequences: false).map { NamedNumbers.trimmed($0) }
      guard ends.count == 2, ends != ["", ""] else {
        throw ExitMessage("--bounds: “\(NamedNumbers.shortened(word))” is no range: write it as a=0:10, a=0: or a=:10.")
      }
      let lower = ends[0].isEmpty ? -.infinity : try NamedNumbers.number(ends[0], of: word)
      let upper = ends[1].isEmpty ? .infinity : try NamedNumbers.number(ends[1], of: word)
      guard lower <= upper else {
        throw ExitMessage("--bounds: the lower bound of “\(name)” is above the upper one: write the lower one first.")
      }
      if bounds.updateValue(lower...upper, forKey: name) != nil {
        throw ExitMessage("--bounds: “\(name)” is given twice: give each name once.")
      }
    }
    return bounds
  }

  static func text(_ range: ClosedRange<Double>) -> String {
    func end(_ x: Double) -> String { x.isFinite ? AlignedNumbers.text(x) : "" }
    return "\(end(range.lowerBound)):\(end(range.upperBound))"
  }

  var namedBounds: Named<ClosedRange<Double>> {
    let names = data.parameters.filter { bounds[$0] != nil }
    return Named(names: names, values: names.compactMap { bounds[$0] })
  }

  /// The right side at some parameters and one row of the table.
  func prediction(_ parameters: [Value], _ row: [Double]) -> Value {
    var next = 0
    return model.prediction(
      columns.map { column -> Value in
        if let column { return .constant(row[column]) }
        next += 1
        return parameters[next - 1]
      })
  }

  /// The same for plain numbers.
  func prediction(_ parameters: [Double], _ row: [Double]) -> Double {
    var next = 0
    return model.prediction(
      columns.map { column -> Double in
        if let column { return row[column] }
        next += 1
        return parameters[next - 1]
      })
  }

  /// The part of the model that is not finite at some parameters, and the first line where it is not; nil if all is finite.
  func notFinite(_ parameters: [Double]) -> String? {
    for (row, line) in zip(data.rows, data.lines) where !prediction(parameters, row).isFinite {
      var next = 0
      let point = columns.map { column -> Double in
        if let column { return row[column] }
        next += 1
        return parameters[next - 1]
      }
      guard let (part, number) = model.prediction.firstNotFinite(at: point) else { return nil }
      return "\(NamedNumbers.shortened(part)) is \(AlignedNumbers.text(number)) in line \(line)"
    }
    return nil
  }
}
