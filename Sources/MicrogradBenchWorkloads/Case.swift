/// A computation that several contestants do, each in its own way, with the same numbers.
package struct Case {
  /// What `--filter` finds.
  package let name: String
  /// What the table says.
  package let title: String
  /// Cases of one group are measured in turns, so that they can be compared with each other.
  package let group: String
  /// How often a contestant runs it each time it is measured; chosen by how long it takes where it is `nil`.
  package let iterations: Int?
  /// Hand-written first, then the bare tape, then the library; or the plain function first, then the library; or the library in
  /// several ways, which are compared with the first.
  package let contestants: [Contestant]
  /// Of how many parts an iteration consists: times are those of a part.
  package var parts = 1
}

/// One way of computing a case.
package struct Contestant {
  /// What it is compared as.
  package enum Role: String, Codable, Sendable {
    /// C without a tape, derivatives by hand.
    case handWritten
    /// The engine's record layout and nothing else.
    case bareTape
    /// The function that the library differentiates, on plain numbers: its value alone.
    case primal
    /// Swift's own differentiation.
    case language
    /// This library.
    case library
  }

  package let name: String
  package let role: Role

  /// Runs the case that many times; the outcome is that of the last time.
  package let run: (_ iterations: Int) -> Outcome

  /// What a run leaves.
  package struct Outcome {
    /// The value, then the gradient.
    package let numbers: [Double]
    /// How many nodes one iteration recorded.
    package let nodes: Int
  }
}

extension Contestant {
  /// Returns a contestant that computes numbers, for a case that does not count nodes.
  package static func computing(
    _ name: String, _ role: Role = .library, _ numbers: @escaping () -> [Double]
  ) -> Contestant {
    Contestant(name: name, role: role) { times in
      var found: [Double] = []
      for _ in 0..<times { found = numbers() }
      return Outcome(numbers: found, nodes: 0)
    }
  }
}

/// Every case; those that end in a number of nodes or variables are smaller when `isQuick`.
package func allCases(isQuick: Bool) -> [Case] {
  [
    readmeCase(),
    rosenbrockCase(variables: 1_000),
    rosenbrockCase(variables: isQuick ? 50_000 : 1_000_000),
    moonsCase(steps: 100),
    moonsBatchCase(steps: 100),
    moonsThreadsCase(samples: 1_000),
    moonsThreadsCase(samples: isQuick ? 2_000 : 10_000),
    moonsCompilingCase(),
    singleReadmeCase(),
    singleRosenbrockCase(),
    singleMoonsCase(),
    buildingCase(),
    buildingLoopCase(steps: isQuick ? 20_000 : 100_000),
    lorenzLoopCase(steps: isQuick ? 20_000 : 100_000),
    taylorCase(order: 20),
    readmeSamplesCase(count: 1_000),
    rosenbrockPointsCase(count: isQuick ? 10_000 : 100_000),
    linearSystemCase(size: 200),
    rootCase(payments: 60),
    integralCase(),
    graphPictureCase(nodes: 300),
    lorenzCase(),
    pleiadesCase(),
    solutionGradientCase(),
    trainerCase(batchSize: 1, epochs: 2),
    trainerCase(batchSize: 32, epochs: 20),
    trainerCase(batchSize: 256, epochs: 40),
    trainerCase(batchSize: 4096, epochs: 10),
    gptCase(documents: isQuick ? 32 : 128),
    gptBatchCase(documents: isQuick ? 32 : 128),
    digitsCase(threads: 1),
    digitsCase(threads: 2),
    chainCase(nodes: 10_000),
    chainCase(nodes: isQuick ? 500_000 : 10_000_000),
    dotCase(count: 1_000),
    logSumExpCase(count: 1_000),
    neuronCase(inputs: 200),
    rosenbrockSweepsCase(variables: 1_000),
    networkSweepsCase(samples: 20),
    mixtureCase(dimensions: 10, components: 25, points: isQuick ? 100 : 1_000),
    rungeKuttaCase(variables: isQuick ? 1_000 : 10_000, steps: 10),
    tableCase(rows: isQuick ? 10_000 : 1_000_000),
  ] + rosenbrockHessianCases() + curvesJacobianCases() + fitCases(isQuick: isQuick) + minimumCases()
    + [constrainedMinimumCase()] + orderEightCases() + adaptiveGradientCases()
    + floatCases(count: isQuick ? 2_000 : 10_000, documents: isQuick ? 32 : 128)
}

extension Contestant {
  /// A contestant in C, which writes `count` numbers and returns how many nodes it recorded.
  static func c(
    _ name: String, _ role: Role, numbers count: Int,
    _ body: @escaping (_ iterations: Int64, _ result: Result) -> Int64
  ) -> Contestant {
    Contestant(name: name, role: role) { iterations in
      var nodes: Int64 = 0
      let numbers = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
        guard let result = buffer.baseAddress else { return }
        nodes = body(Int64(iterations), result)
        initialized = count
      }
      return Outcome(numbers: numbers, nodes: Int(nodes))
    }
  }

  /// Where a contestant in C writes its numbers.
  typealias Result = UnsafeMutablePointer<Double>

  static func handWritten(
    numbers count: Int, _ body: @escaping (_ iterations: Int64, _ result: Result) -> Void
  )
    -> Contestant
  {
    c("hand-written C", .handWritten, numbers: count) { iterations, result in
      body(iterations, result)
      return 0
    }
  }

  static func bareTape(numbers count: Int, _ body: @escaping (_ iterations: Int64, _ result: Result) -> Int64)
    -> Contestant
  {
    c("bare tape", .bareTape, numbers: count) { iterations, result in
      let nodes = body(iterations, result)
      precondition(nodes > 0, "no memory for the bare tape")
      return nodes
    }
  }
}
