import Foundation
import Micrograd
import XCTest

@testable import MicrogradNN

/// Signals are the whole process's, so tests wait for what they sent.
final class StopRequestTests: XCTestCase {
  private func send(_ number: Int32, until isSeen: () -> Bool) {
    kill(getpid(), number)
    let deadline = Date() + 10
    while !isSeen(), Date() < deadline { usleep(1000) }
  }

  private func address(of number: Int32) -> Int {
    let handler = signal(number, SIG_DFL)
    signal(number, handler)
    return unsafeBitCast(handler, to: Int.self)
  }

  func testSignalsAreSeenOnceAndBySeveralWatchers() {
    for number in [SIGTERM, SIGHUP, SIGINT] {
      let first = StopRequest(), second = StopRequest()
      XCTAssertNil(first.signal)
      send(number) { first.signal != nil }
      XCTAssertEqual(first.signal, number)
      XCTAssertEqual(second.signal, number)
      first.end()
      second.end()
      let later = StopRequest()
      XCTAssertNil(later.signal)
      later.end()
      XCTAssertEqual(address(of: number), 0, "the signal does again what it did before")
    }
  }

  func testTheSecondTimeTheSignalDoesWhatItDidBefore() {
    let request = StopRequest()
    send(SIGTERM) { request.signal != nil }
    XCTAssertEqual(address(of: SIGTERM), 0)
    request.end()
  }

  func testAnIgnoredSignalStaysIgnored() {
    signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, SIG_DFL) }
    let request = StopRequest()
    kill(getpid(), SIGHUP)
    usleep(20_000)
    XCTAssertNil(request.signal)
    request.end()
    XCTAssertEqual(address(of: SIGHUP), 1)
  }

  func testARunEndsBySIGTERMWithACheckpoint() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    var random = PythonRandom(seed: 1)
    let model = Sequential(Linear(1, 1, using: &random))
    var options = TrainingOptions()
    (options.epochs, options.checkpoint, options.checkpointInterval) = (1_000_000, url, 1_000_000)
    options.endsOnInterrupt = true
    var trainer = Trainer(model, SGD(model, learningRate: 0.01), .meanSquared, options)
    let history = try trainer.fit(Dataset(inputs: [[1], [2]], numbers: [1, 2])) {
      if $0.epoch == 3 { kill(getpid(), SIGTERM) }
      return $0.epoch < 100_000
    }
    XCTAssertEqual(history.end, .interrupted)
    XCTAssertEqual(history.signal, SIGTERM)
    XCTAssertEqual(try Checkpoint(contentsOf: url).epoch, history.epochs.count)
  }
}
