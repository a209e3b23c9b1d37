import CMicrograd
import Foundation
import XCTest

final class BLASLibraryTests: XCTestCase {
  private var description: String { String(cString: mg_blas_description()) }

  func testTheDescriptionNamesTheLibraryOrTheReason() {
    let reason = "none (own kernels): "
    XCTAssertTrue(
      description.hasPrefix("OpenBLAS ") || description.hasPrefix(reason) && description.count > reason.count,
      description)
  }

  func testManyThreadsLoadOneLibrary() {
    let descriptions = UnsafeMutableBufferPointer<UnsafePointer<CChar>?>.allocate(capacity: 16)
    descriptions.initialize(repeating: nil)
    defer { descriptions.deallocate() }
    nonisolated(unsafe) let shared = descriptions
    DispatchQueue.concurrentPerform(iterations: 16) { shared[$0] = mg_blas_description() }
    XCTAssertEqual(Set(descriptions), [mg_blas_description()])
  }

  func testLoadingLeavesTheEnvironmentAsItWas() {
    let before = getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }
    let count = ProcessInfo.processInfo.environment.count
    _ = description
    XCTAssertEqual(getenv("OPENBLAS_CORETYPE").map { String(cString: $0) }, before)
    XCTAssertEqual(ProcessInfo.processInfo.environment.count, count)
  }

  func testThreadsAreSetIfThereIsALibrary() {
    XCTAssertEqual(mg_blas_set_thread_count(1), description.hasPrefix("OpenBLAS "))
  }
}
