import ArgumentParser
import Micrograd
import MicrogradFormulas
import MicrogradVisual

/// `micrograd grad`: the value and the gradient of a formula.
struct GradCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grad",
    abstract: "Compute the value and the gradient of a formula.",
    discussion: """
      The formula has the operators + - * / ** (or ^), comparisons, if(condition, a, b), and functions such as exp, log, \
      sqrt, sin, erf, gamma, max. Several statements are separated by semicolons; the last one is the result. Put the \
      formula in quotes, so that the shell passes it on as it is.

      A row of the table is an input, or a name that is assigned: its number, and the derivative of the result by it.

      Examples:
        micrograd grad 'a*b + b**3' a=-4 b=2
        micrograd grad 'e = a*b; d = e + c; d*f' a=2 b=-3 c=10 f=-2
        micrograd grad 'exp(-x**2/2)' x=1/3 --hessian
        micrograd grad 'relu(w*x + b)' w=0.5 x=2 b=-3 --steps --graph neuron.svg

      Exit status: 0; 1 for an error in the formula or in a number; 64 for an unknown option.
      """)

  @Argument(help: ArgumentHelp("Formula.", valueName: "formula"))
  var formula: String

  @Argument(help: ArgumentHelp("Number of each input, such as a=-4, b=1e5 or c=2*pi.", valueName: "name=number"))
  var inputs: [String] = []

  @Flag(help: "Print the second derivatives too.")
  var hessian = false

  @Flag(help: "Print the steps of the reverse sweep too, each rule in words and in numbers.")
  var steps = false

  @Option(help: ArgumentHelp("File for a picture of the graph, with data and gradients.", valueName: "file.svg"))
  var graph: String?

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func validate() throws {
    try refuse(json && steps, "--steps is text, and --json is given", "leave one of them out")
    try refuse(graph == "-", "--graph is -, and the table goes to standard output too", "give a file")
  }

  func run() throws {
    let formula = try Formula.ofCommand(formula)
    let numbers = try NamedNumbers(inputs)
    let point: [Double]
    do {
      point = try formula.ordered(numbers.numbers)
    } catch {
      throw ExitMessage("\(error)")
    }
    let file = try graph.map { try OutputFile($0, flag: "--graph") }
    let report = Tape().use { GradReport(formula, at: point, hessian: hessian, steps: steps, graph: graph != nil) }
    try Console.print(json ? report.json : report.text)
    if let file, let graph = report.graph { try file.write(GraphPicture(graph).svg()) }
    if let place = report.notFinite { Console.printError("note: \(place)") }
  }
}

/// What `micrograd grad` prints.
struct GradReport {
  private let rows: [(name: String, value: Double, gradient: Double)]
  private let inputNames: [String]
  private let value: Double
  private let hessian: [[Double]]?
  /// The part of the formula in which the first number that is not finite appears, with its number.
  let notFinite: String?

  /// The graph with data and gradients, if it is wanted.
  let graph: Graph?
  private let steps: BackwardSteps?

  init(
    _ formula: Formula, at point: [Double], hessian wantsHessian: Bool, steps wantsSteps: Bool, graph wantsGraph: Bool
  ) {
    inputNames = formula.names
    let inputs = point.map { Value($0) }
    let statements = formula.statements(inputs)
    let result = statements[statements.count - 1]
    var labels = zip(formula.names, inputs).map { (key: $0, value: $1) }
    labels += statements.compactMap { statement in statement.name.map { (key: $0, value: statement.value) } }
    if result.name == nil { labels.append((key: "result", value: result.value)) }
    steps = wantsSteps ? BackwardSteps(of: result.value, labels: labels) : nil
    result.value.backward()
    graph = wantsGraph ? Graph(of: result.value, labels: labels) : nil
    value = result.value.data
    var rows = zip(formula.names, inputs).map { ($0, $1.data, $1.grad) }
    // A name that is assigned again stands for its last number.
    for (k, statement) in statements.enumerated() {
      if let name = statement.name, !statements[(k + 1)...].contains(where: { $0.name == name }) {
        rows.append((name, statement.value.data, statement.value.grad))
      }
    }
    if result.name == nil { rows.append(("result", value, 1)) }
    self.rows = rows
    notFinite = formula.firstNotFinite(at: point).map { part, number in
      "\(NamedNumbers.shortened(part)) is \(AlignedNumbers.text(number)) there"
    }
    hessian = wantsHessian ? Micrograd.hessian(at: point) { formula($0) } : nil
  }

  var text: String {
    var lines = AlignedNumbers.lines(
      ["name", "value", "gradient"], rows.map { ($0.name, [$0.value, $0.gradient]) })
    if let hessian {
      lines += [""]
      lines += AlignedNumbers.lines(["hessian"] + inputNames, zip(inputNames, hessian).map { ($0, $1.map { $0 }) })
    }
    if let steps { lines += ["", "\(steps)"] }
    return lines.joined(separator: "\n")
  }

  var json: String {
    func object(_ pairs: [(String, Double)]) -> JSONText { .object(pairs.map { ($0, .number($1)) }) }
    var members: [(String, JSONText)] = [
      ("value", .number(value)), ("inputs", object(rows.prefix(inputNames.count).map { ($0.name, $0.value) })),
      ("gradient", object(rows.prefix(inputNames.count).map { ($0.name, $0.gradient) })),
    ]
    if let hessian {
      members.append(("hessian", .object(zip(inputNames, hessian).map { ($0, object(Array(zip(inputNames, $1)))) })))
    }
    return JSONText.object(members).text()
  }
}
