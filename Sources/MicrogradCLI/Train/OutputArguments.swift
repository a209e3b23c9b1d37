import ArgumentParser
import Foundation

/// The output arguments of `train`.
struct OutputArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File for the model, for micrograd predict and PyTorch; - is standard output.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "File for checkpoints, written each hundredth of the epochs, at the end, and on Ctrl-C, SIGTERM or SIGHUP.",
      valueName: "file"
    ))
  var checkpoint: String?

  @Flag(help: "Resume from the checkpoint; the results are those of an uninterrupted run.")
  var resume = false

  @Option(
    help: ArgumentHelp("Write one line per epoch to this CSV file; a resumed run appends to it.", valueName: "file"))
  var log: String?

  @Option(
    name: [.customLong("plot"), .customLong("output")],
    help: ArgumentHelp(
      """
      Folder for pictures, created if missing: loss.svg; for classes confusion.svg and calibration.svg, with two inputs \
      and two classes boundary.svg; for numbers predicted.svg.
      """, valueName: "dir"))
  var plot: String?

  @Flag(help: "Print errors only.")
  var quiet = false

  func validate() throws {
    for (path, flag) in [(checkpoint, "--checkpoint"), (log, "--log")] {
      try refuse(path == "-", "\(flag) is -, but it is written more than once", "give a file")
    }
    try refuse(
      save == "-" && !quiet, "--save is -, and messages go to standard output too", "give --quiet too")
    try refuse(resume && checkpoint == nil, "--resume needs the file of the run", "give it with --checkpoint")
  }

  /// Throws if a file would be written twice, or written over an input.
  func check(against data: DataArguments) throws {
    let written = [("--save", save), ("--checkpoint", checkpoint), ("--log", log)].compactMap { flag, path in
      path.map { (flag, $0) }
    }
    let read = [("the data", data.file)] + (data.validationData.map { [("--validation-data", $0)] } ?? [])
    for (index, (flag, path)) in written.enumerated() {
      for (other, taken) in read + written[..<index] where path != "-" && OutputFile.areSame(path, taken) {
        throw ValidationError("\(flag) is \(path), which is also the file of \(other): give it a file of its own.")
      }
    }
  }
}
