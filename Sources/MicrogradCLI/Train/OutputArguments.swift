import ArgumentParser
import Foundation

/// What `train` leaves behind.
struct OutputArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "File for the model, which micrograd predict and PyTorch read; - is standard output.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "File for the state of the run: after each hundredth of the epochs, at the end, and at Ctrl-C, SIGTERM or SIGHUP.",
      valueName: "file"
    ))
  var checkpoint: String?

  @Flag(help: "Go on from the checkpoint, to the same numbers as if the run had not stopped.")
  var resume = false

  @Option(help: ArgumentHelp("CSV file for a line an epoch; a resumed run adds to it.", valueName: "file"))
  var log: String?

  @Option(
    help: ArgumentHelp(
      "Folder for loss.svg and, with two inputs and two classes, boundary.svg; made if need be.", valueName: "dir"))
  var plot: String?

  @Flag(help: "Say nothing but what went wrong.")
  var quiet = false

  func validate() throws {
    for (path, flag) in [(checkpoint, "--checkpoint"), (log, "--log")] {
      try refuse(path == "-", "\(flag) is -, and is written more than once", "give a file")
    }
    try refuse(
      save == "-" && !quiet, "--save is -, and what is said goes to standard output as well", "give --quiet too")
    try refuse(resume && checkpoint == nil, "--resume needs the file of the run", "give it with --checkpoint")
  }

  /// Throws where one file would be written twice, or over what is read.
  func check(against data: DataArguments) throws {
    let written = [("--save", save), ("--checkpoint", checkpoint), ("--log", log)].compactMap { flag, path in
      path.map { (flag, $0) }
    }
    let read = [("the data", data.file)] + (data.validationData.map { [("--validation-data", $0)] } ?? [])
    for (index, (flag, path)) in written.enumerated() {
      for (other, taken) in read + written[..<index] where path != "-" && OutputFile.areSame(path, taken) {
        throw ValidationError("\(flag) is \(path), which is \(other)'s file too: give it one of its own.")
      }
    }
  }
}
