import MicrogradNN

extension NetworkSettings {
  /// A Swift program that trains this network from its seeds, and prints the loss of each step before its update.
  func program(steps: Int) throws -> String {
    guard (1...1_000_000).contains(steps) else {
      throw PlaygroundError("a program of \(steps) steps: give 1 to 1 000 000")
    }
    var parts = [dataPart, splitPart, networkPart, optimizerPart]
    parts.append(python ? recordedLoop(steps) : compiledLoop(steps))
    let lines = parts.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    let body = lines.map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n")
    return "\(head)\nfunc train() throws {\n\(body)}\n\ntry train()\n"
  }

  private var head: String {
    """
    // Trains a network of \(parameterCount) parameters, and prints each step's loss before its update.
    // Put it into a package that depends on micrograd, as main.swift.
    import Micrograd
    \(data.kind == "function" ? "import MicrogradFormulas\n" : "")import MicrogradNN

    """
  }

  private var isAlone: Bool { data.validation == 0 }

  private var dataPart: String {
    let zero = loss == "binaryCrossEntropy" ? "0" : "-1"
    func made(_ call: String) -> String {
      """
      var numpy = NumPyRandom(seed: \(data.seed))
      let points = \(call)
      let data = try Dataset(inputs: points.inputs, numbers: points.labels.map { $0 == 1 ? 1 : \(zero) })

      """
    }
    let arguments = "count: \(data.count), noise: \(data.noise)"
    switch data.kind {
    case "moons": return made("makeMoons(\(arguments), using: &numpy)")
    case "circles": return made("makeCircles(\(arguments), factor: 0.5, using: &numpy)")
    case "spirals": return made("makeSpirals(count: \(data.count), turns: 1, noise: \(data.noise), using: &numpy)")
    case "xor": return made("makeXOR(\(arguments), using: &numpy)")
    case "function":
      let noise =
        data.noise > 0
        ? "\ninputs = inputs.map { row in row.map { $0 + numpy.normal(standardDeviation: \(data.noise)) } }" : ""
      return """
        let border = try Formula(\(Self.quoted(data.formula)))
        var numpy = NumPyRandom(seed: \(data.seed))
        var (inputs, targets): ([[Double]], [Double]) = ([], [])
        for _ in 0..<\(data.count) {
          let (x, y) = (numpy.uniform(-3, 3), numpy.uniform(-3, 3))
          targets.append(y > border(border.names.map { _ in x }) ? 1 : \(zero))
          inputs.append([x, y])
        }\(noise)
        let data = try Dataset(inputs: inputs, numbers: targets)

        """
    default:
      let rows = data.points.map { "\($0[0]) \($0[1]) \($0[2] == 1 ? "1" : zero)" }
      return """
        let text = \"\"\"
        \(rows.map { "  \($0)" }.joined(separator: "\n"))
          \"\"\"
        let rows = text.split(separator: "\\n").map { line in line.split(separator: " ").compactMap { Double($0) } }
        let data = try Dataset(inputs: rows.map { [$0[0], $0[1]] }, numbers: rows.map { $0[2] })

        """
    }
  }

  private var splitPart: String {
    var text = ""
    if isAlone {
      text += data.standardise ? "let drawn = data\n" : "let training = data\n"
    } else {
      text += """
        var splitting = PythonRandom(seed: \(data.seed))
        let (\(data.standardise ? "drawn" : "training"), _) = try data.split(validation: \(data.validation), using: &splitting)

        """
    }
    if data.standardise { text += "let training = try Standardizer(fitting: drawn).transform(drawn)\n" }
    text += """

      // Inputs and target of each point.
      func samples(_ data: Dataset) -> [[Double]] {
        guard case .numbers(let targets, _) = data.targets else { return [] }
        return targets.indices.map { data.row($0) + [targets[$0]] }
      }
      let rows\(data.kind == "points" ? "OfTraining" : "") = samples(training)

      """
    return text
  }

  private var rows: String { data.kind == "points" ? "rowsOfTraining" : "rows" }

  private var networkPart: String {
    let names = hidden.map(\.activation) + [output]
    let rule = Self.initializers.first { $0.name == initializer }?.name ?? "micrograd"
    let call = rule.hasPrefix("glorot") ? "\(rule)()" : rule
    let layers = names.enumerated().map { k, name in
      let activation = Self.spelled(name)
      let evaluation = python ? ", evaluation: .scalar" : ""
      return
        "  Layer(\(sizes[k]), \(sizes[k + 1]), activation: .\(activation)\(evaluation), initializer: .\(call), using: &random),"
    }
    return """
      var random = PythonRandom(seed: \(seed))
      let layers = [
      \(layers.joined(separator: "\n"))
      ]
      let model = Sequential(layers)

      """
  }

