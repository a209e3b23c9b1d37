import ArgumentParser
import Foundation
import Micrograd
import MicrogradFormulaFits
import MicrogradFormulas
import MicrogradOptimization
import MicrogradTables

/// `micrograd fit`: fits a formula to a table.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit the parameters of a formula to a table.",
    discussion: """
      The formula is a response, a tilde and a model. Names that are columns of the table stand for their numbers; all other \
      names of the model are parameters. A column with an odd name is put in backticks: `T (K)`. Operators and functions are \
      those of micrograd grad.

      Starts that are not given are guessed from the data, and printed. The fit is one of least squares, by the \
      Levenberg-Marquardt method with exact derivatives.

      Examples:
        micrograd fit decay.csv 'y ~ a*exp(-b*x) + c'
        micrograd fit decay.csv 'y ~ a*exp(-b*x) + c' --start a=1 b=0.5 --fix c=0 --output out
        micrograd fit rates.csv 'log(k) ~ A - E/(8.314*`T (K)`)' --sigma dk --confidence 0.99
        micrograd fit plane.csv 'z ~ a*x + b*y + c' --robust huber --bounds a=0:10 b=:1

      Exit status: 0; 1 for an error in the formula or the data, or a fit that does not converge; 64 for an unknown option.
      """)

  @Argument(help: ArgumentHelp("CSV file, may be compressed with gzip; - is standard input.", valueName: "data.csv"))
  var data: String

  @Argument(help: ArgumentHelp("Response and model, such as 'y ~ a*x + b'.", valueName: "model"))
  var model: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Starts of parameters, such as a=1 b=-2e3. (default: guessed from the data)", valueName: "name=number"))
  var start: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Bounds of parameters, such as a=0:10, b=0: or c=:5.", valueName: "name=low:high"))
  var bounds: [String] = []

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Parameters that keep a number.", valueName: "name=number"))
  var fix: [String] = []

  @Option(
    help: ArgumentHelp(
      "Standard deviation of the response: a column, or a number for all rows. The standard errors follow from it alone.",
      valueName: "column|number"))
  var sigma: String?

  @Option(help: ArgumentHelp("Column of weights, each in proportion to 1/variance.", valueName: "column"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      """
      Loss that gives outliers less weight: huber, soft-l1 or cauchy, with the residual at which it begins, as in huber:0.5. \
      (default of the residual: 1.345 standard deviations, estimated from the median)
      """, valueName: "loss[:scale]"))
  var robust: RobustChoice?

  @Option(help: "Probability of intervals and bands, above 0 and below 1.")
  var confidence = 0.95

  @Flag(help: "Print profile likelihood intervals too, which need not be symmetric.")
  var profile = false

  @OptionGroup var table: TableArguments

  @Flag(help: "Leave out rows with a missing value in a column of the formula.")
  var skipMissing = false

  @Option(
    help: ArgumentHelp(
      """
      Folder for parameters.json, residuals.csv and a picture (SVG, and PNG if rsvg-convert, Inkscape or ImageMagick is \
      installed): the curve with its bands, or residuals if there are several columns. Created if missing.
      """, valueName: "dir"))
  var output: String?

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @Flag(help: "Do not print guesses and files.")
  var quiet = false

  func validate() throws {
    try check(confidence > 0 && confidence < 1, "--confidence", confidence, "give a number above 0 and below 1")
    try refuse(sigma != nil && weights != nil, "--sigma and --weights are both given", "give one of them")
    try refuse(
      robust != nil && profile, "--profile is for least squares, and --robust is given", "leave one of them out")
  }

  func run() throws {
    let model: ModelFormula
    do {
      model = try ModelFormula(self.model)
    } catch {
      throw ExitMessage("the model cannot be read\(error.line > 1 ? ", line \(error.line)" : ""):\n\(error)")
    }
    let folder = try output.map { try PictureFolder(path: $0, flag: "--output", names: FitOutput.names) }
    let arguments = try FitArguments(self, model)
    let fitted = try FitMessage.namingFlags { try FitRun(arguments.problem, robust: robust).run() }
    for note in arguments.notes.table + (quiet ? [] : [arguments.notes.names] + fitted.notes) {
      Console.printError(note)
    }
    let output = try FitOutput(
      arguments.problem, fitted.result, level: confidence, profile: profile, guessed: fitted.guess)
    try Console.print(json ? output.json : output.text)
    if let folder {
      let messages = try output.write(to: folder, path: self.output ?? "")
      if !quiet {
        for message in messages { if json { Console.printError(message) } else { try Console.print(message) } }
      }
    }
    if !fitted.result.isConverged {
      throw ExitMessage("the fit has not converged (\(fitted.result.reason)): give other starts with --start.")
    }
  }
}
