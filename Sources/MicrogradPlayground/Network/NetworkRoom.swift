import Micrograd
import MicrogradVisual

/// The room of networks: data, layers, training, and the decision boundary.
struct NetworkRoom {
  struct Open: Decodable {
    let settings: NetworkSettings
    var snapshot: NetworkSnapshot?
    var view: NetworkView?
  }

  struct Opened: Encodable {
    struct Ticks: Encodable {
      let x: [Tick], y: [Tick]
    }
    struct Tick: Encodable {
      let at: Double
      let text: String
    }

    var kind = "opened"
    /// True if the run begins anew; false if its weights were kept.
    let isNew: Bool
    /// x and y of each point, one after the other.
    let points: PackedNumbers
    let labels: PackedBytes
    /// The names of both classes.
    let classes: [String]
    /// The points that are held out.
    let validation: [Int]
    let box: NetworkPoints.Box
    let ticks: Ticks
    let sizes: [Int]
    let parameterCount: Int
    /// The number of steps that one message may ask for.
    let mostSteps: Int
    /// Why a snapshot was not used.
    let note: String?
    let frame: NetworkFrame
  }

  private struct Train: Decodable {
    let steps: Int
    var view: NetworkView?
  }

  private struct Back: Decodable {
    /// The number of steps to go back to; nil for one step back.
    var to: Int?
    var view: NetworkView?
  }

  private struct Look: Decodable {
    var view: NetworkView?
  }

  private struct Sample: Decodable {
    /// The point; nil for the one with the largest loss of those that are trained on.
    var sample: Int?
  }

  private struct Program: Decodable {
    let steps: Int
  }

  private struct ProgramText: Encodable {
    var kind = "swift"
    let text: String
  }

  private var run: NetworkRun?
  private var fields: NetworkFields?

  mutating func answer(_ request: Request) throws -> [any Encodable] {
    switch request.action {
    case "open": return [try open(request.content())]
    case "train": return [try train(request.content())]
    case "back": return [try back(request.content())]
    case "reset": return [try reset(request.content())]
    case "look": return [try look(request.content())]
    case "walk":
      let sample: Sample = try request.content()
      let run = try opened().run
      return [try run.walk(try sample.sample ?? run.rowOfLargestLoss())]
    case "snapshot": return [try opened().run.snapshot]
    case "table": return [try NetworkTable(request.content())]
    case "swift":
      let program: Program = try request.content()
      return [ProgramText(text: try opened().run.settings.program(steps: program.steps))]
    default: throw request.unknownAction
    }
  }

  private func opened() throws -> (run: NetworkRun, fields: NetworkFields) {
    guard let run, let fields else { throw PlaygroundError("there is no network yet: reload the page") }
    return (run, fields)
  }

  // MARK: - Actions

  private mutating func open(_ request: Open) throws -> Opened {
    try request.settings.check()
    if request.snapshot == nil, let run, run.settings.begins(as: request.settings) {
      let oldLoss = run.loss.loss
      try run.change(to: request.settings)
      if run.loss.loss != oldLoss { fields = try NetworkFields(run.model, run.points, run.loss.loss) }
      return try answer(isNew: false, note: nil, request.view)
    }
    var note: String?
    try start(request.settings)
    if let snapshot = request.snapshot, let run {
      do {
        try run.restore(snapshot)
      } catch {
        note = "\((error as? PlaygroundError)?.message ?? "\(error)"): training begins anew"
      }
    }
    return try answer(isNew: true, note: note, request.view)
  }

  /// Makes a new run. If it throws, the old one is kept.
  private mutating func start(_ settings: NetworkSettings) throws {
    let new = try NetworkRun(settings)
    fields = try NetworkFields(new.model, new.points, new.loss.loss)
    run = new
  }

  private func answer(isNew: Bool, note: String?, _ view: NetworkView?) throws -> Opened {
    let (run, fields) = try opened()
    let points = run.points
    return Opened(
      isNew: isNew, points: PackedNumbers(points.inputs.flatMap { $0 }),
      labels: PackedBytes(bytes: points.labels.map { UInt8($0) }), classes: NetworkPoints.classes(run.settings.data),
      validation: points.validation, box: points.box,
      ticks: Opened.Ticks(x: Self.ticks(points.box.x), y: Self.ticks(points.box.y)), sizes: run.settings.sizes,
      parameterCount: run.model.runs.count, mostSteps: Self.mostSteps(run.settings), note: note,
      frame: try run.frame(fields, view ?? NetworkView(), lastSteps: 0))
  }

  /// Ticks within a range, and their places in it, 0 to 1.
  private static func ticks(_ range: [Double]) -> [Opened.Tick] {
    let ticks = NiceTicks(covering: range[0]...range[1], count: 5)
    return zip(ticks.values, ticks.labels).compactMap { value, label in
      let place = (value - range[0]) / (range[1] - range[0])
      return (0...1).contains(place) ? Opened.Tick(at: place, text: label) : nil
    }
  }

  private func train(_ request: Train) throws -> NetworkFrame {
    let (run, fields) = try opened()
    let most = Self.mostSteps(run.settings)
    guard request.steps >= 1, request.steps <= most else {
      throw PlaygroundError("\(request.steps) steps at a time: give 1 to \(most) for this network")
    }
    var taken = 0
    for _ in 0..<request.steps {
      let before = run.step
      let goesOn = try run.takeStep()
      taken += run.step - before
      if !goesOn { break }
    }
    return try run.frame(fields, request.view ?? NetworkView(), lastSteps: taken)
  }

  /// The number of steps that take about a second at most.
  static func mostSteps(_ settings: NetworkSettings) -> Int { min(max(100_000_000 / settings.workOfStep, 1), 1000) }

  private func back(_ request: Back) throws -> NetworkFrame {
    let (run, fields) = try opened()
    guard run.goBack(to: request.to) else {
      throw PlaygroundError("the step before is not kept: \(run.pastCount) steps can be taken back")
    }
    return try run.frame(fields, request.view ?? NetworkView(), lastSteps: 0)
  }

  private mutating func reset(_ request: Look) throws -> NetworkFrame {
    try start(try opened().run.settings)
    return try look(request)
  }

  private func look(_ request: Look) throws -> NetworkFrame {
    let (run, fields) = try opened()
    return try run.frame(fields, request.view ?? NetworkView(), lastSteps: 0)
  }
}
