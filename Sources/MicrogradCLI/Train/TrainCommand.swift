import ArgumentParser
import MicrogradNN

/// `micrograd train`: a network for one's own table.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network to predict a column of a CSV file from others.",
    discussion: """
      The first line of the file names the columns, unless it is all numbers. Inputs are numbers. The target is taken as \
      classes where it is text, or numbers with --classes or a loss for classes (hinge, squared-hinge, bce, \
      cross-entropy); else as a number. A target that is mostly numbers, but not all, is an error. Of three classes or \
      more, the loss is cross-entropy.

      Inputs are standardised by the rows that are trained on, and so is a target of numbers, unless --no-standardize is \
      given: losses are then those of the standardised target, and mean absolute errors in the units of the file.

      Ctrl-C ends the run after the current step: what was asked for is written, as the run stands, and the exit status \
      is 130. So do SIGTERM (143) and SIGHUP (129). The same command with --resume goes on from its checkpoint, to the last bit as if nothing had happened. \
      More --epochs may be given then, unless the learning rate has a schedule; a checkpoint of other data or other \
      flags is refused.

      Errors in the data have the exit status 1, errors in the command line 64.

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
        !loss.isForClasses, "--loss \(loss.name) is for numbers, and --classes says that there are none",
        "leave --classes out, or take cross-entropy")
    }
    try refuse(
      optimization.optimizer == .lbfgs && network.dropout > 0,
      "--dropout is \(network.dropout), and --optimizer lbfgs needs the same loss at every evaluation",
      "leave it out, or take another optimizer")
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
      let advice = output.checkpoint == nil ? "" : ": the same command with --resume goes on"
      Console.printError("interrupted\(advice)")
      throw ExitCode(128 + (history.signal ?? 2))
    }
  }
}
