/// What the program that started this process says of the other processes of its job.
///
/// `mpirun` and SLURM's `srun` start a program several times. Each process finds its number in its environment.
public struct Launcher: Sendable, Equatable {
  /// The name of the launcher.
  public let name: String
  /// The number of this process, from 0 to ``size`` - 1.
  public let rank: Int
  /// The number of processes.
  public let size: Int

  /// The variables of launchers: of Open MPI; of MPICH, Intel MPI and others that use PMI; of a step of SLURM.
  private static let variables: [(name: String, rank: String, size: String)] = [
    ("Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("MPICH", "PMI_RANK", "PMI_SIZE"),
    ("SLURM", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
  ]

  /// Reads an environment. Nil if the process was started without a launcher.
  public init?(_ environment: [String: String]) {
    for (name, rank, size) in Self.variables {
      guard let rank = environment[rank].flatMap({ Int($0) }), let size = environment[size].flatMap({ Int($0) }),
        size >= 1, (0..<size).contains(rank)
      else { continue }
      (self.name, self.rank, self.size) = (name, rank, size)
      return
    }
    return nil
  }

  /// Creates a launcher.
  internal init(name: String, rank: Int, size: Int) { (self.name, self.rank, self.size) = (name, rank, size) }
}
