import ArgumentParser
import MicrogradNN

/// `micrograd train`: trains a network on a table.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network to predict one column of a CSV file from the others.",
    discussion: """
      The first line of the file names the columns, unless all its fields are numbers. Inputs must be numbers. A text \
      target is read as classes, a numeric target as a number. To read a numeric target as classes, give --classes or a \
      classification loss (hinge, squared-hinge, bce, cross-entropy). A target that mixes numbers and text is an error if \
      most of its values are numbers. With three or more classes, the loss is cross-entropy.

      Inputs and a numeric target are standardised with the mean and the standard deviation of the training rows, unless \
      --no-standardize is given. Losses are those of the standardised target; mean absolute errors are in the units of \
      the file.

      Ctrl-C ends the run after the current step. The command then writes the files that were asked for and exits with \
      status 130. SIGTERM (143) and SIGHUP (129) do the same. The same command with --resume continues from the \
      checkpoint; its results are bit for bit those of an uninterrupted run. With a constant learning rate, --epochs may \
      be increased. A checkpoint from other data or other flags is an error.

      Errors in the data exit with status 1, errors in the command line with status 64.

      Examples:
        micrograd train iris.csv --target species --save iris.safetensors
        micrograd train houses.csv.gz --target price --inputs rooms,age
        micrograd train moons.csv --loss hinge --optimizer sgd --momentum 0.9
        micrograd train moons.csv --schedule cosine --warm-up 5 --plot out/moons
        micrograd train digits.csv --classes --hidden 64 --patience 20
        micrograd train digits.csv --classes --checkpoint run.safetensors
        micrograd train digits.csv --classes --checkpoint run.safetensors --resume
      """)

  @OptionGroup(title: "Data") var data: DataArguments
  @OptionGroup(title: "Network") var network: NetworkArguments
  @OptionGroup(title: "Training") var optimization: OptimizationArguments
  @OptionGroup(title: "Output") var output: OutputArguments

  func validate() throws {
    try output.check(against: data)
    if let loss = optimization.loss, data.takesClasses {
      try refuse(
        !loss.isForClasses, "--loss \(loss.name) is for numeric targets, but --classes is given",
        "leave --classes out, or use cross-entropy")
    }
    try refuse(
      optimization.optimizer == .lbfgs && network.dropout > 0,
      "--dropout is \(network.dropout), and --optimizer lbfgs needs the same loss at every evaluation",
      "leave it out, or use another optimizer")
  }

  func run() throws {
    let talk = Talk(isQuiet: output.quiet)
    do {
      try train(talk)
    } catch {
      try talk.end()
      throw error
    }
    try talk.end()
  }

  private func train(_ talk: Talk) throws {
    let model = try output.save.map { try OutputFile($0, flag: "--save") }
    for (path, flag) in [(output.checkpoint, "--checkpoint"), (output.log, "--log")] {
      if let path { _ = try OutputFile(path, flag: flag) }
    }
    let pictures = try output.plot.map {
      try PictureFolder(path: $0, flag: "--plot", names: TrainingPictures.names)
    }
    var random = PythonRandom(seed: Int(optimization.seed))
    let data = try TrainingData(data, loss: optimization.loss, using: &random)
    var run = try TrainingRun(self, data, using: &random)
    talk.say(TrainingSummary.before(self, run))
    let history = try run.fit()
    talk.say(try TrainingSummary.after(history, run))

    if let model {
      try run.trainedModel.write(to: model)
      talk.say("model: \(model.path)")
    }
    if let checkpoint = output.checkpoint { talk.say("checkpoint: \(checkpoint)") }
    if let log = output.log { talk.say("log: \(log)") }
    if let pictures {
      let name = InputFile(self.data.file).name
      for message in try TrainingPictures(run: run, history: history, name: name).write(to: pictures) {
        talk.say(message)
      }
    }
    if history.end == .interrupted {
      let advice = output.checkpoint == nil ? "" : ": to continue, run the same command with --resume"
      Console.printError("interrupted\(advice)")
      throw ExitCode(128 + (history.signal ?? 2))
    }
  }
}
