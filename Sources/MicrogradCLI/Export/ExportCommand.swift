import ArgumentParser
import Foundation
import Micrograd

/// `micrograd export`: writes a trained network as C.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model that micrograd train saved as C source.",
    discussion: """
      The header and the source need nothing but libm. They take the numbers of the table's columns, scale them as in \
      training, and give the predicted number in the units of the table, or the class with its probabilities and its name. \
      The header names the columns. Categories are found by their texts, and NAN stands for a missing cell.

      Examples:
        micrograd export iris.safetensors --c iris.c
        micrograd export iris.safetensors --c source --name predict_iris
      """)

  @Argument(
    help: ArgumentHelp(
      "File that micrograd train --save wrote; - is standard input.", valueName: "model.safetensors"))
  var model: String

  @Option(
    name: .customLong("c"),
    help: ArgumentHelp(
      "C file to write, with a header beside it; or a folder for both, named after the function.",
      valueName: "file.c|folder"))
  var c: String

  @Option(help: ArgumentHelp("Name of the C function. (default: the file's name, or “predict”)", valueName: "name"))
  var name: String?

  func validate() throws {
    try check(
      !c.isEmpty && c != "-", "--c", c.debugDescription, "give a file that ends in .c, or a folder, for both files")
    if let name { try check(CSource.isUsable(name), "--name", name.debugDescription, ModelSource.namesThatAreUsable) }
  }

  func run() throws {
    let isFile = c.hasSuffix(".c")
    let stem = URL(fileURLWithPath: c).deletingPathExtension().lastPathComponent
    let name = name ?? (isFile ? stem : "predict")
    if !CSource.isUsable(name) {
      throw ExitMessage("a C function cannot be called \(name.debugDescription): give another name with --name.")
    }
    let folder = isFile ? URL(fileURLWithPath: c).deletingLastPathComponent().path : c
    let files = try (isFile ? [stem + ".h", stem + ".c"] : [name + ".h", name + ".c"]).map {
      try OutputFile(folder + "/" + $0, flag: "--c")
    }
    let source = try ModelSource(TrainedModel(path: model), named: name, header: isFile ? stem + ".h" : name + ".h")
    try files[0].write(source.header)
    try files[1].write(source.source)
  }
}
