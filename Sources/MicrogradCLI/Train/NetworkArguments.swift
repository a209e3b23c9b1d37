import ArgumentParser
import MicrogradNN

/// The network arguments of `train`.
struct NetworkArguments: ParsableArguments {
  @Option(help: "Neurons in each hidden layer, 1 to 4096 each, separated by commas; or none.")
  var hidden = HiddenLayers(sizes: [16, 16])

  @Option(help: "Activation function after each hidden layer.")
  var activation = Activation.relu

  @Option(help: "Dropout probability of hidden neurons, at least 0 and below 1.")
  var dropout = 0.0

  @Option(help: "Weight initialisation: that of PyTorch or micrograd, Glorot's or He's.")
  var initializer = Initializer.torchLinear

  func validate() throws {
    try check(dropout >= 0 && dropout < 1, "--dropout", dropout, "give a probability of at least 0 and below 1")
    try refuse(
      dropout > 0 && hidden.sizes.isEmpty, "--dropout \(dropout) needs a hidden layer, and --hidden is none",
      "leave one of them out")
  }
}
