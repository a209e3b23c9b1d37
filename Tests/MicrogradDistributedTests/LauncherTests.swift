import MicrogradDistributed
import XCTest

/// What the environment says of other processes.
final class LauncherTests: XCTestCase {
  func testLaunchersAreKnownByTheirVariables() throws {
    let openMPI = try XCTUnwrap(Launcher(["OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4"]))
    XCTAssertEqual([openMPI.rank, openMPI.size], [2, 4])
    XCTAssertEqual(openMPI.name, "Open MPI")
    let mpich = try XCTUnwrap(Launcher(["PMI_RANK": "0", "PMI_SIZE": "3", "PATH": "/bin"]))
    XCTAssertEqual([mpich.rank, mpich.size], [0, 3])
    let slurm = try XCTUnwrap(Launcher(["SLURM_PROCID": "7", "SLURM_STEP_NUM_TASKS": "8"]))
    XCTAssertEqual([slurm.rank, slurm.size], [7, 8])
  }

  func testOtherEnvironmentsHaveNoLauncher() {
    XCTAssertNil(Launcher([:]))
    // A batch script of SLURM is one process, whatever the number of tasks of its job.
    XCTAssertNil(Launcher(["SLURM_PROCID": "0", "SLURM_NTASKS": "8"]))
    XCTAssertNil(Launcher(["PMI_RANK": "3", "PMI_SIZE": "3"]))
    XCTAssertNil(Launcher(["PMI_RANK": "a", "PMI_SIZE": "3"]))
  }
}
