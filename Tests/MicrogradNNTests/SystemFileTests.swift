import Foundation
import XCTest

@testable import Micrograd
@testable import MicrogradNN

final class SystemFileTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")

  override func setUpWithError() throws { folder = try temporaryFolder() }
  override func tearDownWithError() throws { try FileManager.default.removeItem(at: folder) }

  private var url: URL { folder.appendingPathComponent("file") }
  private var link: URL { folder.appendingPathComponent("link") }

  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  private func permissions(of url: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
  }

  private func assertCannotWrite(
    _ url: URL, _ words: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    guard case .cannotWrite(let reason) = problem({ try SystemFile.replace(url, with: [1]) }) else {
      return XCTFail("written", file: file, line: line)
    }
    XCTAssertTrue(reason.contains(words), reason, file: file, line: line)
  }

  private func assertCannotRead(
    _ url: URL, _ words: String, file: StaticString = #filePath, line: UInt = #line
  ) {
    guard case .cannotRead(let reason) = problem({ _ = try SystemFile.read(url) }) else {
      return XCTFail("read", file: file, line: line)
    }
    XCTAssertTrue(reason.contains(words), reason, file: file, line: line)
  }

  // MARK: - Writing

  func testAFileIsMadeAndReplacedAndNothingElseIsLeft() throws {
    for bytes: [UInt8] in [[1, 2, 3], [], [UInt8](repeating: 7, count: 1_000_000)] {
      try SystemFile.replace(url, with: bytes)
      XCTAssertEqual(try SystemFile.read(url), bytes)
    }
    XCTAssertEqual(try names(), ["file"])
  }

  func testANewFileHasThePermissionsThatNewFilesHave() throws {
    let other = folder.appendingPathComponent("other")
    XCTAssertTrue(FileManager.default.createFile(atPath: other.path, contents: nil))
    let mask = umask(0)
    umask(mask)
    try SystemFile.replace(url, with: [1])
    XCTAssertEqual(try permissions(of: url), 0o666 & ~Int(mask))
  }

  func testAReplacedFileKeepsItsPermissions() throws {
    try SystemFile.replace(url, with: [1])
    for permissions in [0o600, 0o640, 0o666, 0o755] {
      try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: url.path)
      try SystemFile.replace(url, with: [2])
      XCTAssertEqual(try self.permissions(of: url), permissions)
    }
  }

  func testOfALinkTheFileThatItLeadsToIsReplaced() throws {
    for target in ["file", url.path, "./file"] {
      try? FileManager.default.removeItem(at: link)
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
      for bytes: [UInt8] in [[1], [2]] {
        try SystemFile.replace(link, with: bytes)
        XCTAssertEqual(try SystemFile.read(url), bytes)
      }
      XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: link.path), target)
      try FileManager.default.removeItem(at: url)
    }
    try FileManager.default.removeItem(at: link)
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "link")
    assertCannotWrite(link, "links")
  }

  func testManyThreadsWritingOneFileLeaveOneOfTheirs() throws {
    let url = url
    DispatchQueue.concurrentPerform(iterations: 16) { k in
      let done: Void? = try? SystemFile.replace(url, with: [UInt8](repeating: UInt8(k), count: 100_000))
      XCTAssertNotNil(done)
    }
    let bytes = try SystemFile.read(url)
    XCTAssertEqual(bytes, [UInt8](repeating: bytes[0], count: 100_000))
    XCTAssertEqual(try names(), ["file"])
  }

  // MARK: - What cannot be written

  func testOnlyRegularFilesAreReplaced() throws {
    assertCannotWrite(folder, "not a regular file")
    XCTAssertEqual(mkfifo(url.path, 0o600), 0)
    assertCannotWrite(url, "not a regular file")
    XCTAssertEqual(try names(), ["file"])
  }

  func testAMissingFolderIsNamed() {
    let missing = folder.appendingPathComponent("missing")
    assertCannotWrite(missing.appendingPathComponent("file"), "the folder \(missing.path): No such file or directory")
  }

  func testAFileIsNotAcceptedAsAFolder() throws {
    try SystemFile.replace(url, with: [1])
    assertCannotWrite(url.appendingPathComponent("file"), "Not a directory")
  }

  func testPermissionsAreRespected() throws {
    try XCTSkipIf(getuid() == 0, "root may do everything")
    try SystemFile.replace(url, with: [1])
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: url.path)
    assertCannotWrite(url, "Permission denied")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    assertCannotWrite(folder.appendingPathComponent("new"), "Permission denied")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    XCTAssertEqual(try SystemFile.read(url), [1])
    XCTAssertEqual(try names(), ["file"])
  }

  func testAFullDiskLeavesTheOldFileAndNoOther() throws {
    try SystemFile.replace(url, with: [1, 2, 3])
    let child = try ChildProcess.start("SystemFileChildTests/testWriteBeyondTheLimit", variable, url.path)
    child.waitUntilExit()
    XCTAssertEqual(child.terminationStatus, 0)
    XCTAssertEqual(try SystemFile.read(url), [1, 2, 3])
    XCTAssertEqual(try names(), ["file"])
  }

  // MARK: - What cannot be read

  func testReadErrorsNameTheReason() throws {
    assertCannotRead(url, "No such file")
    assertCannotRead(folder, "not a regular file")
    assertCannotRead(URL(fileURLWithPath: "/dev/zero"), "not a regular file")
    XCTAssertEqual(mkfifo(url.path, 0o600), 0)
    assertCannotRead(url, "not a regular file")
  }

  func testAURLThatIsNotAFileIsRefused() throws {
    let url = try XCTUnwrap(URL(string: "https://example.org/model"))
    assertCannotRead(url, "not the path of a file")
    assertCannotWrite(url, "not the path of a file")
  }

  func testMissingMemoryIsDetectedBeforeAllocation() {
    XCTAssertTrue(SystemFile.hasMemory(1 << 20))
    XCTAssertTrue(SystemFile.hasMemory(0))
    XCTAssertFalse(SystemFile.hasMemory(1 << 60))
  }

  // MARK: - Killed

  func testLeftoversAreDeletedUnlessTheyAreOpen() throws {
    let folder = url.deletingLastPathComponent()
    let names = [".micrograd-dead.tmp", ".micrograd-used.tmp", ".micrograd-x.txt", "micrograd-y.tmp"]
    for name in names { try Data([1]).write(to: folder.appendingPathComponent(name)) }
    defer { for name in names { try? FileManager.default.removeItem(at: folder.appendingPathComponent(name)) } }
    let used = open(folder.appendingPathComponent(names[1]).path, O_RDONLY)
    XCTAssertEqual(flock(used, LOCK_EX), 0)
    SystemFile.removeLeftovers(beside: url)
    let left = names.filter { FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
    XCTAssertEqual(left, Array(names.dropFirst()))
    close(used)
  }

  func testLeftoversOfAKilledRunAreDeletedByTheNext() throws {
    let folder = url.deletingLastPathComponent().appendingPathComponent("\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data([1]).write(to: folder.appendingPathComponent(".micrograd-1234.tmp"))
    var random = PythonRandom(seed: 1)
    let model = Sequential(Linear(1, 1, using: &random))
    var options = TrainingOptions()
    options.epochs = 1
    options.checkpoint = folder.appendingPathComponent("run")
    var trainer = Trainer(model, SGD(model, learningRate: 0.1), .meanSquared, options)
    _ = try trainer.fit(Dataset(inputs: [[1]], numbers: [1]))
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path), ["run"])
  }

  func testKilledAtAnyMomentTheFileIsOneThatWasWritten() throws {
    let seed = UInt32.random(in: 0 ... .max)
    var random = MersenneTwister(seed: seed)
    var last = 0.0
    for round in 0..<12 {
      let child = try ChildProcess.start("SystemFileChildTests/testWriteUntilKilled", variable, url.path)
      let start = Date()
      while try number(in: url) == last && Date().timeIntervalSince(start) < 60 { usleep(1000) }
      usleep(.random(in: 0...20_000, using: &random))
      kill(child.processIdentifier, SIGKILL)
      child.waitUntilExit()
      let found = try number(in: url)
      XCTAssertGreaterThan(found, last, "round \(round), seed \(seed)")
      last = found
    }
  }

  /// What all numbers of the file are; 0 without a file.
  private func number(in url: URL) throws -> Double {
    guard FileManager.default.fileExists(atPath: url.path) else { return 0 }
    let data = try XCTUnwrap(SafeTensors(contentsOf: url)["x"]).data
    XCTAssertEqual(data, [Double](repeating: data[0], count: SystemFileChildTests.count))
    return data[0]
  }
}

