// Checks of ranks under mpirun, for .ci/mpi. Prints, from rank 0, a line for each check with a hash of its numbers, which is
// the same for any number of ranks. With an argument, it fails on purpose.
import Foundation
import Micrograd
import MicrogradDistributed
import MicrogradNN

@main
struct RankChecks {
  static func main() {
    #if MPI
      let fault = CommandLine.arguments.dropFirst().first
      MPICommunicator.run { communicator in
        if let fault { return try fail(fault, communicator) }
        var hashes: [(String, UInt64)] = [("sums", try sums(communicator)), ("messages", try messages(communicator))]
        for (name, optimizer) in optimizers { hashes.append((name, try training(communicator, optimizer))) }
        guard communicator.isFirst else { return }
        for (name, hash) in hashes { print("\(name) \(String(hash, radix: 16))") }
      }
    #else
      FileHandle.standardError.write(Data("RankChecks needs the trait MPI: see .ci/mpi\n".utf8))
      exit(1)
    #endif
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Fails on the last rank while the others wait for it; or lets ranks differ.
  static func fail(_ fault: String, _ communicator: any Communicator) throws {
    let isLast = communicator.rank == communicator.size - 1
    switch fault {
    case "throw":
      if isLast { throw Failure(description: "a failure on purpose") }
      try communicator.barrier()
      try communicator.barrier()
    case "differ":
      try communicator.requireSame([("the weather", "fine"), ("the number", isLast ? "2" : "1")])
    default: throw Failure(description: "\(fault) is not a fault: give throw or differ")
    }
  }

  /// Sums over 1 to 40 blocks, compared with those of one rank.
  static func sums(_ communicator: any Communicator) throws -> UInt64 {
    func sum(_ block: Int) -> [Double] { [1 / Double(block + 1), block % 3 == 0 ? 1e16 : Double(block), -0.0] }
    var fingerprint = Fingerprint()
    for blocks in 1...40 {
      let found = try communicator.allReduce(blocks: blocks, width: 3, sumOf: sum)
      let expected = try SingleCommunicator().allReduce(blocks: blocks, width: 3, sumOf: sum)
      if found.map(\.bitPattern) != expected.map(\.bitPattern) {
        throw Failure(description: "the sums of \(blocks) blocks are \(found), not \(expected)")
      }
      fingerprint.add(found)
    }
    return fingerprint.value
  }

  /// Messages of several lengths around the ring, and from and to each rank.
  static func messages(_ communicator: any Communicator) throws -> UInt64 {
    let (rank, size) = (communicator.rank, communicator.size)
    for length in [0, 1, 1000, 300_000] {
      let numbers = (0..<length).map { Double($0) }
      var found = numbers
      if size > 1 {
        // The first rank sends, and the message goes around.
        if rank == 0 { try communicator.send(numbers, to: 1) }
        found = try communicator.receive(Double.self, count: length, from: (rank + size - 1) % size)
        if rank > 0 { try communicator.send(found, to: (rank + 1) % size) }
      }
      if found != numbers { throw Failure(description: "a message of \(length) numbers changed on its way") }
    }
    for root in 0..<size {
      var elements = [UInt8(rank), 7]
      try communicator.broadcast(&elements, from: root)
      let gathered = try communicator.gather(Array(repeating: rank, count: rank), at: root)
      let expected = rank == root ? (0..<size).map { Array(repeating: $0, count: $0) } : []
      if elements != [UInt8(root), 7] || gathered != expected { throw Failure(description: "rank \(root) is unheard") }
    }
    try communicator.barrier()
    return 0
  }

  static var optimizers: [(String, (Sequential) -> any ResumableOptimizer)] {
    [
      ("SGD", { SGD($0, learningRate: 0.05, momentum: 0.9) }), ("Adam", { Adam($0, learningRate: 0.01) }),
      ("L-BFGS", { LBFGS($0, lineSearch: .strongWolfe) }),
    ]
  }

  /// Trains a network on two moons, and returns a hash of its losses and parameters.
  static func training(
    _ communicator: any Communicator, _ optimizer: (Sequential) -> any ResumableOptimizer
  ) throws -> UInt64 {
    var numbers = NumPyRandom(seed: 3), random = PythonRandom(seed: 1)
    let data = try Dataset(makeMoons(count: 1400, noise: 0.2, using: &numbers))
    let model = Sequential(Linear(2, 8, using: &random), Activation.tanh, Linear(8, 1, using: &random))
    var options = TrainingOptions()
    (options.epochs, options.metric) = (3, .accuracy)
    let method = optimizer(model)
    options.batchSize = method is any ClosureOptimizer ? nil : 600
    var trainer = DistributedTrainer(
      model, method, .binaryCrossEntropy, options, seed: 5, communicator: communicator)
    let history = try trainer.fit(data, validation: data)
    var fingerprint = Fingerprint()
    fingerprint.add(history.epochs.flatMap { [$0.loss, $0.metric ?? 0, $0.validationLoss ?? 0] })
    fingerprint.add(model.parameters.map(\.data))
    return fingerprint.value
  }
}
