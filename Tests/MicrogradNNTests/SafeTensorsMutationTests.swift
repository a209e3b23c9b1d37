import Foundation
import MicrogradNN
import XCTest

/// Every bit of small files is flipped, and they are cut at every length: there is an error, or the right data.
final class SafeTensorsMutationTests: XCTestCase {
  private let fixtures = ["sequential_f16", "special_bf16", "mixed", "plain"]

  // MARK: - Files of the Python package, which have no checksum

  func testAFlippedBitOfAForeignFileGivesAnErrorOrWhatItNowSays() throws {
    for name in fixtures {
      try forEachFlip(of: SafeTensorsFixture.bytes(name)) { try assertErrorOrTrue($0, "\(name), \($1)") }
    }
  }

  func testAForeignFileIsReadAtItsFullLengthOnly() throws {
    for name in fixtures { try assertNeedsItsLength(SafeTensorsFixture.bytes(name), name) }
  }

  func testRandomDamageOfAForeignFileGivesAnErrorOrWhatItNowSays() throws {
    let seed = UInt32.random(in: 0 ... .max)
    var random = MersenneTwister(seed: seed)
    let files = try fixtures.map(SafeTensorsFixture.bytes)
    for round in 0..<4000 {
      let bytes = damaged(files.randomElement(using: &random)!, using: &random)
      try assertErrorOrTrue(bytes, "seed \(seed), round \(round)")
    }
  }

  // MARK: - Files of this library

  func testAFlippedBitOfOurOwnFileGivesAnErrorOrTheSameData() throws {
    for precision in SafeTensors.Precision.allCases {
      let file = try small(as: precision)
      var acceptedCount = 0
      try forEachFlip(of: file.encoded(as: precision)) { bytes, place in
        guard let found = try unlessCheckpointError({ try SafeTensors(bytes: bytes) }) else { return }
        XCTAssertEqual(found, file, place)
        acceptedCount += 1
      }
      // None but a space that becomes another, or a letter of an escape that becomes its capital.
      XCTAssertLessThan(acceptedCount, 8)
    }
  }

  func testOurOwnFileIsReadAtItsFullLengthOnly() throws {
    for precision in SafeTensors.Precision.allCases {
      try assertNeedsItsLength(small(as: precision).encoded(as: precision), "\(precision)")
    }
  }

  func testRandomDamageOfOurOwnFileGivesAnErrorOrTheSameData() throws {
    let seed = UInt32.random(in: 0 ... .max)
    var random = MersenneTwister(seed: seed)
    let file = try small(as: .float64)
    let bytes = try file.encoded()
    for round in 0..<4000 {
      let bytes = damaged(bytes, using: &random)
      guard let found = try unlessCheckpointError({ try SafeTensors(bytes: bytes) }), found != file else { continue }
      // What has lost both the keys that say it was written here is a foreign file.
      let header = String(decoding: bytes, as: UTF8.self)
      let isOurs = header.contains("\"micrograd.format\"") || header.contains("\"micrograd.checksum\"")
      XCTAssertFalse(isOurs, "seed \(seed), round \(round)")
      try assertErrorOrTrue(bytes, "seed \(seed), round \(round)")
    }
  }

  // MARK: - Flips and cuts

  private func small(as precision: SafeTensors.Precision) throws -> SafeTensors {
    let tensors: [SafeTensors.Tensor] = [
      .init("weight", shape: [2, 2], [0.1, -2, 3e30, 0]), .init("b\u{1}", shape: [], [-0.5]),
      .init("no", shape: [0], []),
    ]
    // As float32 has them.
    return try SafeTensors(bytes: SafeTensors(tensors, metadata: ["from": "a \"test\"\n"]).encoded(as: precision))
  }

  private func forEachFlip(of bytes: [UInt8], _ body: ([UInt8], String) throws -> Void) rethrows {
    var bytes = bytes
    for k in bytes.indices {
      for bit in 0..<8 {
        bytes[k] ^= 1 << bit
        try body(bytes, "bit \(bit) of byte \(k)")
        bytes[k] ^= 1 << bit
      }
    }
  }

  private func assertNeedsItsLength(_ bytes: [UInt8], _ name: String) throws {
    for count in 0..<bytes.count {
      XCTAssertNil(
        try unlessCheckpointError { try SafeTensors(bytes: Array(bytes[..<count])) }, "\(name) cut at \(count)")
    }
    for count in 1...16 {
      let longer = bytes + [UInt8](repeating: 0, count: count)
      XCTAssertNil(try unlessCheckpointError { try SafeTensors(bytes: longer) }, "\(name) with \(count) bytes more")
    }
  }

  // MARK: - What right data are

  private func unlessCheckpointError<Result>(_ body: () throws -> Result) throws -> Result? {
    do { return try body() } catch is CheckpointError { return nil }
  }

  private func assertErrorOrTrue(_ bytes: [UInt8], _ place: String) throws {
    guard let found = try unlessCheckpointError({ try SafeTensors(bytes: bytes) }) else { return }
    let expected = try plainReading(of: bytes)
    XCTAssertEqual(found.tensors.count + found.unread.count, expected.count, place)
    for tensor in found.tensors {
      XCTAssertEqual(tensor.shape, expected[tensor.name]?.shape, place)
      XCTAssertEqual(tensor.data.map(\.bitPattern), expected[tensor.name]?.data.map(\.bitPattern), place)
    }
  }

  /// Another reading of a file, with no checks at all: only of a file that was accepted.
  private func plainReading(of bytes: [UInt8]) throws -> [String: (shape: [Int], data: [Double])] {
    let start = 8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<start])) as? [String: Any] ?? [:]
    var tensors: [String: (shape: [Int], data: [Double])] = [:]
    for (name, entry) in header where name != "__metadata__" {
      let entry = try XCTUnwrap(entry as? [String: Any])
      let offsets = try XCTUnwrap(entry["data_offsets"] as? [Int])
      let type = try XCTUnwrap(entry["dtype"] as? String)
      let words = Array(bytes[start + offsets[0]..<start + offsets[1]])
      tensors[name] = (try XCTUnwrap(entry["shape"] as? [Int]), numbers(words, type))
    }
    return tensors
  }

  private func numbers(_ bytes: [UInt8], _ type: String) -> [Double] {
    func words(_ size: Int) -> [UInt64] {
      stride(from: 0, to: bytes.count, by: size).map { k in
        bytes[k..<k + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
    }
    switch type {
    case "F64": return words(8).map { Double(bitPattern: $0) }
    case "F32": return words(4).map { Double(Float(bitPattern: UInt32($0))) }
    case "BF16": return words(2).map { Double(Float(bitPattern: UInt32($0) << 16)) }
    case "F16":
      return words(2).map { word in
        let sign: Double = word >> 15 == 0 ? 1 : -1
        let exponent = Int(word >> 10 & 31)
        let fraction = Double(word & 1023)
        if exponent == 31 {
          return fraction == 0
            ? sign * .infinity : Double(bitPattern: (word >> 15) << 63 | 0x7FF << 52 | (word & 1023) << 42)
        }
        return exponent == 0
          ? sign * fraction * 0x1p-24
          : sign * (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    default: return []
    }
  }
}