private let variable = "MICROGRAD_FILE_TO_WRITE"

/// Runs in child processes only.
final class SystemFileChildTests: XCTestCase {
  static let count = 20_000

  private func url() throws -> URL {
    guard let path = ProcessInfo.processInfo.environment[variable] else {
      throw XCTSkip("runs in child processes of SystemFileTests")
    }
    return URL(fileURLWithPath: path)
  }

  func testWriteUntilKilled() throws {
    let url = try url()
    let exists = FileManager.default.fileExists(atPath: url.path)
    var number = exists ? try XCTUnwrap(SafeTensors(contentsOf: url)["x"]).data[0] : 0
    let parent = getppid()
    while getppid() == parent {
      number += 1
      let numbers = [Double](repeating: number, count: Self.count)
      try SafeTensors([.init("x", shape: [Self.count], numbers)]).write(to: url)
    }
  }

  func testWriteBeyondTheLimit() throws {
    let url = try url()
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
    #if canImport(Glibc)
      XCTAssertEqual(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit), 0)
    #else
      XCTAssertEqual(setrlimit(RLIMIT_FSIZE, &limit), 0)
    #endif
    let problem = problem { try SystemFile.replace(url, with: [UInt8](repeating: 0, count: 10_000)) }
    XCTAssertEqual(problem, .cannotWrite(reason: "after 4096 bytes: File too large"))
  }
}
