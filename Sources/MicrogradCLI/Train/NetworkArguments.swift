import ArgumentParser
import MicrogradNN

/// What `train` trains.
struct NetworkArguments: ParsableArguments {
  @Option(help: "Neurons in each hidden layer, 1 to 4096 each, separated by commas; or none.")
  var hidden = HiddenLayers(sizes: [16, 16])

  @Option(help: "The function after each hidden layer.")
  var activation = Activation.relu

  @Option(help: "Probability that a hidden neuron is left out of a step, 0 up to but not including 1.")
  var dropout = 0.0

  @Option(help: "How weights are drawn: as PyTorch, as micrograd, or after Glorot or He.")
  var initializer = Initializer.torchLinear

  func validate() throws {
    try check(dropout >= 0 && dropout < 1, "--dropout", dropout, "give a probability from 0 to 1, 1 excluded")
    try refuse(
      dropout > 0 && hidden.sizes.isEmpty, "--dropout \(dropout) needs a hidden layer, and --hidden is none",
      "leave one of them out")
  }
}
