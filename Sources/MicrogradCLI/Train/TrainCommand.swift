import ArgumentParser
import MicrogradDistributed
import MicrogradNN

/// `micrograd train`: trains a network on a table.
struct TrainCommand: RankedCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network to predict one column of a CSV file from the others.",
    discussion: """
      The first line of the file names the columns, unless all its fields are numbers. A text target is read as classes, a numeric target as a number. To read a numeric target as classes, give --classes or a \
      classification loss (hinge, squared-hinge, bce, cross-entropy). A target that mixes numbers and text is an error if \
      most of its values are numbers. With three or more classes, the loss is cross-entropy.

      A summary says what is in each column and what becomes of it. Numbers stay numbers. Words such as yes and no become 0 \
      and 1. Other texts become one input of 0 or 1 for each category, in sorted order. A missing number becomes the median \
      of the training rows, a missing yes or no the more frequent one, and a missing category none; if cells were missing in \
      training, one more input says whether the cell is missing. Missing means an empty cell or one of the words of \
      --missing. Rows without a target are left out.

      Left out, unless named in --inputs or --text, are texts that hardly repeat, such as names (more than 100 different \
      ones, or more than 10 and more than half as many as rows), and columns with a name such as id that count the rows. \
      --dates reads dates such as 2024-03-01, 2024-03-01T12:30 and 01.03.2024 as days since 1970-01-01; without it they are \
      left out. A few texts among numbers are an error, since they are probably typing errors. The preparation is fitted to \
      the training rows and saved with the model; predict applies it to other tables, by the names of their columns.

      After training, scores on the validation rows are printed: R², root mean squared error and mean absolute error of \
      numbers; of classes precision, recall and F1, the confusion matrix, and the calibration, with the expected calibration \
      error over ten bins.

      Numbers as inputs and a numeric target are standardised with the mean and the standard deviation of the training rows, unless \
      --no-standardize is given. Losses are those of the standardised target; mean absolute errors are in the units of \
      the file.

      A table that micrograd convert wrote may be larger than memory: rows are read as they are needed. The model is the one \
      that the CSV file gives. A table of more than 2^24 cells or 2^22 rows, whether in memory or not, is split and shuffled in \
      blocks of neighbouring rows (32 kB, at most 256 rows): the rows of 64 blocks at a time, taken at random, are shuffled. \
      If the table is not in memory, scores are those of the first \(TrainingData.greatestSample) rows that are held out.

      Ctrl-C ends the run after the current step. The command then writes the files that were asked for and exits with \
      status 130. SIGTERM (143) and SIGHUP (129) do the same. The same command with --resume continues from the \
      checkpoint; its results are bit for bit those of an uninterrupted run. With a constant learning rate, --epochs may \
      be increased. A checkpoint from other data or other flags is an error.

      mpirun -n 4 micrograd train … trains on four processes: each computes a part of every batch of more than 256 rows. \
      The results are bit for bit the same for any number of processes. All read the data; only the first prints and \
      writes files.

      Errors in the data exit with status 1, errors in the command line with status 64.

      Examples:
        micrograd train iris.csv --target species --save iris.safetensors
        micrograd train houses.csv.gz --target price --inputs rooms,age
        micrograd train titanic.csv --target survived --classes --output pictures
        micrograd train sales.csv --target revenue --dates --text postcode
        micrograd train sales.csv --without name,note --hidden 32,16 --activation tanh
        micrograd convert large.csv large.mgt --target price && micrograd train large.mgt
        cat data.csv | micrograd train - --quiet --save - > model.safetensors
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
    if let loss = optimization.loss, data.columns.takesClasses {
      try refuse(
        !loss.isForClasses, "--loss \(loss.name) is for numeric targets, but --classes is given",
        "leave --classes out, or use cross-entropy")
    }
    try refuse(
      optimization.optimizer == .lbfgs && network.dropout > 0,
      "--dropout is \(network.dropout), and --optimizer lbfgs needs the same loss at every evaluation",
      "leave it out, or use another optimizer")
  }

  func run(on communicator: (any Communicator)?) throws {
    try Talk.during(isQuiet: output.quiet || !communicator.isFirst) { try train($0, communicator) }
  }

  private func train(_ talk: Talk, _ communicator: (any Communicator)?) throws {
    let isFirst = communicator.isFirst
    let model = isFirst ? try output.save.map { try OutputFile($0, flag: "--save") } : nil
    for (path, flag) in [(output.checkpoint, "--checkpoint"), (output.log, "--log")] where isFirst {
      if let path { _ = try OutputFile(path, flag: flag) }
    }
    let folder = isFirst ? output.plot : nil
    let pictures = try folder.map { try PictureFolder(path: $0, flag: "--plot", names: TrainingPictures.names) }
    if let communicator, communicator.size > 1 { try data.checkFiles() }
    var random = PythonRandom(seed: Int(optimization.seed))
    let data = try TrainingData(data, loss: optimization.loss, using: &random)
    var run = try TrainingRun(self, data, on: communicator, using: &random)
    talk.say(try TrainingSummary.before(self, run))
    if let communicator { talk.say("ranks: \(communicator.size)") }
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
      guard isFirst else { throw ExitCode(128 + (history.signal ?? 2)) }
      let advice = output.checkpoint == nil ? "" : ": to continue, run the same command with --resume"
      Console.printError("interrupted\(advice)")
      throw ExitCode(128 + (history.signal ?? 2))
    }
  }
}