  private var optimizerPart: String {
    let schedule =
      fall > 0 ? "schedule: .linear(from: \(rate), to: \(rate) / 10, steps: \(fall))" : "learningRate: \(rate)"
    let rule = optimizer
    let made =
      switch rule.kind {
      case "adam": "Adam(model, \(schedule), beta1: \(rule.beta1), beta2: \(rule.beta2))"
      case "adamw":
        "AdamW(model, \(schedule), beta1: \(rule.beta1), beta2: \(rule.beta2), weightDecay: \(rule.decay))"
      case "rmsprop": "RMSProp(model, \(schedule), alpha: \(rule.alpha), momentum: \(rule.momentum))"
      case "adagrad": "Adagrad(model, \(schedule))"
      case "lbfgs": "LBFGS(model, \(schedule), historySize: \(rule.memory), lineSearch: .strongWolfe)"
      default: "SGD(model, \(schedule), momentum: \(rule.momentum))"
      }
    return "var optimizer = \(made)\n"
  }

  // MARK: - Loops

  private var lossCall: (name: String, label: String) {
    switch loss {
    case "squaredHinge": ("squaredHingeLoss", "scores")
    case "binaryCrossEntropy": ("binaryCrossEntropy", "logits")
    case "meanSquared": ("meanSquaredError", "predicted")
    default: ("maxMarginLoss", "scores")
    }
  }

  private func compiledLoop(_ steps: Int) -> String {
    let (name, label) = lossCall
    let total =
      penalty > 0
      ? """
        let mean = try ofSample.backward(at: Samples(batch))
        return Tape.scope {
          let penalty = l2Penalty(model, weight: \(penalty))
          penalty.backward()
          return mean + penalty.data
        }
      """ : "  return try ofSample.backward(at: Samples(batch))"
    return """
      // The loss of one point, compiled.
      let ofSample = try compile(at: [0, 0, 1]) { x in \(name)(\(label): model([x[0], x[1]]), expected: [x[2]]) }

      func evaluate(_ batch: [[Double]]) throws -> Double {
        model.zeroGradients()
      \(total)
      }

      \(loop(steps))
      """
  }

  private func recordedLoop(_ steps: Int) -> String {
    let (name, label) = lossCall
    let total = penalty > 0 ? "mean + l2Penalty(layers.flatMap(\\.parameters), weight: \(penalty))" : "mean"
    return """
      // Every addition and multiplication is recorded in micrograd's order.
      func evaluate(_ batch: [[Double]]) -> Double {
        Tape.scope {
          let scores = batch.map { row in model([Value(row[0]), Value(row[1])])[0] }
          let mean = \(name)(\(label): scores, expected: batch.map { $0[2] })
          let total = \(total)
          model.zeroGradients()
          total.backward()
          return total.data
        }
      }

      \(loop(steps))
      """
  }

  private func loop(_ steps: Int) -> String {
    let isClosure = optimizer.kind == "lbfgs"
    let (call, inClosure) =
      python ? ("evaluate(batch)", "evaluate(batch)") : ("try evaluate(batch)", "(try? evaluate(batch)) ?? .infinity")
    let step =
      isClosure
      ? "  print(step, optimizer.step { \(inClosure) })"
      : "  let loss = \(call)\n  print(step, loss)\n  optimizer.step()"
    if batch == 0 {
      return """
        let batch = \(rows)
        for step in 0..<\(steps) {
        \(step)
        }

        """
    }
    return """
      var order = PythonRandom(seed: \(seed))
      var batches: [[Int]] = []
      for step in 0..<\(steps) {
        if batches.isEmpty { batches = Array(training.batches(of: \(batch), shuffledBy: &order)) }
        let batch = batches.removeFirst().map { \(rows)[$0] }
      \(step)
      }

      """
  }

  // MARK: - Spelling

  private static func spelled(_ activation: String) -> String {
    switch NetworkModel.activation(activation) {
    case .leakyReLU: "leakyReLU()"
    case .elu: "elu()"
    case let other: "\(other)"
    }
  }

  private static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\\": "\\\\"
      case "\"": "\\\""
      default: scalar.value < 0x20 || scalar.value == 0x7F ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
      }
    }
    return "\"\(scalars.joined())\""
  }
}
